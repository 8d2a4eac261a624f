"""Time passes over the hours: charged, closed and carried once, however late or often."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.domain.commitments import closing, commands, counting, ticking, verifying
from incubator.domain.commitments.ledger_models import JobRun, Line, Pool, Standing
from incubator.domain.commitments.models import Contribution, Period, Rule
from incubator.domain.commitments.presence_models import Presence
from incubator.domain.commitments.status_models import Choice, Status
from incubator.kernel.db import db, transaction
from tests.factories_commitments import confirmed, declared, lines, pledged
from tests.factories_hours import kept, session_row

if TYPE_CHECKING:
    from tests.factories import Make

FIRST = datetime(2026, 11, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
DECEMBER = datetime(2026, 12, 10, 9, tzinfo=UTC)


@pytest.fixture
def lyon(make: Make):
    make.now = FIRST
    return make.site()


@pytest.fixture
def ines(make: Make, lyon):
    return make.member(lyon)


@pytest.fixture
def sophie(make: Make, lyon):
    return make.member(lyon, role="manager")


def at(make: Make, now: datetime) -> ticking.Done:
    make.now = now
    return ticking.tick(now)


def of_kind(member, *kinds: str) -> list[tuple[str, int]]:
    return [line for line in lines(member) if line[0] in kinds]


def state_of(day: date) -> str:
    return db.session.scalars(select(Period.state).where(Period.starts_on == day)).one()


def faultless(make: Make) -> bool:
    assert verifying.verify(make.now) == []
    return True


def stayed(make: Make, member, site, start: datetime, hours: float) -> Presence:
    made = kept(
        session_row(
            make, member, site, day=start.date(), started_at=start, ended_at=start + hours * HOUR
        )
    )
    with transaction():
        counting.recount(member.id, [made.day], actor_id=None, now=make.now)
    return made


def test_a_debt_is_carried_and_what_is_beyond_its_cap_is_waived(make, ines, sophie) -> None:
    pledged(make, ines, sophie, minutes_per_period=1000)
    at(make, DECEMBER)
    assert state_of(date(2026, 11, 1)) == "closed"
    assert of_kind(ines, "WAIVED_DEBT", "CARRY_OUT", "CARRY_IN") == [
        ("WAIVED_DEBT", 280),
        ("CARRY_OUT", 720),
        ("CARRY_IN", -720),
    ]
    assert faultless(make)


def test_credit_above_the_cap_goes_to_the_pool(make, ines, sophie, lyon) -> None:
    pledged(make, ines, sophie, minutes_per_period=60)
    for day in range(3):
        stayed(make, ines, lyon, FIRST + timedelta(days=day), 5)
    at(make, DECEMBER)
    assert sorted(of_kind(ines, "SURPLUS", "CARRY_IN")) == [("CARRY_IN", 720), ("SURPLUS", -120)]
    assert db.session.scalars(select(Pool.balance)).one() == 120
    assert faultless(make)


def test_who_gives_all_surplus_carries_none(make, ines, sophie, lyon) -> None:
    pledged(make, ines, sophie, minutes_per_period=60)
    stayed(make, ines, lyon, FIRST, 2)
    kept(Choice(member_id=ines.id, gives_surplus=True))
    at(make, DECEMBER)
    assert of_kind(ines, "SURPLUS", "CARRY_IN") == [("SURPLUS", -60)]
    assert faultless(make)


def test_a_month_is_closing_for_a_week_and_only_once_it_is_over_everywhere(make, ines) -> None:
    make.site("Montréal", time_zone="America/Montreal")
    at(make, FIRST)
    midnight_in_montreal = datetime(2026, 12, 1, 5, tzinfo=UTC)
    at(make, midnight_in_montreal - HOUR)
    assert state_of(date(2026, 11, 1)) == "open"
    at(make, midnight_in_montreal)
    assert state_of(date(2026, 11, 1)) == "closing"
    at(make, midnight_in_montreal + timedelta(days=6, hours=23))
    assert state_of(date(2026, 11, 1)) == "closing"
    at(make, midnight_in_montreal + timedelta(days=7))
    assert state_of(date(2026, 11, 1)) == "closed"


def test_ticking_again_or_two_months_late_gives_the_same_lines(make, ines, sophie) -> None:
    pledged(make, ines, sophie, minutes_per_period=300)
    at(make, datetime(2027, 2, 10, 9, tzinfo=UTC))
    told = lines(ines)
    assert [minutes for kind, minutes in told if kind == "CARRY_IN"] == [-300, -600, -720]
    at(make, make.now)
    assert lines(ines) == told
    assert faultless(make)


def test_a_late_fact_is_one_correction_that_names_it(make, ines, sophie, lyon) -> None:
    pledged(make, ines, sophie, minutes_per_period=1000)
    at(make, DECEMBER)
    made = stayed(make, ines, lyon, FIRST, 6)
    line = db.session.scalars(select(Line).where(Line.kind == "CORRECTION")).one()
    # Of 360 minutes, 280 only replace what was waived.
    assert (line.minutes, line.source_type, line.source_id) == (80, "session", made.id)
    assert line.origin_period_id != line.period_id
    assert made.state == "counted"
    with transaction():
        counting.recount(ines.id, [made.day], actor_id=None, now=make.now)
    assert len(of_kind(ines, "CORRECTION")) == 1
    assert faultless(make)


def test_the_correction_of_late_help_outlives_what_is_counted_after_it(make, ines, sophie) -> None:
    pledged(make, ines, sophie)
    at(make, DECEMBER)
    confirmed(make, ines, sophie, receiver=sophie, day=FIRST.date())
    assert of_kind(ines, "CORRECTION") == [("CORRECTION", 180)]
    confirmed(make, ines, sophie, receiver=sophie)
    assert of_kind(ines, "CORRECTION", "HELP", "REVERSAL") == [("CORRECTION", 180), ("HELP", 180)]
    assert faultless(make)


def test_credit_corrected_away_takes_back_from_the_pool(make, ines, sophie, lyon) -> None:
    pledged(make, ines, sophie, minutes_per_period=60)
    made = [stayed(make, ines, lyon, FIRST + timedelta(days=n), 5) for n in range(3)]
    at(make, DECEMBER)
    with transaction():
        made[0].state = "void"
    with transaction():
        counting.recount(ines.id, [made[0].day], actor_id=None, now=make.now)
    # 900 were done: 60 owed, 720 carried, 120 given; 600 leave 540 to carry and nothing to give.
    standing = db.session.scalars(
        select(Standing).join(Period).where(Period.starts_on == date(2026, 12, 1))
    ).one()
    assert standing.balance + standing.owed == 540
    assert db.session.scalars(select(Pool.balance)).one() == 0
    assert faultless(make)


def test_old_credit_expires(make, ines, sophie, lyon) -> None:
    with transaction():
        db.session.scalars(select(Rule)).one().credit_expiry_periods = 1
    pledged(make, ines, sophie, minutes_per_period=60)
    stayed(make, ines, lyon, FIRST, 5)
    at(make, DECEMBER)
    at(make, datetime(2027, 1, 10, 9, tzinfo=UTC))
    assert of_kind(ines, "SURPLUS", "CARRY_IN") == [("CARRY_IN", 240), ("SURPLUS", -180)]
    assert faultless(make)


def test_a_tick_killed_half_way_goes_on_where_it_was(make, sophie, lyon, monkeypatch) -> None:
    people = [make.member(lyon) for _ in range(6)]
    for person in people:
        pledged(make, person, sophie, minutes_per_period=300)
    monkeypatch.setattr(closing, "BATCH", 2)
    batches = closing.close_batch
    done = []

    def killed(*args, **more):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(args)
        return batches(*args, **more)

    monkeypatch.setattr(closing, "close_batch", killed)
    with pytest.raises(KeyboardInterrupt):
        at(make, DECEMBER)
    assert state_of(date(2026, 11, 1)) == "closing"
    assert 0 < len([one for one in people if of_kind(one, "CARRY_OUT")]) < len(people)
    monkeypatch.setattr(closing, "close_batch", batches)
    at(make, DECEMBER + HOUR)
    assert all(of_kind(one, "CARRY_OUT") == [("CARRY_OUT", 300)] for one in people)
    assert faultless(make)


def test_a_forgotten_check_out_is_presumed_then_counts_nothing(make, ines, lyon) -> None:
    made = kept(session_row(make, ines, lyon))
    at(make, FIRST + timedelta(hours=14))
    assert (made.state, made.end_source, lines(ines)) == ("presumed", "auto", [])
    at(make, FIRST + timedelta(days=8))
    db.session.refresh(made)
    assert (made.state, lines(ines)) == ("void", [])


def test_what_was_planned_is_proven_and_counts(make, ines, lyon) -> None:
    made = kept(session_row(make, ines, lyon, planned_end_at=FIRST + 3 * HOUR))
    at(make, FIRST + timedelta(hours=14))
    at(make, FIRST + timedelta(days=8))
    assert (made.state, lines(ines)) == ("counted", [("DONE", 180)])


def test_silence_of_a_week_goes_to_the_managers_who_may_confirm(make, ines, sophie, lyon) -> None:
    leo = make.member(lyon)
    made = declared(make, ines, receiver=leo)
    at(make, FIRST + timedelta(days=6))
    assert made.state == "declared"
    at(make, FIRST + timedelta(days=7))
    db.session.expire_all()
    assert db.session.get_one(Contribution, made.id).state == "needs_manager"
    with transaction():
        commands.confirm(make.actor(sophie), made.id, now=make.now)
    assert lines(ines) == [("HELP", 180)]


def test_a_debt_is_watched_then_late_with_a_warning_and_made_good(make, ines, sophie, lyon) -> None:
    pledged(make, ines, sophie, minutes_per_period=300)
    at(make, datetime(2026, 11, 20, 9, tzinfo=UTC))
    assert db.session.scalars(select(Status)).all() == []
    at(make, datetime(2026, 11, 25, 9, tzinfo=UTC))
    assert db.session.scalars(select(Status.state)).all() == ["watch"]
    at(make, DECEMBER)
    now = db.session.scalars(select(Status).where(Status.until_at.is_(None))).one()
    assert (now.state, now.warned_at, now.cause_id is not None) == ("late", make.now, True)
    stayed(make, ines, lyon, DECEMBER - 12 * HOUR, 10)
    at(make, DECEMBER + HOUR)
    states = db.session.scalars(select(Status.state).order_by(Status.id)).all()
    assert states == ["watch", "late", "ok"]
    assert faultless(make)


def test_each_batch_leaves_a_row_that_names_it(make, ines, sophie) -> None:
    pledged(make, ines, sophie)
    at(make, DECEMBER)
    keys = db.session.scalars(select(JobRun.key).where(JobRun.name != "hours.told")).all()
    assert [key.split(":")[::2] for key in keys] == [["close", "members"]]


def test_late_facts_before_the_first_period_are_corrections_too(make, ines, sophie, lyon) -> None:
    confirmed(make, ines, sophie)
    at(make, DECEMBER)
    made = stayed(make, ines, lyon, datetime(2026, 9, 3, 9, tzinfo=UTC), 2)
    assert state_of(date(2026, 9, 1)) == "closed"
    assert of_kind(ines, "CORRECTION") == [("CORRECTION", 120)]
    assert made.state == "counted"
    assert faultless(make)
