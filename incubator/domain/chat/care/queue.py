"""The cases of rooms that wait for a decision, and those that were decided: in pages by key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from incubator.domain.chat.care.models import ChatCase, ChatMeasure, ChatReport
from incubator.domain.chat.care.records import standing_of
from incubator.kernel.db import db
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.kernel.text import excerpt, plain_text
from incubator.network.members.reader import MANAGED_SITES, READER_ID, READS_ALL, Counter

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor

PAGE_SIZE: Final = 20
MOST_COUNTED: Final = 20
EXCERPT: Final = 240


@dataclass
class Line:
    """A case of the queue: how its message begins, who reported what, what stands."""

    case: ChatCase
    excerpt: str
    standing: ChatMeasure | None
    reports: list[ChatReport] = field(default_factory=list)


def waiting(actor: Actor, cursor: Cursor) -> Page[Line]:
    """The messages whose reports wait for this manager, the longest waiting first."""
    query = _theirs(actor).where(ChatCase.waiting_since.is_not(None))
    return _lines(keyset_page(query, (ChatCase.waiting_since, ChatCase.id), cursor))


def decided(actor: Actor, cursor: Cursor) -> Page[Line]:
    """The messages about which something was done, the latest first."""
    query = _theirs(actor).where(ChatCase.acted_at.is_not(None))
    keys = (ChatCase.acted_at, ChatCase.id)
    return _lines(keyset_page(query, keys, cursor, newest_first=True))


def _theirs(actor: Actor) -> Any:
    query = (
        select(ChatCase)
        .where(ChatCase.author_id != actor.id)
        .options(joinedload(ChatCase.room), joinedload(ChatCase.author))
    )
    if actor.is_administrator:
        return query
    mine = ChatCase.site_id.in_(sorted(actor.managed_site_ids))
    return query.where(or_(mine, ChatCase.site_id.is_(None)))


def _lines(page: Page[ChatCase]) -> Page[Line]:
    ids = [case.id for case in page.rows]
    standing = standing_of(ids)
    lines = {
        case.id: Line(case, excerpt(plain_text(case.text_html), EXCERPT), standing.get(case.id))
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
        or_(READS_ALL, ChatCase.site_id.in_(MANAGED_SITES), ChatCase.site_id.is_(None)),
    )
    .limit(MOST_COUNTED)
    .subquery()
)
# How many messages wait for the reader's decision.
WAITING = Counter(select(func.count()).select_from(_number).scalar_subquery(), MOST_COUNTED)
