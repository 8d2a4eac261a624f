"""What was said to somebody in a room while they were away: told once they have not read it.

Away is who has not read it after two minutes, wherever their screens are: an open tab at an empty
desk eats nothing, and who reads at once is not told twice.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, or_, select

from incubator.domain.chat.events import MembersCalled, MessageSent
from incubator.domain.chat.message_models import Mention
from incubator.domain.chat.models import Message, Room, Seat
from incubator.kernel.db import db, transaction, utcnow
from incubator.kernel.events import joins
from incubator.kernel.jobs import job, later
from incubator.reactions.mail.told import write_lines
from incubator.reactions.notifications.telling import About

if TYPE_CHECKING:
    from collections.abc import Mapping

AWAY: Final = "chat.away"
# What is said within one window makes one job, which looks so long after its end.
WINDOW: Final = timedelta(minutes=2)
TALKS: Final = ("direct", "group")
KINDS: Final = {"called": "chat_mentions", "direct": "chat_direct"}


def subscribe() -> None:
    """Hear what is said to somebody."""
    joins(MessageSent, said)
    joins(MembersCalled, called)


def said(event: MessageSent) -> None:
    """In rooms of a few, or to everybody in a room."""
    if event.private or event.called:
        _look_later(event.room_id, event.no)


def called(event: MembersCalled) -> None:
    """By name."""
    if event.on:
        _look_later(event.room_id, event.no)


def _look_later(room_id: int, no: int) -> None:
    now = utcnow()
    begins = datetime.fromtimestamp(now.timestamp() // 120 * 120, now.tzinfo)
    key = f"{AWAY}:{room_id}:{begins:%Y%m%dT%H%M}"
    later(AWAY, {"room_id": room_id, "no": no}, at=begins + 2 * WINDOW, key=key)


@job(AWAY)
def look(payload: Mapping[str, Any]) -> None:
    """Tell those who have not read what was said to them since message ``no``."""
    room_id, no = int(payload["room_id"]), int(payload["no"])
    with transaction():
        kind = db.session.scalar(select(Room.kind).where(Room.id == room_id))
        named = _unread(room_id, calls=True, no=no)
        _tell(room_id, named, what="called")
        if kind in TALKS:
            others = _unread(room_id, calls=False, no=no)
            heard = {each: by for each, by in others.items() if each not in named}
            _tell(room_id, heard, what="direct")


def _tell(room_id: int, heard: Mapping[int, int | None], *, what: str) -> None:
    by_author: defaultdict[int | None, list[int]] = defaultdict(list)
    for member_id, by in heard.items():
        by_author[by].append(member_id)
    for by, member_ids in by_author.items():
        write_lines(KINDS[what], member_ids, About("room", room_id, what, by=by))


def _unread(room_id: int, *, calls: bool, no: int) -> dict[int, int | None]:
    """Who has not read what is theirs, and who wrote the last of it; None for a machine."""
    fresh = and_(Message.room_id == room_id, Message.no >= no, Message.gone_at.is_(None))
    query = (
        select(Seat.member_id, Message.author_id, Message.bot_id)
        .join(Message, and_(Message.room_id == Seat.room_id, Message.no > Seat.read_no))
        .where(fresh, Seat.room_id == room_id, Seat.left_at.is_(None))
        .where(Message.seq > Seat.from_seq)
        .where(or_(Message.author_id != Seat.member_id, Message.bot_id.is_not(None)))
        .order_by(Message.no)
    )
    if calls:
        mine = or_(Mention.member_id == Seat.member_id, Mention.member_id.is_(None))
        query = query.join(Mention, and_(Mention.message_id == Message.id, mine))
        query = query.where(Seat.involvement.in_(("all", "mentions")))
    else:
        query = query.where(Seat.involvement == "all")
    rows = db.session.execute(query)
    return {member_id: None if bot_id else by for member_id, by, bot_id in rows}
