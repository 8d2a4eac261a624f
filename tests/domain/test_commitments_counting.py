"""Facts become lines of the ledger: written once, rewritten when they change, corrected late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.domain.commitments import counting
from incubator.domain.commitments.ledger_models import Line, Standing
from incubator.domain.commitments.models import Contribution, Rule
from incubator.domain.commitments.presence_models import Presence
from incubator.kernel.db import db, transaction
from tests.factories_commitments import confirmed, lines, total
from tests.factories_hours import kept, session_row

if TYPE_CHECKING:
    from tests.factories import Make

HOUR = timedelta(hours=1)
NINE = datetime(2026, 11, 12, 9, tzinfo=UTC)


@pytest.fixture
def lyon(make: Make):
    return make.site()


@pytest.fixture
def ines(make: Make, lyon):
    return make.member(lyon, name="Inès")


@pytest.fixture
def sophie(make: Make, lyon):
    return make.member(lyon, role="manager")


def stayed(make: Make, member, site, start: datetime, hours: float) -> Presence:
    """A session that ended by itself, not counted yet."""
    end = start + hours * HOUR
    return kept(session_row(make, member, site, day=start.date(), started_at=start, ended_at=end))


def counted(make: Make, member, *days: date) -> None:
    with transaction():
        counting.recount(member.id, days, actor_id=None, now=make.now)


def written(member) -> list[tuple[int, str]]:
    rows = db.session.scalars(select(Line).where(Line.member_id == member.id).order_by(Line.id))
    return [(row.minutes, row.key.rpartition(":")[2]) for row in rows if row.kind == "DONE"]


def test_a_closed_session_is_counted_once_and_says_so(make, ines, lyon) -> None:
    made = stayed(make, ines, lyon, NINE, 3)
    for _ in range(2):
        counted(make, ines, NINE.date())
    assert lines(ines) == [("DONE", 180)]
    assert (made.state, db.session.scalars(select(Standing.done)).one()) == ("counted", 180)


def test_a_shortened_session_is_taken_back_and_written_anew(make, ines, lyon) -> None:
    made = stayed(make, ines, lyon, NINE, 3)
    counted(make, ines, NINE.date())
    with transaction():
        made.ended_at, made.state, made.rev = NINE + HOUR, "closed", 2
    counted(make, ines, NINE.date())
    assert lines(ines) == [("DONE", 180), ("REVERSAL", -180), ("DONE", 60)]
    assert written(ines) == [(180, "1"), (60, "2")]


def test_a_void_session_leaves_nothing(make, ines, lyon) -> None:
    made = stayed(make, ines, lyon, NINE, 3)
    counted(make, ines, NINE.date())
    with transaction():
        made.state = "void"
    counted(make, ines, NINE.date())
    assert (total(ines), len(lines(ines))) == (0, 2)


def test_overlapping_sessions_count_every_minute_once(make, ines, lyon) -> None:
    nantes = make.site("Nantes")
    stayed(make, ines, lyon, NINE, 3)
    stayed(make, ines, nantes, NINE + 2 * HOUR, 3)
    counted(make, ines, NINE.date())
    assert lines(ines) == [("DONE", 180), ("DONE", 120)]


def test_a_night_over_the_end_of_the_month_is_two_lines_of_two_months(make, ines, lyon) -> None:
    make.now += timedelta(days=30)
    stayed(make, ines, lyon, datetime(2026, 11, 30, 22, 30, tzinfo=UTC), 1)
    counted(make, ines, date(2026, 11, 30))
    rows = db.session.scalars(select(Line).order_by(Line.id)).all()
    assert [(row.day, row.minutes) for row in rows] == [
        (date(2026, 11, 30), 30),
        (date(2026, 12, 1), 30),
    ]
    assert rows[0].period_id != rows[1].period_id


def test_help_on_site_counts_outside_presence_only(make, ines, sophie, lyon) -> None:
    stayed(make, ines, lyon, NINE, 2)
    made = confirmed(make, ines, sophie, minutes=180, day=NINE.date())
    assert sorted(lines(ines)) == [("DONE", 120), ("HELP", 60)]
    assert db.session.get_one(Contribution, made.id).counted == 60


def test_a_session_told_later_takes_from_the_help_of_its_day(make, ines, sophie, lyon) -> None:
    confirmed(make, ines, sophie, minutes=180, day=NINE.date())
    stayed(make, ines, lyon, NINE, 2)
    counted(make, ines, NINE.date())
    assert total(ines) == 180
    assert lines(ines)[:2] == [("HELP", 180), ("REVERSAL", -180)]


def test_who_owes_nothing_has_no_cap_of_help_to_keep(make, ines, sophie) -> None:
    with transaction():
        db.session.scalars(select(Rule)).one().help_cap_pct = 50
    confirmed(make, ines, sophie, minutes=180)
    assert lines(ines) == [("HELP", 180)]
