"""Quiet hours by the clocks of where somebody lives: over midnight, weekends, changed clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from incubator.kernel.errors import Refusal
from incubator.network.letters.quiet_rules import DAY, Hours, Quiet, check

ZONES = ("Europe/Paris", "America/Toronto", "Africa/Dakar")
NIGHT = Hours()
PARIS, MONTREAL, DAKAR = ZONES


def at(text: str, zone: str, *, fold: int = 0) -> datetime:
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return local.astimezone(UTC)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("happened", "goes"),
    [
        ("2026-11-12 08:00", "2026-11-12 08:00"),
        ("2026-11-12 19:59:59", "2026-11-12 19:59:59"),
        ("2026-11-12 20:00", "2026-11-13 08:00"),
        ("2026-11-12 23:59", "2026-11-13 08:00"),
        ("2026-11-13 00:00", "2026-11-13 08:00"),
        ("2026-11-13 07:59:59", "2026-11-13 08:00"),
    ],
)
def test_a_night_ends_in_the_morning_of_each_zone(zone: str, happened: str, goes: str) -> None:
    assert Quiet(NIGHT, zone).after(at(happened, zone)) == at(goes, zone)


def test_one_instant_is_night_here_and_day_there() -> None:
    noon_in_dakar = datetime(2026, 11, 12, 12, tzinfo=UTC)
    asleep = [zone for zone in ZONES if Quiet(NIGHT, zone).holds(noon_in_dakar)]
    assert asleep == [MONTREAL]
    assert Quiet(NIGHT, MONTREAL).after(noon_in_dakar) == datetime(2026, 11, 12, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("happened", "goes"),
    [
        ("2026-11-13 19:00", "2026-11-13 19:00"),
        ("2026-11-13 20:30", "2026-11-16 08:00"),
        ("2026-11-14 12:00", "2026-11-16 08:00"),
        ("2026-11-15 23:00", "2026-11-16 08:00"),
        ("2026-11-16 08:00", "2026-11-16 08:00"),
    ],
)
def test_a_quiet_weekend_lasts_from_friday_night_to_monday_morning(
    happened: str, goes: str
) -> None:
    quiet = Quiet(Hours(weekends=True), PARIS)
    assert quiet.after(at(happened, PARIS)) == at(goes, PARIS)


def test_a_weekend_may_be_quiet_without_nights() -> None:
    quiet = Quiet(Hours(nights=False, weekends=True), DAKAR)
    assert quiet.after(at("2026-11-14 09:00", DAKAR)) == at("2026-11-16 00:00", DAKAR)
    assert not quiet.holds(at("2026-11-16 03:00", DAKAR))


def test_hours_within_a_day_are_a_rest_at_noon() -> None:
    quiet = Quiet(Hours(starts=12 * 60, ends=14 * 60), PARIS)
    assert quiet.after(at("2026-11-12 12:30", PARIS)) == at("2026-11-12 14:00", PARIS)
    assert quiet.after(at("2026-11-12 23:30", PARIS)) == at("2026-11-12 23:30", PARIS)


@pytest.mark.parametrize(
    ("zone", "evening", "hours"),
    [
        (PARIS, "2026-03-28 20:00", 11),
        (PARIS, "2026-10-24 20:00", 13),
        (MONTREAL, "2026-03-07 20:00", 11),
        (MONTREAL, "2026-10-31 20:00", 13),
        (DAKAR, "2026-03-28 20:00", 12),
    ],
)
def test_a_night_is_an_hour_shorter_or_longer_when_clocks_change(
    zone: str, evening: str, hours: int
) -> None:
    began = at(evening, zone)
    assert Quiet(NIGHT, zone).after(began) - began == timedelta(hours=hours)


def test_an_end_that_the_clocks_jump_over_is_the_instant_of_the_jump() -> None:
    quiet = Quiet(Hours(ends=150), PARIS)
    goes = quiet.after(at("2026-03-29 01:00", PARIS))
    assert goes == at("2026-03-29 03:00", PARIS) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_an_end_that_the_clocks_show_twice_holds_each_time() -> None:
    quiet = Quiet(Hours(ends=150), PARIS)
    assert quiet.after(at("2026-10-25 01:00", PARIS)) == at("2026-10-25 02:30", PARIS)
    second = at("2026-10-25 02:10", PARIS, fold=1)
    assert quiet.after(second) == at("2026-10-25 02:30", PARIS, fold=1)


@given(
    some.builds(
        Hours,
        nights=some.booleans(),
        starts=some.integers(0, DAY - 1),
        ends=some.integers(0, DAY - 1),
        weekends=some.booleans(),
    ).filter(lambda hours: hours.starts != hours.ends),
    some.integers(0, 366 * DAY),
    some.sampled_from(ZONES),
)
def test_a_letter_goes_at_the_first_minute_that_is_not_quiet(
    hours: Hours, minute: int, zone: str
) -> None:
    quiet = Quiet(hours, zone)
    instant = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    goes = quiet.after(instant)
    assert goes >= instant
    assert not quiet.holds(goes)
    if goes > instant:
        assert quiet.holds(instant)
        assert quiet.holds(goes - timedelta(seconds=1))
        steps = int((goes - instant).total_seconds() // 600)
        assert all(quiet.holds(instant + timedelta(minutes=10 * n)) for n in range(steps))


@pytest.mark.parametrize(
    ("hours", "code", "field"),
    [
        (Hours(starts=DAY), "letters.quiet_time", "starts"),
        (Hours(ends=-1), "letters.quiet_time", "ends"),
        (Hours(starts=60, ends=60), "letters.quiet_same", "ends"),
    ],
)
def test_what_is_no_span_is_refused_beside_its_field(hours: Hours, code: str, field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        check(hours)
    assert (refusal.value.code, refusal.value.field) == (code, field)
