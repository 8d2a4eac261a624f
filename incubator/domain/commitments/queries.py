"""What a member sees of their hours, and what waits for their word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Date, and_, bindparam, func, literal_column, or_, select, union_all
from sqlalchemy.orm import joinedload

from incubator.domain.commitments import ledger, policy, rules
from incubator.domain.commitments.ledger_models import Standing
from incubator.domain.commitments.models import Contribution, Kind, Period
from incubator.domain.commitments.periods import rule_on
from incubator.domain.commitments.promise_models import Pledge
from incubator.domain.commitments.rules import Span
from incubator.kernel.db import BigId, db
from incubator.kernel.errors import NotFound
from incubator.kernel.keyset import Cursor, Page, Statement, Way, ready_page
from incubator.network.members.firm_models import Firm, FirmRole
from incubator.network.members.models import Member
from incubator.network.members.reader import MANAGED_SITES, READER_ID, Counter, values_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm.interfaces import ORMOption

    from incubator.domain.commitments.ledger_models import Line
    from incubator.domain.commitments.models import Rule
    from incubator.network.members.actor import Actor

MOST_LINES = 200
MOST_EXPORTED = 10_000
MOST_COUNTED = 100
UNDECIDED = ("declared", "needs_manager")
TO_DECIDE = (*UNDECIDED, "appealed")


@dataclass(frozen=True, kw_only=True)
class Month:
    """A member's period in minutes: owed, given and confirmed, given and not yet confirmed.

    What was ``carried`` in is part of ``given``: credit is given already, debt not given yet.
    ``planned`` are minutes of duties to come.
    """

    span: Span
    owed: int
    given: int
    waiting: int
    pledge: Pledge | None
    joined_on: date
    carried: int = 0
    planned: int = 0

    @property
    def balance(self) -> int:
        """Given less owed."""
        return self.given - self.owed


@dataclass(frozen=True)
class YearMonth:
    """One bar of the year, in minutes."""

    starts_on: date
    owed: int
    given: int


def month(member_id: int, day: date) -> Month:
    """The period of a day for a member: what the ledger says, or what it will say once charged."""
    row = db.session.execute(_MONTH, {"member_id": member_id, "day": day}).one()
    span = Span(row.starts_on, row.ends_on) if row.starts_on else rules.month_of(day)
    joined_on = row.joined_at.date()
    pledges = _pledges([member_id], span)
    return Month(
        span=span,
        owed=row.owed or rules.due(span, [p.promise for p in pledges], joined_on=joined_on),
        given=row.given or 0,
        waiting=waiting_minutes([member_id], span).get(member_id, 0),
        pledge=pledges[-1] if pledges else None,
        joined_on=joined_on,
        carried=row.carried or 0,
        planned=row.planned or 0,
    )


_DAY = bindparam("day", type_=Date)
_given = Standing.done + Standing.help + Standing.corrections + Standing.carry_in
_MONTH = (
    select(
        Member.joined_at,
        Period.starts_on,
        Period.ends_on,
        Standing.owed,
        _given.label("given"),
        Standing.carry_in.label("carried"),
        Standing.planned,
    )
    .select_from(Member)
    .outerjoin(Period, and_(Period.starts_on <= _DAY, Period.ends_on > _DAY))
    .outerjoin(Standing, and_(Standing.period_id == Period.id, Standing.member_id == Member.id))
    .where(Member.id == bindparam("member_id"))
    .limit(1)
)


def _pledges(member_ids: Sequence[int], span: Span) -> Sequence[Pledge]:
    """The promises that have a day in a span, by member and beginning."""
    return db.session.scalars(_PLEDGES, _within(member_ids, span)).all()


def _within(member_ids: Sequence[int], span: Span) -> dict[str, object]:
    return {"ids": member_ids, "starts_on": span.starts_on, "ends_on": span.ends_on}


_IDS = bindparam("ids", type_=BigId, expanding=True)
_STARTS_ON, _ENDS_ON = bindparam("starts_on", type_=Date), bindparam("ends_on", type_=Date)
_PLEDGES = (
    select(Pledge)
    .where(
        Pledge.member_id.in_(_IDS),
        Pledge.valid_from < _ENDS_ON,
        or_(Pledge.valid_to.is_(None), Pledge.valid_to > _STARTS_ON),
        or_(Pledge.valid_to.is_(None), Pledge.valid_to > Pledge.valid_from),
    )
    .order_by(Pledge.member_id, Pledge.valid_from)
)
_WAITING_MINUTES = (
    select(Contribution.giver_id, func.sum(Contribution.minutes))
    .where(
        Contribution.giver_id.in_(_IDS),
        Contribution.state.in_(UNDECIDED),
        Contribution.day >= _STARTS_ON,
        Contribution.day < _ENDS_ON,
    )
    .group_by(Contribution.giver_id)
)


def pledges_of(member_ids: Sequence[int], span: Span) -> dict[int, Pledge]:
    """The last promise that each member has in a span."""
    pledges = _pledges(member_ids, span)
    return {pledge.member_id: pledge for pledge in pledges if pledge.member_id is not None}


def pledge_history(member_id: int) -> Sequence[Pledge]:
    """Every promise of a member, the latest first."""
    return db.session.scalars(
        select(Pledge)
        .where(Pledge.member_id == member_id)
        .order_by(Pledge.valid_from.desc(), Pledge.id.desc())
        .limit(MOST_LINES)
    ).all()


def pledge_of_firm(firm_id: int, day: date) -> Pledge | None:
    """What a firm promises on a day."""
    return db.session.scalar(
        select(Pledge).where(
            Pledge.firm_id == firm_id,
            Pledge.valid_from <= day,
            or_(Pledge.valid_to.is_(None), Pledge.valid_to > day),
        )
    )


def pledge_history_of_firm(firm_id: int) -> Sequence[Pledge]:
    """Every promise of a firm, the latest first."""
    return db.session.scalars(
        select(Pledge)
        .where(Pledge.firm_id == firm_id)
        .order_by(Pledge.valid_from.desc(), Pledge.id.desc())
        .limit(MOST_LINES)
    ).all()


def firm_pledges_of(member_id: int, day: date) -> list[tuple[Firm, Pledge]]:
    """The promises that firms of a member hold on a day, the first made first."""
    rows = db.session.execute(
        select(Firm, Pledge)
        .join(Pledge, Pledge.firm_id == Firm.id)
        .join(FirmRole, FirmRole.firm_id == Firm.id)
        .where(
            FirmRole.member_id == member_id,
            FirmRole.since_on <= day,
            or_(FirmRole.until_on.is_(None), FirmRole.until_on > day),
            Pledge.valid_from <= day,
            or_(Pledge.valid_to.is_(None), Pledge.valid_to > day),
        )
        .order_by(Pledge.id)
    )
    return [(row[0], row[1]) for row in rows]


def waiting_minutes(member_ids: Sequence[int], span: Span) -> dict[int, int]:
    """Minutes of a span that members declared and nobody decided on yet."""
    rows = db.session.execute(_WAITING_MINUTES, _within(member_ids, span))
    return {member_id: int(minutes) for member_id, minutes in rows}


def lines_of(member_id: int, span: Span, *, most: int = MOST_LINES) -> Sequence[Contribution]:
    """What a member declared for a span, the latest day first."""
    return db.session.scalars(
        select(Contribution)
        .where(
            Contribution.giver_id == member_id,
            Contribution.day >= span.starts_on,
            Contribution.day < span.ends_on,
        )
        .options(*_people())
        .order_by(Contribution.day.desc(), Contribution.id.desc())
        .limit(most)
    ).all()


def received_by(member_id: int, span: Span, *, most: int = MOST_LINES) -> Sequence[Contribution]:
    """What others say they gave a member in a span, the latest day first.

    What was taken back is not told.
    """
    return db.session.scalars(
        select(Contribution)
        .where(
            or_(Contribution.receiver_id == member_id, Contribution.unnamed_id == member_id),
            Contribution.day >= span.starts_on,
            Contribution.day < span.ends_on,
            Contribution.state != "withdrawn",
        )
        .options(*_people())
        .order_by(Contribution.day.desc(), Contribution.id.desc())
        .limit(most)
    ).all()


def _people() -> tuple[ORMOption, ...]:
    return (
        joinedload(Contribution.giver),
        joinedload(Contribution.receiver),
        joinedload(Contribution.decided_by),
        joinedload(Contribution.kind),
    )


def year_of(member_id: int, year: int) -> list[YearMonth]:
    """What the ledger holds for the periods that begin in a year."""
    rows = db.session.execute(
        select(Period.starts_on, Standing.owed, Standing.done + Standing.help)
        .join(Standing, Standing.period_id == Period.id)
        .where(
            Standing.member_id == member_id,
            Period.starts_on >= date(year, 1, 1),
            Period.starts_on < date(year + 1, 1, 1),
        )
        .order_by(Period.starts_on)
    )
    return [YearMonth(*row) for row in rows]


def recent_receivers(giver_id: int) -> list[str]:
    """The names of those whom a member helped lately."""
    lately = (
        select(Contribution.receiver_id)
        .where(Contribution.giver_id == giver_id, Contribution.receiver_id.is_not(None))
        .order_by(Contribution.day.desc(), Contribution.id.desc())
        .limit(20)
        .subquery()
    )
    names = select(Member.name).where(Member.active, Member.id.in_(select(lately.c.receiver_id)))
    return list(db.session.scalars(names.order_by(Member.sort_name)))


def usual_minutes(day: date) -> int:
    """What the house proposes to promise per period."""
    return rule_on(day).default_minutes


def home_of(member_id: int) -> tuple[int | None, str]:
    """The home site of a member and the part of their address."""
    row = db.session.execute(
        select(Member.home_site_id, Member.slug).where(Member.id == member_id)
    ).one()
    return row[0], row[1]


def kinds() -> Sequence[Kind]:
    """The ways of giving time that may be declared."""
    return db.session.scalars(select(Kind).where(Kind.active).order_by(Kind.position)).all()


def waiting_for(actor: Actor, cursor: Cursor) -> Page[Contribution]:
    """Hours that wait for this person, the oldest first."""
    page = ready_page(_waiting_page, _KEYS, cursor, values=values_of(actor))
    return Page([row[0] for row in page.rows], page.next, page.previous)


_KEYS = (Contribution.declared_at, Contribution.id)


@cache
def _waiting_page(way: Way) -> Statement:
    theirs = select(Contribution, *_KEYS).where(or_(*_TURNS))
    return way.narrow(theirs.options(*_people()), _KEYS)


# What waits for the reader: they are the person helped, or nobody is named at a site they run.
_declared = and_(
    Contribution.state == "declared", ~Contribution.offered, Contribution.giver_id != READER_ID
)
_TO_THEM = and_(_declared, Contribution.receiver_id == READER_ID)
_TO_UNNAMED = and_(_declared, Contribution.unnamed_id == READER_ID)
# Spelt out, so that SQLite sees that the partial index holds them.
_TO_GIVER = and_(
    Contribution.state == literal_column("'declared'"),
    Contribution.offered,
    Contribution.giver_id == READER_ID,
)
_TO_NOBODY = and_(
    _declared,
    Contribution.receiver_id.is_(None),
    Contribution.unnamed_id.is_(None),
    Contribution.home_site_id.in_(MANAGED_SITES),
)
_TO_MANAGER = and_(
    # Spelt out, so that SQLite sees that the partial index holds them.
    Contribution.state.in_([literal_column("'needs_manager'"), literal_column("'appealed'")]),
    Contribution.giver_id != READER_ID,
    Contribution.home_site_id.in_(MANAGED_SITES),
    # Whoever refused it does not decide on the appeal.
    or_(
        Contribution.state != "appealed",
        and_(
            Contribution.decided_by_id.is_distinct_from(READER_ID),
            Contribution.unnamed_id.is_distinct_from(READER_ID),
        ),
    ),
)
_TURNS = (_TO_THEM, _TO_UNNAMED, _TO_GIVER, _TO_NOBODY, _TO_MANAGER)
# Each of them has its own index.
_waiting = union_all(
    *[select(select(Contribution.id).where(turn).limit(MOST_COUNTED).subquery()) for turn in _TURNS]
).subquery()
# How many declarations wait for this person.
WAITING = Counter(select(func.count()).select_from(_waiting).scalar_subquery(), MOST_COUNTED)


def visible_to(actor: Actor, contribution_id: int) -> Contribution:
    """Declared hours with their people; NotFound when they are none of this person's business."""
    found = db.session.scalar(
        select(Contribution).where(Contribution.id == contribution_id).options(*_people())
    )
    if found is None or not policy.may_see(actor, found):
        raise NotFound("commitments.contribution")
    return found


def of_thread(actor: Actor, thread_id: int) -> Sequence[Contribution]:
    """Hours given in a help thread that this person may see, oldest first."""
    rows = db.session.scalars(_OF_THREAD, {"thread_id": thread_id})
    return [row for row in rows if policy.may_see(actor, row)]


_OF_THREAD = (
    select(Contribution)
    .where(
        Contribution.thread_id == bindparam("thread_id", type_=BigId),
        Contribution.state != "withdrawn",
    )
    .options(*_people())
    .order_by(Contribution.id)
    .limit(MOST_LINES)
)


def proof_of(contribution: Contribution) -> tuple[Sequence[Line], Rule]:
    """The lines of the ledger that a fact has written, and the rule of its day."""
    return ledger.of_source("contribution", contribution.id), rule_on(contribution.day)
