"""What a member reads of a period: its entries, its facts, one line with all that happened to it.

Any period costs the same few statements, however long the history is.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Date, bindparam, case, func, or_, select
from sqlalchemy.orm import joinedload

from incubator.domain.commitments import journal_rules, policy
from incubator.domain.commitments.ledger_models import FirmStanding, Line
from incubator.domain.commitments.models import Contribution, Kind, Period
from incubator.domain.commitments.presence_models import Presence, PresenceRevision
from incubator.domain.commitments.promise_models import Obligation, Relief
from incubator.domain.commitments.slot_models import Signup, Slot
from incubator.kernel.db import UTCDateTime, db
from incubator.kernel.errors import NotFound
from incubator.network.members.firm_models import Firm
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from incubator.domain.commitments.journal_rules import Entry
    from incubator.domain.commitments.rules import Span
    from incubator.network.members.actor import Actor

MOST_LINES = 2_000
MOST_SESSIONS = 300
MOST_WAITING = 50
WAITING = ("open", "presumed", "disputed")
_LINES = (
    select(Line)
    .where(
        Line.member_id == bindparam("member_id"),
        Line.period_id == bindparam("period_id"),
        Line.recorded_at <= bindparam("until", type_=UTCDateTime),
    )
    .order_by(Line.id)
    .limit(MOST_LINES)
)
_SESSIONS = (
    select(Presence)
    .where(
        Presence.member_id == bindparam("member_id"),
        Presence.day >= bindparam("starts_on", type_=Date),
        Presence.day < bindparam("ends_on", type_=Date),
        Presence.state != "void",
    )
    .options(joinedload(Presence.site))
    .order_by(Presence.started_at)
    .limit(MOST_SESSIONS)
)
_PLANNED = (
    select(Signup)
    .join(Slot, Slot.id == Signup.slot_id)
    .where(
        Signup.member_id == bindparam("member_id"),
        Signup.state == "booked",
        Slot.state == "planned",
        Slot.local_date < bindparam("ends_on", type_=Date),
        Slot.local_date >= bindparam("starts_on", type_=Date),
        Slot.ends_at > bindparam("now", type_=UTCDateTime),
    )
    .options(joinedload(Signup.slot, innerjoin=True).joinedload(Slot.site, innerjoin=True))
    .order_by(Slot.starts_at)
    .limit(MOST_WAITING)
)
_NEIGHBOURS = select(Period).where(
    or_(
        Period.ends_on == bindparam("starts_on", type_=Date),
        Period.starts_on == bindparam("ends_on", type_=Date),
    )
)


@dataclass(frozen=True)
class Journal:
    """A member's period: entries of the ledger, its sessions, duties still to come."""

    entries: list[Entry]
    sessions: Sequence[Presence]
    planned: Sequence[Signup]

    @property
    def unsettled(self) -> list[Presence]:
        """Sessions under way, and those that wait for somebody's word: they count nothing yet."""
        return [one for one in self.sessions if one.state in WAITING]

    @property
    def planned_minutes(self) -> int:
        """Minutes of the duties still to come."""
        return sum(
            int((one.slot.ends_at - one.slot.starts_at).total_seconds()) // 60
            for one in self.planned
        )


def entries_of(member_id: int, period_id: int | None, *, until: datetime) -> list[Entry]:
    """What the ledger held of a member's period at an instant, oldest first."""
    values = {"member_id": member_id, "period_id": period_id, "until": until}
    return journal_rules.entries(db.session.scalars(_LINES, values))


def journal(member_id: int, period: Period | None, span: Span, *, now: datetime) -> Journal:
    """What a member reads of a period; without a row of its own it has facts alone."""
    days = {"member_id": member_id, "starts_on": span.starts_on, "ends_on": span.ends_on}
    return Journal(
        entries_of(member_id, period.id if period else None, until=now),
        db.session.scalars(_SESSIONS, days).all(),
        db.session.scalars(_PLANNED, {**days, "now": now}).all(),
    )


def facts_named(ids: Iterable[int | None]) -> dict[int, Contribution]:
    """Contributions with their kind and people, by id."""
    rows = db.session.scalars(
        select(Contribution)
        .where(Contribution.id.in_([one for one in ids if one is not None]))
        .options(
            joinedload(Contribution.kind),
            joinedload(Contribution.receiver),
            joinedload(Contribution.decided_by),
        )
    )
    return {row.id: row for row in rows}


def neighbours(span: Span) -> tuple[Period | None, Period | None]:
    """The periods before and after these days, as far as they are made."""
    days = {"starts_on": span.starts_on, "ends_on": span.ends_on}
    rows = db.session.scalars(_NEIGHBOURS, days).all()
    before = next((row for row in rows if row.ends_on == span.starts_on), None)
    return before, next((row for row in rows if row.starts_on == span.ends_on), None)


@dataclass(frozen=True)
class Spent:
    """Minutes that count of a year: ``kind`` None is presence, with the site it was at."""

    kind: Kind | None
    site_id: int | None
    minutes: int


def spent_in(member_id: int, year: int) -> list[Spent]:
    """Where a member's counted time of a year went, by kind and site, most first."""
    minutes = func.sum(Line.minutes)
    first, end = date(year, 1, 1), date(year + 1, 1, 1)
    periods = select(Period.id).where(Period.starts_on < end, Period.ends_on > first)
    rows = db.session.execute(
        select(Kind, Line.site_id, minutes)
        .select_from(Line)
        .outerjoin(
            Contribution,
            (Line.source_type == journal_rules.HELP) & (Contribution.id == Line.source_id),
        )
        .outerjoin(Kind, Kind.code == Contribution.kind_code)
        .where(
            Line.member_id == member_id,
            Line.period_id.in_(periods),
            Line.day >= first,
            Line.day < end,
            Line.source_type.in_((journal_rules.PRESENCE, journal_rules.HELP)),
        )
        .group_by(Kind.code, Line.site_id)
        .order_by(minutes.desc(), Line.site_id)
    )
    return [Spent(kind, site, int(total)) for kind, site, total in rows if total]


@dataclass(frozen=True)
class Opened:
    """A line of the ledger, opened: all lines of its subject, and the facts behind them."""

    line: Line
    period: Period
    origin: Period | None
    story: Sequence[Line]
    contribution: Contribution | None
    sessions: Sequence[Presence]
    revisions: dict[int, list[PresenceRevision]]
    people: dict[int, str]
    home_site_id: int | None


def opened(actor: Actor, line_id: int) -> Opened:
    """A line for the member whose hours it tells, or a manager of their home site.

    Raise NotFound when it is none of this person's business.
    """
    row = db.session.execute(
        select(Line, Member.home_site_id)
        .join(Member, Member.id == Line.member_id)
        .where(Line.id == line_id)
    ).first()
    if row is None or not (row[0].member_id == actor.id or policy.may_run_site(actor, row[1])):
        raise NotFound("commitments.line")
    line: Line = row[0]
    story = _story(line)
    sessions = _sessions_behind(line)
    revisions = _revisions(sessions)
    return Opened(
        line=line,
        period=db.session.get_one(Period, line.period_id),
        origin=db.session.get(Period, line.origin_period_id) if line.origin_period_id else None,
        story=story,
        contribution=_contribution_behind(line),
        sessions=sessions,
        revisions=revisions,
        people=_names(story, sessions, revisions),
        home_site_id=row[1],
    )


def _story(line: Line) -> Sequence[Line]:
    """Every line of the same subject in its period, with what took them back."""
    rows = db.session.scalars(
        select(Line)
        .where(Line.member_id == line.member_id, Line.period_id == line.period_id)
        .order_by(Line.id)
    ).all()
    subject = journal_rules.subject_of(line)
    originals = {row.id for row in rows if journal_rules.subject_of(row) == subject}
    return [row for row in rows if row.id in originals or row.reverses_id in originals]


def _sessions_behind(line: Line) -> Sequence[Presence]:
    """The sessions that a line of presence, or a correction of one, tells of."""
    query = select(Presence).where(Presence.member_id == line.member_id)
    if line.source_type == journal_rules.PRESENCE and line.day is not None:
        # A session over midnight counts on both days.
        days = (line.day, date.fromordinal(line.day.toordinal() - 1))
        query = query.where(Presence.site_id == line.site_id, Presence.day.in_(days))
    elif line.source_type == "session":
        query = query.where(Presence.id == line.source_id)
    else:
        return []
    return db.session.scalars(
        query.options(joinedload(Presence.site)).order_by(Presence.started_at)
    ).all()


def _revisions(sessions: Sequence[Presence]) -> dict[int, list[PresenceRevision]]:
    found: dict[int, list[PresenceRevision]] = defaultdict(list)
    ids = [one.id for one in sessions]
    if ids:
        for row in db.session.scalars(
            select(PresenceRevision)
            .where(PresenceRevision.session_id.in_(ids))
            .order_by(PresenceRevision.session_id, PresenceRevision.rev)
        ):
            found[row.session_id].append(row)
    return dict(found)


def _contribution_behind(line: Line) -> Contribution | None:
    if line.source_type != journal_rules.HELP or line.source_id is None:
        return None
    return facts_named([line.source_id]).get(line.source_id)


def _names(
    story: Iterable[Line],
    sessions: Iterable[Presence],
    revisions: dict[int, list[PresenceRevision]],
) -> dict[int, str]:
    ids = {line.actor_id for line in story} | {one.confirmed_by_id for one in sessions}
    ids |= {row.actor_id for some in revisions.values() for row in some}
    rows = db.session.execute(select(Member.id, Member.name).where(Member.id.in_(ids - {None})))
    return {row.id: row.name for row in rows}


def obligations_of(member_id: int, period_id: int) -> Sequence[Obligation]:
    """Every reckoning of what a member owed for a period, the latest first."""
    return db.session.scalars(
        select(Obligation)
        .where(Obligation.member_id == member_id, Obligation.period_id == period_id)
        .order_by(Obligation.rev.desc())
        .limit(MOST_WAITING)
    ).all()


def reliefs_named(ids: Iterable[int]) -> dict[int, Relief]:
    """Reliefs that a reckoning names, by id."""
    rows = db.session.scalars(select(Relief).where(Relief.id.in_(list(ids))))
    return {row.id: row for row in rows}


def home_share(member_id: int, period_id: int, site_id: int | None) -> int | None:
    """How much of a member's presence in a period was at a site, in percent; None without any."""
    here = func.sum(case((Line.site_id == site_id, Line.minutes), else_=0))
    minutes, everywhere = db.session.execute(
        select(here, func.sum(Line.minutes)).where(
            Line.member_id == member_id,
            Line.period_id == period_id,
            Line.day.is_not(None),
            Line.site_id.is_not(None),
        )
    ).one()
    return int(minutes * 100 // everywhere) if everywhere and everywhere > 0 else None


def firm_standing(firm_id: int, period_id: int | None) -> tuple[str, FirmStanding | None]:
    """The name of a firm and how it stands in a period."""
    row = db.session.execute(
        select(Firm.name, FirmStanding)
        .outerjoin(
            FirmStanding,
            (FirmStanding.firm_id == Firm.id) & (FirmStanding.period_id == period_id),
        )
        .where(Firm.id == firm_id)
    ).one()
    return row[0], row[1]
