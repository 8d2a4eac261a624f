"""The cases of rooms that wait for a decision, and those that were decided: in pages by key."""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, func, literal, or_, select
from sqlalchemy.orm import joinedload

from incubator.domain.chat import queries
from incubator.domain.chat.care.models import ChatCase, ChatMeasure, ChatReport
from incubator.domain.chat.care.records import standing_of
from incubator.domain.chat.models import Message, Seat
from incubator.kernel.db import BigId, db
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.kernel.text import excerpt, plain_text
from incubator.network.members.models import Member
from incubator.network.members.reader import (
    MANAGED_SITES,
    READER_ID,
    READS_ALL,
    RUNS_SOME,
    Counter,
)

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from incubator.domain.chat.queries import RoomView
    from incubator.network.members.actor import Actor

PAGE_SIZE: Final = 20
MOST_COUNTED: Final = 20
EXCERPT: Final = 240


@dataclass
class Line:
    """A case of the queue: how its message begins, who reported what, what stands.

    ``room`` is None where who decides does not read it.
    """

    case: ChatCase
    excerpt: str
    standing: ChatMeasure | None
    room: RoomView | None = None
    reports: list[ChatReport] = field(default_factory=list)

    @property
    def reasons(self) -> dict[str, int]:
        """How many said what."""
        return Tally(each.reason for each in self.reports)


def waiting(actor: Actor, cursor: Cursor) -> Page[Line]:
    """The messages whose reports wait for this person, the longest waiting first."""
    query = _theirs(actor).where(ChatCase.waiting_since.is_not(None))
    return _lines(actor, keyset_page(query, (ChatCase.waiting_since, ChatCase.id), cursor))


def decided(actor: Actor, cursor: Cursor) -> Page[Line]:
    """The messages about which something was done, the latest first."""
    query = _theirs(actor).where(ChatCase.acted_at.is_not(None))
    keys = (ChatCase.acted_at, ChatCase.id)
    return _lines(actor, keyset_page(query, keys, cursor, newest_first=True))


def reported_since(actor: Actor, since: datetime) -> list[Line]:
    """What waits for this person and somebody else reported since an instant, at most a page."""
    fresh = select(ChatReport.case_id).where(
        ChatReport.reported_at >= since, ChatReport.reporter_id != actor.id
    )
    query = _theirs(actor).where(ChatCase.waiting_since.is_not(None), ChatCase.id.in_(fresh))
    page = keyset_page(query, (ChatCase.waiting_since, ChatCase.id), Cursor(None, None, PAGE_SIZE))
    return list(_lines(actor, page).rows)


def looks_after_some(actor: Actor) -> bool:
    """Whether there is anything that they would decide about: sites to run, rooms to look after."""
    mine = select(Seat.room_id).where(
        Seat.member_id == actor.id, Seat.moderator, Seat.left_at.is_(None)
    )
    return actor.is_manager or db.session.scalar(mine.limit(1)) is not None


def _theirs(actor: Actor) -> Any:
    query = (
        select(ChatCase)
        .where(ChatCase.author_id != actor.id)
        .options(
            joinedload(ChatCase.room), joinedload(ChatCase.author).joinedload(Member.home_site)
        )
    )
    if actor.is_administrator:
        return query
    ways = [ChatCase.site_id.in_(sorted(actor.managed_site_ids))]
    if actor.is_manager:
        ways.append(ChatCase.site_id.is_(None))
    return query.where(or_(_by_seat(literal(actor.id, BigId)), *ways))


def _by_seat(member_id: ColumnElement[int]) -> ColumnElement[bool]:
    """The cases of rooms that somebody looks after, whose message they may read."""
    return (
        select(Seat.room_id)
        .join(Message, Message.room_id == Seat.room_id)
        .where(
            Seat.room_id == ChatCase.room_id,
            Seat.member_id == member_id,
            Seat.moderator,
            Seat.left_at.is_(None),
            Message.id == ChatCase.message_id,
            Message.seq > Seat.from_seq,
        )
        .correlate(ChatCase)
        .exists()
    )


def _lines(actor: Actor, page: Page[ChatCase]) -> Page[Line]:
    ids = [case.id for case in page.rows]
    standing = standing_of(ids)
    rooms = queries.visible_among(actor, {case.room.slug for case in page.rows})
    lines = {
        case.id: Line(
            case,
            excerpt(plain_text(case.text_html), EXCERPT),
            standing.get(case.id),
            rooms.get(case.room.slug),
        )
        for case in page.rows
    }
    reports = select(ChatReport).where(ChatReport.case_id.in_(ids)).order_by(ChatReport.id)
    for report in db.session.scalars(reports) if ids else ():
        lines[report.case_id].reports.append(report)
    return Page(list(lines.values()), page.next, page.previous)


_number = (
    select(ChatCase.id)
    .where(
        ChatCase.waiting_since.is_not(None),
        ChatCase.author_id != READER_ID,
        or_(
            READS_ALL,
            ChatCase.site_id.in_(MANAGED_SITES),
            and_(ChatCase.site_id.is_(None), RUNS_SOME),
            _by_seat(READER_ID),
        ),
    )
    .limit(MOST_COUNTED)
    .subquery()
)
# How many messages wait for the reader's decision.
WAITING = Counter(select(func.count()).select_from(_number).scalar_subquery(), MOST_COUNTED)
