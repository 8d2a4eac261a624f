"""What managers and administrators read: the same after years, in as many statements for all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.domain.commitments import (
    calendars,
    comparison,
    counting,
    desk,
    drift,
    drift_rules,
    giving,
    health,
    heat,
    planned,
    rule_preview,
    rule_versions,
    solidarity,
    statements,
    ticking,
    verifying,
)
from incubator.domain.commitments.ledger_models import Standing
from incubator.domain.commitments.models import Period, Rule
from incubator.domain.commitments.periods import ensure_period
from incubator.domain.commitments.rule_versions import RuleTerms
from incubator.domain.commitments.rules import Span, year_of
from incubator.domain.commitments.slot_models import Signup
from incubator.domain.commitments.status_models import Status
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.keyset import Cursor
from incubator.network.members.firm_models import Firm, FirmRole
from incubator.network.members.models import Member
from incubator.network.sites import commands as sites
from tests.factories_commitments import confirmed, declared, pledged
from tests.factories_hours import kept, session_row, signup_row, slot_row

if TYPE_CHECKING:
    from tests.factories import Make

FIRST = datetime(2026, 11, 1, 9, tzinfo=UTC)
MIDDLE = datetime(2026, 11, 20, 9, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 10, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def lyon(make: Make):
    make.now = FIRST
    return make.site()


@pytest.fixture
def sophie(make: Make, lyon):
    return make.member(lyon, role="manager", name="Sophie")


@pytest.fixture
def boss(make: Make, lyon):
    return make.member(role="administrator")


@pytest.fixture
def ines(make: Make, lyon, sophie):
    made = make.member(lyon, name="Inès")
    pledged(make, made, sophie)
    return made


def at(make: Make, now: datetime) -> None:
    make.now = now
    ticking.tick(now)


def stayed(make: Make, member, site, start: datetime, hours: float):
    made = kept(
        session_row(
            make, member, site, day=start.date(), started_at=start, ended_at=start + hours * HOUR
        )
    )
    with transaction():
        counting.recount(member.id, [made.day], actor_id=None, now=make.now)
    return made


def november() -> Period:
    return db.session.scalars(select(Period).where(Period.starts_on == date(2026, 11, 1))).one()


def crowd(make: Make, site, sophie, many: int) -> None:
    """Members who promised, were there, and helped one another."""
    people = [make.member(site, name=f"Person {number}") for number in range(many)]
    for number, one in enumerate(people):
        pledged(make, one, sophie)
        stayed(make, one, site, FIRST + HOUR * number / 10, 1)
        other = people[number - 1]
        confirmed(make, one, other, receiver=other, minutes=30)
        declared(make, one, minutes=15)


@pytest.fixture
def costs(make, lyon, sophie, count_queries):
    """The same question in as many statements for three members as for one; how many."""

    def ask(question, most: int) -> None:
        seen = []
        for _ in range(2):
            crowd(make, lyon, sophie, 3)
            db.session.expire_all()
            with count_queries() as statements_seen:
                question()
            seen.append(len(statements_seen))
        assert seen[0] == seen[1] <= most

    return ask


def test_pages_ask_as_often_for_many_as_for_few(make, lyon, sophie, costs) -> None:
    actor, day = make.actor(sophie), FIRST.date()
    span = Span(day, day + 40 * DAY)

    def everything() -> None:
        desk.today_at(actor, lyon, now=MIDDLE, day=MIDDLE.date())
        desk.exceptions_at(actor, lyon.id, MIDDLE)
        drift.of_site(lyon.id, MIDDLE.date(), Cursor())
        statements.of_site(lyon.id, november(), MIDDLE)
        heat.cells_of(lyon, MIDDLE.date(), 4)
        giving.of_site(lyon.id, span)
        giving.between_sites(span)
        comparison.side_by_side(MIDDLE)
        solidarity.year_of(year_of(day))

    costs(everything, 60)


def test_weeks_before_the_first_check_in_of_a_site_empty_no_median(make, lyon, ines) -> None:
    stayed(make, ines, lyon, MIDDLE - 7 * DAY, 2)
    cells = heat.cells_of(lyon, MIDDLE.date(), 13)
    assert {(cell.median, cell.peak) for cell in cells} == {(1.0, 1)}
    assert heat.cells_of(make.site("Lille"), MIDDLE.date(), 13) == []


def test_a_statement_is_the_same_whenever_it_is_asked_for(make, lyon, ines, sophie) -> None:
    lille = make.site("Lille")
    stayed(make, ines, lyon, FIRST, 3)
    stayed(make, ines, lille, FIRST + DAY, 2)
    stayed(make, sophie, lyon, FIRST, 1)
    at(make, MIDDLE)
    before = statements.of_site(lyon.id, november(), MIDDLE)
    (row,) = before.rows
    assert (row.sums.owed, row.sums.here, row.sums.elsewhere) == (720, 180, 120)
    assert row.sums.balance == -420
    assert before.guests == 60
    make.now = MIDDLE + HOUR
    stayed(make, ines, lyon, FIRST + 2 * DAY, 4)
    at(make, DECEMBER)
    stayed(make, ines, lyon, FIRST + 3 * DAY, 1)
    again = statements.of_site(lyon.id, november(), MIDDLE)
    assert (again.rows, again.total, again.guests) == (before.rows, before.total, before.guests)
    now = statements.of_site(lyon.id, november(), DECEMBER)
    assert now.total.balance == -180
    assert now.total.balance + now.total.waived + now.total.settled == 0
    assert verifying.verify(DECEMBER) == []


def test_two_home_sites_share_a_due_by_days(make, lyon, ines, sophie, boss) -> None:
    lille = make.site("Lille")
    with transaction():
        db.session.get_one(Member, ines.id).home_site_id = lille.id
    pledged(make, ines, boss, valid_from=date(2026, 11, 16))
    at(make, MIDDLE)
    parts = [statements.of_site(site.id, november(), MIDDLE).total.owed for site in (lyon, lille)]
    assert parts == [360, 360]


def test_who_drifts_is_told_by_state_then_name_with_a_cause(make, lyon, sophie) -> None:
    names = ("Zoé", "Adèle", "Marc")
    people = [make.member(lyon, name=name) for name in names]
    for one in people:
        pledged(make, one, sophie)
    stayed(make, people[2], lyon, FIRST, 11)
    slot = kept(slot_row(make, lyon, starts_at=MIDDLE + DAY, ends_at=MIDDLE + DAY + HOUR))
    kept(signup_row(make, people[0], slot))
    make.now = MIDDLE
    planned.refresh(MIDDLE)
    found = drift.of_site(lyon.id, MIDDLE.date(), Cursor()).rows
    assert [(one.name, one.cause) for one in found] == [("Adèle", "new"), ("Zoé", "new")]
    assert (found[1].planned, found[1].seen_on) == (60, None)
    at(make, DECEMBER)
    late = drift.of_site(lyon.id, DECEMBER.date(), Cursor()).rows
    assert [(one.name, one.state) for one in late] == [
        ("Adèle", "late"),
        ("Marc", "late"),
        ("Zoé", "late"),
    ]
    assert late[0].pause_from == DECEMBER.date() + 14 * DAY


def standing(make, site, *, carried: int, given: int, planned: int, state: str = "") -> int:
    """A member with such an account this month, who owes twelve hours."""
    member, period = make.member(site), ensured(FIRST)
    values = {"carry_in": carried, "done": given, "planned": planned, "owed": 720}
    row = Standing(
        member_id=member.id,
        period_id=period.id,
        home_site_id=site.id,
        balance=carried + given - 720,
        computed_at=FIRST,
        **values,
    )
    kept(row)
    if state:
        more = {
            "late": {"warned_at": FIRST},
            "plan": {"plan_until_on": MIDDLE.date(), "decided_by_id": make.member(site).id},
            "paused": {"warned_at": FIRST, "decided_by_id": make.member(site).id},
        }
        here = {"member_id": member.id, "home_site_id": site.id, "since_at": FIRST}
        kept(Status(state=state, **here, **more.get(state, {})))
    return member.id


def ensured(now: datetime) -> Period:
    with transaction():
        return ensure_period(now.date())


@pytest.mark.parametrize("day", [1, 9, 10, 30])
def test_who_drifts_is_who_would_end_below_nothing(make, lyon, day) -> None:
    today = date(2026, 11, day)
    amounts = [
        {"carried": carried, "given": given, "planned": planned}
        for carried in (-1, 0, 300)
        for given in (-10, 239, 240, 720)
        for planned in (0, 480)
    ]
    members = {standing(make, lyon, **each): each for each in amounts}
    paused = standing(make, lyon, carried=0, given=720, planned=0, state="paused")
    span, early = november().span, day < 10
    expected = {
        member
        for member, each in members.items()
        if drift_rules.projected(drift_rules.Account(owed=720, **each), span, today) < 0
        and not (early and each["carried"] >= 0)
    }
    found = drift.of_site(lyon.id, today, Cursor(size=100)).rows
    assert {one.id for one in found} == expected | {paused}


def test_whom_to_call_goes_on_page_after_page(make, lyon) -> None:
    states = ("ok", "late", "watch", "paused", "plan")
    for number in range(25):
        state = states[number % 5]
        standing(make, lyon, carried=0, given=0, planned=0, state="" if state == "ok" else state)
    found, cursor = [], Cursor(size=4)
    while True:
        page = drift.of_site(lyon.id, MIDDLE.date(), cursor)
        found += page.rows
        if not page.next:
            break
        cursor = Cursor(after=page.next, size=4)
    assert [one.state for one in found] == [one for one in drift_rules.ORDER for _ in range(5)]
    assert len({one.id for one in found}) == 25
    back = drift.of_site(lyon.id, MIDDLE.date(), Cursor(before=page.previous, size=4))
    assert [one.id for one in back.rows] == [one.id for one in found[20:24]]


def test_help_is_mapped_between_firms_and_the_alone_are_named(make, lyon, ines, sophie) -> None:
    lille = make.site("Lille")
    far, alone = make.member(lille, name="Far"), make.member(lyon, name="Alone")
    for member, name in ((ines, "Atelier"), (far, "Copeaux")):
        firm = kept(Firm(slug=name.lower(), name=name, sort_name=name, site_id=lyon.id))
        kept(FirmRole(member_id=member.id, firm_id=firm.id, since_on=date(2026, 1, 1)))
    confirmed(make, ines, far, receiver=far, minutes=60)
    confirmed(make, far, ines, receiver=ines, minutes=30)
    found = giving.of_site(lyon.id, Span(date(2026, 11, 1), date(2026, 12, 1)))
    assert sorted(found.firms.values()) == ["Atelier", "Copeaux"]
    assert sorted(cell.minutes for cell in found.between_firms.cells.values()) == [30, 60]
    assert found.between_sites.cells[lyon.id, lille.id].minutes == 60
    assert [one.name for one in found.isolated] == [
        make.actor(alone).name,
        make.actor(sophie).name,
    ]


def test_small_sites_have_no_figures_beside_the_others(make, lyon, ines, sophie) -> None:
    crowd(make, lyon, sophie, 4)
    small = make.site("Nantes")
    few = make.member(small)
    pledged(make, few, make.member(small, role="manager"))
    slot = kept(slot_row(make, lyon, starts_at=FIRST, ends_at=FIRST + HOUR, capacity_min=2))
    kept(signup_row(make, ines, slot, state="done"))
    found = comparison.side_by_side(MIDDLE)
    number = november().id
    assert found.of(lyon.id, number, "presence") == 48
    assert found.of(lyon.id, number, "coverage") == 50
    assert found.of(small.id, number, "presence") is None
    assert found.medians["presence", number] == 48


def test_the_year_of_solidarity_counts_what_went_round(make, lyon, ines) -> None:
    for number in range(6):
        stayed(make, ines, lyon, FIRST + number * DAY, 5)
    at(make, DECEMBER)
    found = solidarity.year_of(year_of(FIRST.date()))
    assert ("2026-11", 360) in [(one.period.label, one.pooled) for one in found.months]
    assert found.balance == 360
    assert found.reliefs == []


def test_health_tells_what_was_proven_last(make, boss, sophie, ines) -> None:
    assert health.last_proof() is None
    assert health.health(DECEMBER).late
    with pytest.raises(NotAllowed):
        health.prove(make.actor(sophie), DECEMBER)
    assert health.prove(make.actor(boss), DECEMBER).faults == []
    assert [one.label for one in health.health(DECEMBER).unclosed] == ["2026-11"]


def terms(**more: object) -> RuleTerms:
    rule = db.session.scalars(select(Rule).order_by(Rule.version.desc())).first()
    assert rule is not None
    values = {name: getattr(RuleTerms.of(rule), name) for name in RuleTerms.__dataclass_fields__}
    return RuleTerms(**{**values, **more})


def added(make, boss, **more: object) -> Rule:
    with transaction():
        return rule_versions.add_version(
            make.actor(boss), terms(**more), valid_from=date(2026, 12, 1), now=make.now
        )


def test_a_version_holds_from_its_period_and_not_before(make, boss, ines) -> None:
    at(make, MIDDLE)
    made = added(make, boss, debt_cap=60)
    december = db.session.scalars(select(Period).where(Period.starts_on == date(2026, 12, 1))).one()
    assert (november().rule_id != made.id, december.rule_id) == (True, made.id)
    at(make, datetime(2027, 1, 10, 9, tzinfo=UTC))
    assert verifying.verify(make.now) == []
    with transaction(), pytest.raises(Refusal) as refused:
        rule_versions.withdraw(make.actor(boss), made.id, now=make.now)
    assert refused.value.code == "commitments.rule_begun"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({}, "rule_unchanged"),
        ({"grace_days": 0}, "rule_number"),
        ({"basis": "moon"}, "rule_choice"),
        ({"min_session": 800}, "rule_session"),
    ],
)
def test_rules_that_no_house_can_live_by_are_refused(make, boss, wrong, code) -> None:
    with pytest.raises(Refusal) as refused:
        added(make, boss, **wrong)
    assert refused.value.code == f"commitments.{code}"


def test_a_period_that_has_begun_somewhere_keeps_its_rules(make, boss) -> None:
    eve = datetime(2026, 11, 30, 12, tzinfo=UTC)
    assert date(2026, 12, 1) not in rule_versions.beginnings(eve)
    assert rule_versions.beginnings(FIRST)[0] == date(2026, 12, 1)
    assert len(rule_versions.beginnings(eve)) == 3


def test_a_dry_run_says_what_closing_would_do_and_writes_nothing(
    make, lyon, boss, ines, sophie
) -> None:
    rich = make.member(lyon, name="Rich")
    pledged(make, rich, sophie, minutes_per_period=60)
    stayed(make, rich, lyon, FIRST, 11)
    found = rule_preview.preview(terms(debt_cap=120, credit_cap=300))
    assert (found.accounts, found.better, found.worse) == (2, 1, 1)
    assert [(one.before, one.after) for one in found.changes] == [(-720, -120), (600, 300)]
    assert (found.after.waived, found.after.pooled) == (600, 300)
    assert rule_preview.preview(terms()).changes == []
    at(make, MIDDLE)
    added(make, boss, debt_cap=120, credit_cap=300)
    at(make, datetime(2027, 1, 10, 9, tzinfo=UTC))
    assert verifying.verify(make.now) == []


def test_a_dry_run_reckons_another_basis_and_cap_of_help(make, lyon, ines, sophie) -> None:
    confirmed(make, ines, sophie, minutes=400)
    with transaction():
        sites.set_hours(None, site_id=lyon.id, week={0: [(540, 1080)]})
        sites.close_days(
            None,
            site_id=lyon.id,
            starts_on=date(2026, 11, 16),
            ends_on=date(2026, 12, 1),
            lowers_due=True,
        )
    at(make, MIDDLE)
    found = rule_preview.preview(terms(basis="open_days", help_cap_pct=10))
    assert (found.before.owed, found.after.owed) == (360, 288)
    assert (found.before.credit, found.after.debt) == (40, 260)


def test_new_hours_of_a_house_leave_the_days_that_were(make, lyon, ines) -> None:
    with transaction():
        november = ensure_period(FIRST.date())
        sites.set_hours(None, site_id=lyon.id, week={0: [(540, 1080)]})
        sites.set_hours(None, site_id=lyon.id, week={1: [(540, 1080)]}, since=MIDDLE.date())
    here = calendars.of_period(november, "open_days")[lyon.id]
    # Mondays until the nineteenth, Tuesdays from the twentieth on.
    assert [number for number, is_open in enumerate(here.open, 1) if is_open] == [2, 9, 16, 24]


def test_old_credit_is_seen_by_its_age_in_a_dry_run(make, lyon, ines) -> None:
    stayed(make, ines, lyon, FIRST, 12)
    stayed(make, ines, lyon, FIRST + DAY, 10)
    at(make, DECEMBER)
    found = rule_preview.preview(terms(credit_expiry_periods=1, surplus="expire"))
    assert found.accounts == 1
    assert found.after.credit == 0 or found.before.credit >= found.after.credit


def test_rules_are_the_administrators(make, sophie) -> None:
    with pytest.raises(NotAllowed):
        added(make, sophie, debt_cap=0)
    with transaction(), pytest.raises(NotAllowed):
        rule_versions.withdraw(make.actor(sophie), 1, now=make.now)
    assert db.session.scalars(select(Signup)).all() == []
