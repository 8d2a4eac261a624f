"""Letters that time makes: a stay without an end, half a month, its close, debts and pauses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from incubator.domain.commitments import plans, ticking
from incubator.domain.commitments.kiosk_models import Device
from incubator.kernel.db import db, transaction
from tests.factories_accounts import letters, link_in
from tests.factories_checkins import came, screen, stayed
from tests.factories_commitments import confirmed, pledged
from tests.factories_slots import a_slot

FIRST = datetime(2026, 11, 1, 9, tzinfo=UTC)
HALF = datetime(2026, 11, 16, 9, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 10, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def lyon(make):
    make.now = FIRST
    return make.site()


@pytest.fixture
def sophie(make, lyon):
    return make.member(lyon, role="manager", email="sophie@example.org", language="en")


@pytest.fixture
def ines(make, lyon):
    return make.member(lyon, email="ines@example.org", language="en")


@pytest.fixture
def at(app, make):
    """What a tick at an instant tells: (to, subject, plain text) of its letters."""

    def told(now: datetime) -> list[tuple[str, str, str]]:
        make.now = now
        ticking.tick(now)
        return [
            (one["to"], one["subject"].replace("\N{NO-BREAK SPACE}", " "), plain(one))
            for one in letters(app, make)
        ]

    return told


def plain(letter) -> str:
    return letter.get_body(("plain",)).get_content().replace("\N{NO-BREAK SPACE}", " ")


def subjects(told) -> list[tuple[str, str]]:
    return [(to, subject) for to, subject, _ in told]


def test_whoever_forgot_to_check_out_is_asked_once_when_they_left(make, app, lyon, ines) -> None:
    came(make, ines, lyon, FIRST)
    make.now = FIRST + 24 * HOUR
    ticking.tick(make.now)
    ticking.tick(make.now + HOUR)
    (letter,) = letters(app, make)
    assert letter["to"] == "ines@example.org"
    assert letter["subject"] == "When did you leave?"
    assert link_in(letter).endswith("/departure")


def test_half_of_a_month_is_told_once_to_who_has_something_left(
    make, lyon, ines, sophie, at
) -> None:
    held = make.member(lyon, email="held@example.org")
    for member in (ines, held):
        pledged(make, member, sophie, minutes_per_period=60)
    confirmed(make, held, sophie, minutes=60, day=FIRST.date())
    assert subjects(at(HALF - 24 * HOUR)) == []
    (told,) = at(HALF)
    assert told[:2] == ("ines@example.org", "Half of the month is over: 0 h of 1 h")
    assert "until Monday 30 November 2026" in told[2]
    assert at(HALF + HOUR) == []


def test_half_of_a_month_proposes_duties_that_fit(make, lyon, ines, sophie, at) -> None:
    pledged(make, ines, sophie, minutes_per_period=600)
    for week in (1, 2):
        stayed(make, ines, lyon, FIRST + timedelta(weeks=week), 1)
    a_slot(make, sophie, lyon, title="Morning desk", day=(HALF + timedelta(days=6)).date())
    told = [text for _, subject, text in at(HALF) if subject.startswith("Half")]
    assert "Morning desk" in told[0]


def test_a_closed_month_is_told_once_with_its_figures(make, ines, sophie, at) -> None:
    pledged(make, ines, sophie, minutes_per_period=120)
    confirmed(make, ines, sophie, minutes=90, day=FIRST.date())
    told = [one for one in at(DECEMBER) if one[1] == "Your hours of November 2026"]
    assert [to for to, _, _ in told] == ["ines@example.org"]
    assert "You gave 1 h 30, 2 h were promised" in told[0][2]
    assert "Your hours of November 2026" not in [one[1] for one in at(DECEMBER + HOUR)]


def test_a_debt_is_announced_with_the_day_and_what_lifts_it(make, ines, sophie, at) -> None:
    pledged(make, ines, sophie, minutes_per_period=60)
    told = [text for _, subject, text in at(DECEMBER) if "still owed" in subject]
    assert len(told) == 1
    assert "may pause your membership from Thursday 24 December 2026 on" in told[0]
    assert "a plan agreed" in told[0]
    assert not [one for one in at(DECEMBER + HOUR) if "still owed" in one[1]]


def test_a_pause_and_its_end_are_told(make, ines, sophie, at) -> None:
    pledged(make, ines, sophie, minutes_per_period=60)
    at(DECEMBER)
    later = DECEMBER + timedelta(days=20)
    at(later)
    with transaction():
        plans.pause(make.actor(sophie), ines.id, now=later)
    assert subjects(at(later)) == [("ines@example.org", "Your membership is paused")]
    with transaction():
        plans.lift(make.actor(sophie), ines.id, now=later)
    assert ("ines@example.org", "Your membership is no longer paused") in subjects(at(later))


def test_managers_hear_once_a_morning_of_what_piles_up(make, lyon, sophie, at) -> None:
    for number in range(3):
        came(make, make.member(lyon, email=f"m{number}@example.org"), lyon, FIRST)
    at(FIRST + 16 * HOUR)
    (told,) = at(FIRST + 24 * HOUR)
    assert told[:2] == ("sophie@example.org", "This morning at Lyon")
    assert "3 stays have no known end" in told[2]
    assert at(FIRST + 25 * HOUR) == []


def test_managers_hear_of_a_screen_that_has_been_silent_for_days(make, lyon, sophie, at) -> None:
    device, _key = screen(make, sophie, lyon)
    with transaction():
        db.session.get_one(Device, device.id).last_seen_at = FIRST - timedelta(days=4)
    (told,) = at(FIRST + HOUR)
    assert "No sign of life for three days from: Accueil." in told[2]
