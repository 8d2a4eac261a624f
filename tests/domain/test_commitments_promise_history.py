"""A statement of a past day says ever after what it said then: promises keep what they were."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from incubator.domain.commitments import leaving, merging, statements, verifying
from incubator.domain.commitments.models import Period
from incubator.domain.commitments.promise_models import Pledge, PledgeRevision
from incubator.kernel.db import db, transaction
from incubator.network.members.models import Member
from tests.factories_commitments import pledged

if TYPE_CHECKING:
    from incubator.domain.commitments.statements import Statement
    from tests.factories import Make

FIRST = datetime(2026, 11, 1, 9, tzinfo=UTC)
TENTH = datetime(2026, 11, 10, 22, tzinfo=UTC)
TWENTIETH = datetime(2026, 11, 20, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def lyon(make: Make):
    make.now = FIRST
    return make.site()


@pytest.fixture
def nantes(make: Make, lyon):
    return make.site("Nantes")


@pytest.fixture
def sophie(make: Make, lyon):
    return make.member(lyon, role="manager", name="Sophie")


@pytest.fixture
def ines(make: Make, lyon, sophie):
    """She promised twelve hours at Lyon on the first of November."""
    made = make.member(lyon, name="Inès")
    pledged(make, made, sophie)
    return made


def november(site, known_at: datetime) -> Statement:
    period = db.session.scalars(select(Period).where(Period.starts_on == FIRST.date())).one()
    return statements.of_site(site.id, period, known_at)


def said(site, known_at: datetime) -> str:
    """Every figure of the statement, as text that can be compared to the byte."""
    told = november(site, known_at)
    return repr((told.rows, told.total, told.guests))


def names(site, known_at: datetime) -> list[str]:
    return [row.name for row in november(site, known_at).rows]


def move_house(make: Make, member, site) -> None:
    make.now = TWENTIETH
    with transaction():
        db.session.get_one(Member, member.id).home_site_id = site.id
    boss = make.member(site, role="manager", name="Ali")
    pledged(make, member, boss, valid_from=FIRST.date())


def test_a_promise_told_later_changes_no_statement_of_before(make, lyon, nantes, ines) -> None:
    before = said(lyon, TENTH)
    assert "Inès" in before
    move_house(make, ines, nantes)
    assert said(lyon, TENTH) == before
    assert names(nantes, TENTH) == []
    assert (names(lyon, TWENTIETH), names(nantes, TWENTIETH)) == ([], ["Inès"])
    assert verifying.verify(TWENTIETH) == []


def test_who_leaves_stays_on_the_statement_of_before(make, lyon, ines) -> None:
    before = said(lyon, TENTH)
    with transaction():
        leaving.end_promises(ines.id, on=FIRST.date(), now=TWENTIETH)
    assert said(lyon, TENTH) == before
    assert names(lyon, TWENTIETH) == []
    assert verifying.verify(TWENTIETH) == []


def test_who_was_another_account_stays_on_the_statement_of_before(make, lyon, sophie, ines) -> None:
    kept = make.member(lyon, name="Inès B.")
    before = said(lyon, TENTH)
    with transaction():
        merging.merge(kept_id=kept.id, gone_id=ines.id, by_id=sophie.id, now=TWENTIETH)
    assert said(lyon, TENTH) == before
    assert names(lyon, TWENTIETH) == ["Inès B."]
    assert verifying.verify(TWENTIETH) == []


def test_a_promise_of_another_day_of_the_month_is_known_from_its_record_on(
    make, lyon, nantes, ines
) -> None:
    make.now = TWENTIETH
    with transaction():
        db.session.get_one(Member, ines.id).home_site_id = nantes.id
    boss = make.member(nantes, role="manager", name="Ali")
    pledged(make, ines, boss, valid_from=date(2026, 11, 25))
    before = TWENTIETH - DAY
    assert (names(lyon, before), names(nantes, before)) == (["Inès"], [])
    assert (names(lyon, TWENTIETH), names(nantes, TWENTIETH)) == (["Inès"], ["Inès"])


def test_the_database_keeps_what_a_promise_said(ines) -> None:
    for change in (update(PledgeRevision).values(valid_to=FIRST.date()), delete(PledgeRevision)):
        with pytest.raises(DBAPIError), transaction():
            db.session.execute(change)


def test_a_promise_changed_behind_its_history_is_found(ines) -> None:
    with transaction():
        db.session.execute(update(Pledge).values(valid_to=date(2026, 11, 30)))
    assert [one.invariant for one in verifying.verify(TENTH)] == [21]
