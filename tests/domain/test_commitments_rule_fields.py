"""Every field of the rules of the house does something: what, with one value and with another."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, update

from incubator.domain.commitments import (
    calendars,
    catching_up,
    commands,
    gifts,
    ledger,
    presence_answers,
    presence_corrections,
    presence_verdicts,
    queries,
    rules,
    slot_hourly,
    ticking,
)
from incubator.domain.commitments.commands import Sharing
from incubator.domain.commitments.ledger_models import Line, Pool
from incubator.domain.commitments.models import Contribution, Period, Rule
from incubator.domain.commitments.periods import ensure_period
from incubator.domain.commitments.rule_versions import RuleTerms
from incubator.domain.commitments.status_models import Status
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import Refusal
from incubator.network.sites import commands as sites
from tests.factories_checkins import came, presumed, stayed, wish
from tests.factories_commitments import confirmed, declared, pledged, total
from tests.factories_slots import a_slot, signed_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make

FIRST = datetime(2026, 11, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class House:
    """A site with a manager and a member, under rules of which one field was chosen."""

    make: Make
    lyon: Site
    sophie: Account
    ines: Account

    def pledged(self, minutes: int) -> None:
        pledged(self.make, self.ines, self.sophie, minutes_per_period=minutes)

    def stayed(self, hours: float, on: datetime = FIRST) -> Any:
        return stayed(self.make, self.ines, self.lyon, on, hours)

    def at(self, month: int, day: int, year: int = 2026) -> datetime:
        self.make.now = datetime(year, month, day, 9, tzinfo=UTC)
        ticking.tick(self.make.now)
        return self.make.now

    def helped(self, minutes: int, **more: Any) -> Contribution:
        return confirmed(
            self.make, self.ines, self.sophie, receiver=self.sophie, minutes=minutes, **more
        )


def tried(what: Callable[[], object]) -> str:
    """How an act ends: done, or the code of its refusal."""
    try:
        what()
    except Refusal as refusal:
        return refusal.code
    return "done"


def open_days_of_december(house: House) -> int:
    with transaction():
        sites.set_hours(None, site_id=house.lyon.id, week={0: [(540, 1080)]})
        december = ensure_period(date(2026, 12, 3))
    return sum(calendars.of_period(december)[house.lyon.id].open)


def carried_of(owed: int, hours: float) -> Callable[[House], int]:
    """What is carried into December by who owes and gives so much in November."""

    def carried(house: House) -> int:
        house.pledged(owed)
        if hours:
            house.stayed(hours)
        house.at(12, 10)
        query = select(Line.minutes).where(Line.kind == "CARRY_IN")
        return db.session.scalars(query).one()

    return carried


def credit_after_three_months(house: House) -> int:
    house.pledged(0)
    house.stayed(4)
    for month in (12, 1, 2):
        house.at(month, 10, 2026 if month == 12 else 2027)
    return ledger.balance(house.ines.id)


def pool_after_a_surplus(house: House) -> int:
    house.pledged(0)
    for day in range(2):
        house.stayed(10, FIRST + day * DAY)
    house.at(12, 10)
    return db.session.scalars(select(Pool.balance)).one()


def credit_from_before_a_lower_cap(house: House) -> int:
    """The assembly lowers the cap to one hour from December on."""
    house.pledged(0)
    house.stayed(4)
    with transaction():
        before = db.session.scalars(select(Rule)).one()
        terms = {one.name: getattr(before, one.name) for one in fields(RuleTerms)}
        lower = terms | {"credit_cap": 60}
        db.session.add(Rule(version=2, valid_from=date(2026, 12, 1), **lower))
    house.at(12, 10)
    house.at(1, 10, 2027)
    return ledger.balance(house.ines.id)


def counted_of(minutes: int) -> Callable[[House], int]:
    def counted(house: House) -> int:
        house.stayed(minutes / 60)
        return total(house.ines)

    return counted


def state_after_three_hours(house: House) -> str:
    return house.stayed(3).state


def three_hours_declared(house: House) -> str:
    return tried(lambda: declared(house.make, house.ines))


def three_hours_of_help(house: House) -> int:
    house.pledged(720)
    house.helped(180)
    return int(db.session.scalar(select(func.sum(Line.minutes)).where(Line.kind == "HELP")) or 0)


def presence_and_help_of_a_day(house: House) -> int:
    house.pledged(720)
    house.stayed(2)
    confirmed(house.make, house.ines, house.sophie, kind="event_host", minutes=60)
    return total(house.ines) + 720


def owed_by_a_newcomer(house: House) -> int:
    house.make.now = FIRST + 19 * DAY
    newcomer = house.make.member(house.lyon)
    pledged(house.make, newcomer, house.sophie)
    return -total(newcomer)


def first_day_of_a_pause(house: House) -> date | None:
    house.pledged(720)
    return catching_up.of_member(house.ines.id, house.at(12, 10)).pause_from


def watched_on_the_25th(house: House) -> list[str]:
    house.pledged(720)
    house.at(11, 25)
    return list(db.session.scalars(select(Status.state)))


def november_on_the_5th(house: House) -> str:
    house.at(11, 1)
    house.at(12, 5)
    query = select(Period.state).where(Period.starts_on == FIRST.date())
    return db.session.scalars(query).one()


def told_ten_days_after(house: House) -> str:
    house.make.now = FIRST + 10 * DAY
    return tried(lambda: declared(house.make, house.ines, day=FIRST.date()))


def help_unanswered_for_four_days(house: House) -> str:
    made = declared(house.make, house.ines, receiver=house.sophie)
    house.at(11, 5)
    db.session.refresh(made)
    return made.state


def a_press_told_two_hours_late(house: House) -> str:
    late = FIRST + 2 * HOUR
    return came(house.make, house.ines, house.lyon, late, occurred_at=FIRST).outcome


def asked_when_leaving_after_one_forgotten_end(house: House) -> bool:
    presumed(house.make, house.ines, house.lyon, FIRST)
    return presence_answers.asks_leaving_time(house.ines.id, rules.month_of(FIRST.date()))


def first_forgotten_check_in_needs_a_word(house: House) -> bool:
    with transaction():
        asked = presence_corrections.ask_missing(
            house.make.actor(house.ines),
            house.lyon.id,
            wish(FIRST, 2),
            once="a",
            now=FIRST + 5 * HOUR,
        )
    return presence_verdicts.wants_note(asked)


def reminded_three_days_before(house: House) -> int:
    slot = a_slot(house.make, house.sophie, house.lyon)
    signed_up(house.make, house.ines, slot)
    with transaction():
        return slot_hourly.remind(slot.starts_at - 3 * DAY)


def an_hour_and_a_half_given(house: House) -> str:
    house.stayed(3)

    def give() -> None:
        with transaction():
            present = gifts.Present(90, house.sophie.id)
            gifts.give(house.make.actor(house.ines), present, once="a", now=FIRST + 4 * HOUR)

    return tried(give)


def an_hour_of_help_in_a_thread(house: House) -> str:
    given = Sharing(
        kind="help_thread",
        day=house.make.now.date(),
        minutes=60,
        receiver_id=house.sophie.id,
        thread_id=1,
    )

    def share() -> None:
        with transaction():
            commands.share(house.make.actor(house.ines), given, now=house.make.now)

    return tried(share)


EFFECTS: dict[str, tuple[Callable[[House], object], dict[Any, object]]] = {
    "basis": (open_days_of_december, {"calendar_days": 31, "open_days": 4}),
    "default_minutes": (
        lambda house: queries.usual_minutes(house.make.now.date()),
        {720: 720, 300: 300},
    ),
    "credit_cap": (carried_of(0, 4), {720: 240, 60: 60}),
    "debt_cap": (carried_of(720, 0), {720: -720, 60: -60}),
    "credit_expiry_periods": (credit_after_three_months, {None: 240, 1: 0}),
    "surplus": (pool_after_a_surplus, {"pool": 480, "expire": 0}),
    "lowered_cap": (credit_from_before_a_lower_cap, {"keep": 240, "cut": 60}),
    "round_to": (counted_of(100), {5: 100, 15: 90}),
    "round_mode": (counted_of(98), {"floor": 95, "nearest": 100}),
    "min_session": (counted_of(30), {15: 30, 60: 0}),
    "max_session": (state_after_three_hours, {720: "counted", 120: "presumed"}),
    "max_day": (three_hours_declared, {1440: "done", 120: "commitments.day_full"}),
    "help_cap_pct": (three_hours_of_help, {100: 180, 10: 72}),
    "help_inside_presence": (presence_and_help_of_a_day, {"outside": 120, "extra": 180}),
    "first_period_free": (owed_by_a_newcomer, {False: 264, True: 0}),
    "grace_days": (first_day_of_a_pause, {14: date(2026, 12, 24), 30: date(2027, 1, 9)}),
    "warn_days": (watched_on_the_25th, {7: ["watch"], 2: []}),
    "close_after_days": (november_on_the_5th, {7: "closing", 1: "closed"}),
    "back_days": (told_ten_days_after, {62: "done", 5: "commitments.too_long_ago"}),
    "silence_days": (help_unanswered_for_four_days, {7: "declared", 3: "needs_manager"}),
    "late_hours": (a_press_told_two_hours_late, {72: "applied", 1: "late"}),
    "forgotten_limit": (asked_when_leaving_after_one_forgotten_end, {3: False, 1: True}),
    "proposals_limit": (first_forgotten_check_in_needs_a_word, {2: False, 0: True}),
    "reminder_days": (reminded_three_days_before, {2: 0, 4: 1}),
    "help_week_most": (an_hour_of_help_in_a_thread, {600: "done", 30: "commitments.week_full"}),
    "gift_cap_year": (an_hour_and_a_half_given, {720: "done", 60: "commitments.gift_cap"}),
}


def test_no_field_of_the_rules_is_forgotten_here() -> None:
    assert set(EFFECTS) == {one.name for one in fields(RuleTerms)}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, (_act, told) in EFFECTS.items() for value in told]
)
def test_a_field_of_the_rules_does_what_it_says(make: Make, name: str, value: object) -> None:
    make.now = FIRST
    lyon = make.site()
    house = House(make, lyon, make.member(lyon, role="manager"), make.member(lyon))
    with transaction():
        db.session.execute(update(Rule).values({name: value}))
    act, told = EFFECTS[name]
    assert act(house) == told[value]
