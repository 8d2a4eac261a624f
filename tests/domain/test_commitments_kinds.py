"""A kind of hours that counts otherwise: seen first, then counted by a job that outlives all."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.domain.commitments import (
    counting,
    kind_preview,
    recounting,
    rule_preview,
    rule_versions,
    ticking,
    verifying,
)
from incubator.domain.commitments.ledger_models import Standing
from incubator.domain.commitments.models import Contribution, Kind, KindBefore
from incubator.domain.commitments.rule_versions import KindTerms
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed
from incubator.kernel.jobs import Job
from tests.factories_commitments import confirmed, lines, pledged

if TYPE_CHECKING:
    from tests.factories import Make

FIRST = datetime(2026, 11, 1, 9, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 10, 9, tzinfo=UTC)


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


@pytest.fixture
def paul(make: Make, lyon, sophie):
    made = make.member(lyon, name="Paul")
    pledged(make, made, sophie)
    return made


def at(make: Make, now: datetime) -> None:
    make.now = now
    ticking.tick(now)


def terms(**more: object) -> KindTerms:
    values = {
        "name_fr": "Entraide",
        "name_en": "Mutual help",
        "counts_pct": 100,
        "cap": None,
        "online_ok": True,
        "active": True,
    }
    return KindTerms(**(values | more))


def saved(make: Make, boss, **more: object) -> None:
    """Help in threads counts otherwise from now on; nothing that follows is done yet."""
    with transaction():
        rule_versions.change_kind(make.actor(boss), "help_thread", terms(**more))


def waiting() -> list[Job]:
    """The jobs that count anew and were not done yet."""
    which = (Job.kind == recounting.RECOUNT, Job.state == "waiting")
    return list(db.session.scalars(select(Job).where(*which)))


def work() -> None:
    """Do them, and those that they write, as the runner does."""
    while jobs := waiting():
        recounting.recount(dict(jobs[0].payload))
        with transaction():
            db.session.get_one(Job, jobs[0].id).state = "done"


def changed(make: Make, boss, **more: object) -> None:
    """The same, and what follows is done."""
    saved(make, boss, **more)
    work()


def counted() -> list[int | None]:
    return list(db.session.scalars(select(Contribution.counted).order_by(Contribution.id)))


def test_what_counted_in_a_closed_month_is_never_reckoned_otherwise(
    make, boss, ines, sophie
) -> None:
    confirmed(make, ines, sophie, receiver=sophie)
    changed(make, boss, counts_pct=50)
    assert counted() == [90]
    at(make, DECEMBER)
    for percent in (20, 100):
        changed(make, boss, counts_pct=percent)
    (kept,) = db.session.scalars(select(KindBefore)).all()
    assert (kept.until, kept.counts_pct) == (date(2026, 12, 1), 50)
    with transaction():
        counting.recount(ines.id, [date(2026, 11, 1)], actor_id=None, now=make.now)
    assert counted() == [90]
    confirmed(make, ines, sophie, receiver=sophie)
    assert counted() == [90, 180]
    assert verifying.verify(make.now) == []


def test_a_late_fact_counts_as_its_kind_did_in_its_month(make, boss, ines, sophie) -> None:
    changed(make, boss, counts_pct=50)
    at(make, DECEMBER)
    changed(make, boss, counts_pct=100)
    confirmed(make, ines, sophie, receiver=sophie, day=date(2026, 11, 5))
    assert lines(ines)[-1:] == [("CORRECTION", 90)]
    assert verifying.verify(make.now) == []


def test_a_worker_that_dies_after_the_change_leaves_the_job_that_counts(
    make, boss, ines, paul, sophie, monkeypatch
) -> None:
    for giver in (ines, paul):
        confirmed(make, giver, sophie, receiver=sophie)
    monkeypatch.setattr(recounting, "BATCH", 1)
    saved(make, boss, counts_pct=50)
    # Nobody came back to the request: what it committed is the kind, and the job.
    assert verifying.verify(make.now) != []
    (job,) = waiting()
    payload = dict(job.payload)
    work()
    assert counted() == [90, 90]
    assert verifying.verify(make.now) == []
    told = lines(ines), lines(paul)
    for _again in range(2):
        recounting.recount(payload)
        work()
    assert (lines(ines), lines(paul)) == told


def test_a_month_closed_before_its_turn_gets_what_it_lacks_as_a_correction(
    make, boss, ines, sophie
) -> None:
    confirmed(make, ines, sophie, receiver=sophie)
    saved(make, boss, counts_pct=50)
    at(make, DECEMBER)
    before = lines(ines)
    work()
    assert lines(ines)[len(before) :] == [("CORRECTION", -90)]
    assert verifying.verify(make.now) == []


def test_a_name_or_what_may_be_declared_counts_nothing_anew(make, boss, ines, sophie) -> None:
    confirmed(make, ines, sophie, receiver=sophie)
    saved(make, boss, name_en="Help", active=False)
    assert waiting() == []


@pytest.mark.parametrize(
    "other", [{"counts_pct": 50}, {"cap": 30}, {"counts_pct": 50, "cap": 60}, {"online_ok": False}]
)
def test_a_dry_run_of_a_kind_says_what_then_becomes_of_every_balance(
    make, boss, ines, paul, sophie, other
) -> None:
    for giver in (ines, paul):
        confirmed(make, giver, sophie, receiver=sophie)
    seen = kind_preview.preview_kind("help_thread", terms(**other))
    assert db.session.get_one(Kind, "help_thread").counts_pct == 100
    assert counted() == [180, 180]
    assert [one.before for one in seen.changes] == [-540] * len(seen.changes)
    changed(make, boss, **other)
    balances = dict(db.session.execute(select(Standing.member_id, Standing.balance)).all())
    assert {one.member_id: one.after for one in seen.changes} == {
        member: minutes for member, minutes in balances.items() if minutes != -540
    }
    after = rule_preview.preview(None)
    assert (seen.accounts, seen.after) == (after.accounts, after.before)


def test_kinds_are_the_administrators(make, sophie) -> None:
    with pytest.raises(NotAllowed):
        saved(make, sophie)
