"""The cases that wait for a manager, and those that were decided: in pages by key."""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from incubator.domain.help.care_models import Case, Measure, Report
from incubator.domain.help.models import Answer
from incubator.domain.help.post_models import Comment
from incubator.kernel.db import db
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.kernel.text import excerpt, plain_text
from incubator.network.members.models import Member
from incubator.network.members.reader import MANAGED_SITES, READER_ID, READS_ALL, Counter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor

PAGE_SIZE: Final = 20
MOST_COUNTED: Final = 20
EXCERPT: Final = 240
YEAR: Final = timedelta(days=365)
# Of each post, on its line: its own page has them all.
REPORTS_SHOWN: Final = 3


@dataclass
class Line:
    """A case of the queue: the words of its post, its reports, what was done in a year before."""

    case: Case
    excerpt: str = ""
    reports: list[Report] = field(default_factory=list)
    standing: list[Measure] = field(default_factory=list)
    before: Tally[str] = field(default_factory=Tally)

    @property
    def reasons(self) -> dict[str, int]:
        """How many said what."""
        return Tally(each.reason for each in self.reports)


def waiting(actor: Actor, cursor: Cursor, *, now: datetime) -> Page[Line]:
    """The posts whose reports wait for this manager, the longest waiting first."""
    query = _mine(actor).where(Case.waiting_since.is_not(None))
    return _lines(keyset_page(query, (Case.waiting_since, Case.id), cursor), now)


def decided(actor: Actor, cursor: Cursor, *, now: datetime) -> Page[Line]:
    """The posts about which something was done, the latest first."""
    query = _mine(actor).where(Case.acted_at.is_not(None))
    page = keyset_page(query, (Case.acted_at, Case.id), cursor, newest_first=True)
    return _lines(page, now)


def _mine(actor: Actor) -> Any:
    query = (
        select(Case)
        .where(Case.author_id != actor.id)
        .options(
            joinedload(Case.question),
            joinedload(Case.author).joinedload(Member.home_site),
        )
    )
    if actor.is_administrator:
        return query
    return query.where(Case.site_id.in_(sorted(actor.managed_site_ids)))


_number = (
    select(Case.id)
    .where(
        Case.waiting_since.is_not(None),
        Case.author_id != READER_ID,
        or_(READS_ALL, Case.site_id.in_(MANAGED_SITES)),
    )
    .limit(MOST_COUNTED)
    .subquery()
)
# How many posts wait for the reader's decision.
WAITING = Counter(select(func.count()).select_from(_number).scalar_subquery(), MOST_COUNTED)


def _lines(page: Page[Case], now: datetime) -> Page[Line]:
    lines = {case.id: Line(case) for case in page.rows}
    texts = texts_of(page.rows)
    for report in _reports(lines):
        lines[report.case_id].reports.append(report)
    for measure in _standing(lines):
        lines[measure.case_id].standing.append(measure)
    before = before_of([case.author_id for case in page.rows], since=now - YEAR)
    for line in lines.values():
        line.excerpt = excerpt(plain_text(texts.get(line.case.post, "")), EXCERPT)
        line.before = before.get(line.case.author_id, Tally())
    return Page(list(lines.values()), page.next, page.previous)


def texts_of(cases: Sequence[Case]) -> dict[str, str]:
    """The HTML of what some cases are about, hidden or removed too, by the name of the post."""
    found = {case.post: case.question.body_html for case in cases if case.kind == "question"}
    for kind, post in (("answer", Answer), ("comment", Comment)):
        ids = [int(case.post.rpartition("-")[2]) for case in cases if case.kind == kind]
        query = select(post.id, post.body_html).where(post.id.in_(ids))
        rows = db.session.execute(query) if ids else ()
        found |= {f"{kind}-{row.id}": row.body_html for row in rows}
    return found


def _reports(case_ids: Iterable[int]) -> Sequence[Report]:
    ids = list(case_ids)
    query = select(Report).where(Report.case_id.in_(ids)).options(joinedload(Report.reporter))
    return db.session.scalars(query.order_by(Report.id)).all() if ids else []


def _standing(case_ids: Iterable[int]) -> Sequence[Measure]:
    ids = list(case_ids)
    query = (
        select(Measure)
        .where(Measure.case_id.in_(ids), Measure.undone_at.is_(None))
        .options(joinedload(Measure.by))
    )
    return db.session.scalars(query.order_by(Measure.id)).all() if ids else []


def before_of(author_ids: Iterable[int], *, since: datetime) -> dict[int, Tally[str]]:
    """How often posts of some members were reported, hidden or written about, and it stood."""
    ids = sorted(set(author_ids))
    found: dict[int, Tally[str]] = {member_id: Tally() for member_id in ids}
    if not ids:
        return found
    own = Case.author_id.in_(ids)
    reported = (
        select(Case.author_id, func.count())
        .join(Report, Report.case_id == Case.id)
        .where(own, Report.reported_at > since)
        .group_by(Case.author_id)
    )
    for author_id, number in db.session.execute(reported):
        found[author_id]["reported"] = number
    taken = (
        select(Case.author_id, Measure.kind, func.count())
        .join(Measure, Measure.case_id == Case.id)
        .where(own, Measure.undone_at.is_(None), Measure.taken_at > since)
        .where(Measure.kind.in_(("hide", "warn")))
        .group_by(Case.author_id, Measure.kind)
    )
    for author_id, kind, number in db.session.execute(taken):
        found[author_id][kind] = number
    return found
