"""What one member said becomes another's: a merge of two rows, or a name that goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import String, case, cast, delete, func, literal, select, update

from incubator.domain.chat import others
from incubator.domain.chat.events import MessagesHandedOver, RoomMoved
from incubator.domain.chat.handing_marks import hand_over_marks
from incubator.domain.chat.log import next_entry, write
from incubator.domain.chat.models import Entry, Link, Message, Pair, Room, Seat
from incubator.kernel.db import db
from incubator.kernel.events import record

if TYPE_CHECKING:
    from datetime import datetime


def hand_over(*, from_id: int, to_id: int, by_id: int | None, now: datetime) -> int:
    """Let another member be the author of all that one said; how many messages.

    The log of each room tells it, so that open pages follow, and whoever reads it anew reads the
    new name; an event says that it was changed. A message gets a new ``cid``: no browser waits
    for it any more.
    """
    # A machine still waits for its own.
    moved = case(
        (Message.bot_id.is_(None), literal("moved-").concat(cast(Message.id, String))),
        else_=Message.cid,
    )
    said = Message.author_id == from_id
    number = db.session.scalar(select(func.count()).select_from(Message).where(said)) or 0
    rooms = db.session.scalars(select(Message.room_id).where(said).distinct()).all()
    changes = (
        update(Message).where(said).values(author_id=to_id, cid=moved),
        # No browser of theirs asks for an act again, either.
        update(Entry).where(Entry.actor_id == from_id).values(actor_id=to_id, cid=None),
        update(Entry).where(Entry.member_id == from_id).values(member_id=to_id),
        update(Link).where(Link.made_by_id == from_id).values(made_by_id=to_id),
        update(Room).where(Room.created_by_id == from_id).values(created_by_id=to_id, once=None),
    )
    for change in changes:
        db.session.execute(change.execution_options(synchronize_session=False))
    others.hand_over(from_id=from_id, to_id=to_id)
    _hand_over_pairs(from_id, to_id)
    hand_over_marks(from_id, to_id)
    # By their numbers, so that two who hold several rooms never wait for each other.
    for room_id in sorted(rooms):
        _tell_names(room_id, by_id=to_id, now=now)
    record(MessagesHandedOver(actor_id=by_id, from_id=from_id, to_id=to_id, how_many=number))
    return number


@dataclass(frozen=True)
class _By:
    """Whose entry it is."""

    id: int


def _tell_names(room_id: int, *, by_id: int, now: datetime) -> None:
    """One entry: somebody's words stand under another name now. It tells no more, nor whose."""
    seq = next_entry(room_id)
    write(room_id, seq, _By(by_id), kind="names", at=now)
    record(RoomMoved(actor_id=None, room_id=room_id, seq=seq))


def _hand_over_pairs(from_id: int, to_id: int) -> None:
    """Direct conversations become another's; of two with the same person one stays current."""
    theirs = (Pair.low_id == from_id) | (Pair.high_id == from_id)
    for pair in db.session.scalars(select(Pair).where(theirs).order_by(Pair.room_id)).all():
        other = pair.high_id if pair.low_id == from_id else pair.low_id
        low, high = sorted((to_id, other if other != from_id else to_id))
        taken = select(Pair.room_id).where(
            Pair.low_id == low, Pair.high_id == high, Pair.current, Pair.room_id != pair.room_id
        )
        pair.current = pair.current and db.session.scalar(taken) is None
        pair.low_id, pair.high_id = low, high
        db.session.flush()


def merge_seats(*, from_id: int, to_id: int) -> None:
    """Give one member's seats to another; where both sit, the further marker counts."""
    rows = db.session.scalars(
        select(Seat).where(Seat.member_id.in_((from_id, to_id))).with_for_update()
    ).all()
    own = {seat.room_id: seat for seat in rows if seat.member_id == to_id}
    for seat in rows:
        if seat.member_id != from_id:
            continue
        mine = own.get(seat.room_id)
        if mine is None:
            db.session.add(
                Seat(
                    room_id=seat.room_id,
                    member_id=to_id,
                    read_no=seat.read_no,
                    involvement=seat.involvement,
                    joined_at=seat.joined_at,
                    left_at=seat.left_at,
                    moderator=seat.moderator,
                    from_seq=seat.from_seq,
                    to_seq=seat.to_seq,
                    muted_until=seat.muted_until,
                    removed=seat.removed,
                    left_name=seat.left_name,
                )
            )
            continue
        _join_seats(mine, seat)
    db.session.flush()
    db.session.execute(delete(Seat).where(Seat.member_id == from_id))


def _join_seats(mine: Seat, gone: Seat) -> None:
    """What one of two seats in a room lets read, and the further marker; never more than either.

    Of a seat that is kept and one that was left, the kept one counts.
    """
    mine.read_no = max(mine.read_no, gone.read_no)
    until = [each for each in (mine.muted_until, gone.muted_until) if each]
    mine.muted_until = max(until, default=None)
    if mine.left_at is not None and gone.left_at is None:
        for name in ("left_at", "from_seq", "to_seq", "moderator", "removed", "left_name"):
            setattr(mine, name, getattr(gone, name))
    elif mine.left_at is None and gone.left_at is None:
        mine.from_seq = min(mine.from_seq, gone.from_seq)
        mine.moderator = mine.moderator or gone.moderator
