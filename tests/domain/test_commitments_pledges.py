"""Promises and what they make a member owe."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from incubator.domain.commitments import ddl, ticking
from incubator.domain.commitments.dues import post_due
from incubator.domain.commitments.ledger_models import Line, Standing
from incubator.domain.commitments.models import Period
from incubator.domain.commitments.periods import ensure_period
from incubator.domain.commitments.pledges import TICK
from incubator.domain.commitments.promise_models import Pledge
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.jobs import Job, run_due
from incubator.network.members.models import Member
from tests.factories_commitments import confirmed, lines, pledged, today, total

if TYPE_CHECKING:
    from tests.factories import Make

FIRST = datetime(2026, 11, 1, 9, tzinfo=UTC)


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


def tick(make: Make) -> int:
    with transaction():
        return post_due(now=make.now)


def refusal(make, member, by, **more) -> str:
    with pytest.raises(Refusal) as caught:
        pledged(make, member, by, **more)
    return caught.value.code


def test_a_promise_is_charged_at_once_and_only_once(make, ines, sophie) -> None:
    pledged(make, ines, sophie)
    assert lines(ines) == [("DUE", -720)]
    assert tick(make) == 0


def test_each_month_is_charged_when_it_begins_even_late(make, ines, sophie) -> None:
    pledged(make, ines, sophie)
    make.now += timedelta(days=61)
    assert tick(make) == 2
    assert tick(make) == 0
    assert lines(ines) == [("DUE", -720)] * 3


def test_a_member_who_came_on_the_twentieth_owes_the_rest_of_the_month(make, lyon, sophie) -> None:
    make.now = FIRST.replace(day=20)
    newcomer = make.member(lyon)
    pledged(make, newcomer, sophie)
    assert total(newcomer) == -264


def test_a_new_promise_ends_the_old_one_and_rewrites_the_charge(make, ines, sophie) -> None:
    old = pledged(make, ines, sophie)
    new = pledged(make, ines, sophie, valid_from=date(2026, 11, 16), minutes_per_period=360)
    assert (old.valid_to, new.valid_to) == (date(2026, 11, 16), None)
    assert lines(ines) == [("DUE", -720), ("REVERSAL", 720), ("DUE", -540)]


def test_a_promise_corrected_the_same_day_stays_in_the_records(make, ines, sophie) -> None:
    old = pledged(make, ines, sophie)
    pledged(make, ines, sophie, minutes_per_period=0)
    assert old.valid_to == old.valid_from
    assert (total(ines), lines(ines)) == (0, [("DUE", -720), ("REVERSAL", 720)])


def test_a_promise_for_later_is_charged_later(make, ines, sophie) -> None:
    pledged(make, ines, sophie, valid_from=date(2026, 12, 1), valid_to=date(2027, 1, 1))
    assert lines(ines) == []
    make.now += timedelta(days=75)
    tick(make)
    assert lines(ines) == [("DUE", -720)]


def test_a_member_who_left_is_charged_no_more(make, ines, sophie) -> None:
    pledged(make, ines, sophie)
    with transaction():
        db.session.get_one(Member, ines.id).active = False
    make.now += timedelta(days=35)
    assert tick(make) == 0
    assert lines(ines) == [("DUE", -720)]


def test_the_standing_shows_what_is_owed(make, ines, sophie) -> None:
    pledged(make, ines, sophie)
    confirmed(make, ines, sophie)
    standing = db.session.scalars(select(Standing).where(Standing.member_id == ines.id)).one()
    assert (standing.owed, standing.help, standing.balance) == (720, 180, total(ines))


def test_only_a_manager_of_the_site_records_a_promise_never_their_own(make, ines, sophie) -> None:
    stranger = make.member(make.site("Lille"), role="manager")
    for person, by in ((ines, ines), (ines, stranger), (sophie, sophie)):
        with pytest.raises(NotAllowed):
            pledged(make, person, by)
    with pytest.raises(NotFound):
        pledged(make, SimpleNamespace(id=987_654), sophie)


def test_a_promise_is_bounded(make, ines, sophie) -> None:
    for minutes in (-5, 7, 60 * 24 * 31 + 5):
        assert refusal(make, ines, sophie, minutes_per_period=minutes).endswith("pledge_minutes")
    day = today(make)
    assert refusal(make, ines, sophie, valid_to=day) == "commitments.pledge_order"
    early = {"valid_from": day - timedelta(days=1)}
    assert refusal(make, ines, sophie, **early) == "commitments.before_joining"
    make.now += timedelta(days=90)
    assert refusal(make, ines, sophie, valid_from=day) == "commitments.too_long_ago"
    pledged(make, ines, make.member(role="administrator"), valid_from=day)


@pytest.mark.parametrize(
    ("start", "end", "fits"),
    [
        ("2026-10-01", "2026-11-01", True),
        ("2026-10-01", "2026-11-02", False),
        ("2026-11-10", None, False),
        ("2026-12-01", None, True),
        ("2026-11-15", "2026-11-15", True),
        ("2026-10-01", None, False),
    ],
)
def test_the_database_refuses_promises_that_share_a_day(
    make, ines, sophie, start, end, fits
) -> None:
    pledged(make, ines, sophie, valid_to=date(2026, 12, 1))
    values = {
        "member_id": ines.id,
        "minutes_per_period": 60,
        "valid_from": date.fromisoformat(start),
        "valid_to": date.fromisoformat(end) if end else None,
        "signed_at": make.now,
        "signed_by_id": sophie.id,
    }
    if fits:
        db.session.execute(insert(Pledge).values(values))
    else:
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(insert(Pledge).values(values))


def test_the_database_refuses_to_stretch_a_promise_over_another(make, ines, sophie) -> None:
    old = pledged(make, ines, sophie)
    pledged(make, ines, sophie, valid_from=date(2026, 11, 16))
    stretch = update(Pledge).where(Pledge.id == old.id).values(valid_to=None)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(stretch)


@pytest.mark.parametrize("change", [update(Line).values(minutes=0), delete(Line)])
def test_the_database_keeps_every_line_of_the_ledger(make, ines, sophie, change) -> None:
    pledged(make, ines, sophie)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(change)
    assert lines(ines) == [("DUE", -720)]


def test_periods_are_added_without_a_gap(make, session) -> None:
    with transaction():
        for day in ((2026, 11, 12), (2027, 2, 28), (2026, 8, 1), (2026, 12, 31)):
            ensure_period(date(*day))
    rows = db.session.scalars(select(Period).order_by(Period.starts_on)).all()
    assert [row.label for row in rows[::6]] == ["2026-08", "2027-02"]
    assert all(a.ends_on == b.starts_on for a, b in pairwise(rows))


def test_the_daily_job_arms_itself_for_the_next_day(make, ines, sophie) -> None:
    ticking.register()
    pledged(make, ines, sophie)
    assert run_due(make.now + timedelta(days=2), most=1) == 1
    states = db.session.execute(select(Job.state).where(Job.kind == TICK).order_by(Job.id))
    assert list(states.scalars()) == ["done", "waiting"]


def test_what_dropping_the_tables_leaves_is_removed(session) -> None:
    for statement in ddl.clean_up("postgresql"):
        assert statement.strip().startswith("DROP FUNCTION IF EXISTS")
    assert ddl.clean_up("sqlite") == ()
    assert db.session.scalar(text("SELECT count(*) FROM commitments_kind")) == 10
