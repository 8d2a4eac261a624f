"""When digests come: by the clocks of each zone, once a local day, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from incubator.kernel.errors import Refusal
from incubator.network.letters.kinds import DAILY, WEEKLY
from incubator.network.letters.pace_rules import Pace, check, next_due

ZONES = ("Europe/Paris", "America/Montreal", "Africa/Dakar", "Asia/Kathmandu", "Pacific/Apia")
NAIVE = datetime.fromisoformat("2026-01-01")
INSTANTS = some.datetimes(
    NAIVE.replace(year=2024), NAIVE.replace(year=2028), timezones=some.just(UTC)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "zone", "pace", "due"),
    [
        ("2026-11-12 06:59", "Europe/Paris", Pace(), "2026-11-12 07:00"),
        ("2026-11-12 07:00", "Europe/Paris", Pace(), "2026-11-13 07:00"),
        ("2026-11-12 07:00", "America/Montreal", Pace(), "2026-11-12 13:00"),
        ("2026-11-12 01:00", "Asia/Kathmandu", Pace(), "2026-11-12 02:15"),
        # 2:30 does not exist when the clocks go forward, and comes twice when they go back.
        ("2026-03-29 00:00", "Europe/Paris", Pace(150), "2026-03-29 01:00"),
        ("2026-10-25 00:00", "Europe/Paris", Pace(150), "2026-10-25 00:30"),
        ("2026-10-25 00:30", "Europe/Paris", Pace(150), "2026-10-26 01:30"),
    ],
)
def test_a_daily_digest_comes_at_its_hour(now: str, zone: str, pace: Pace, due: str) -> None:
    assert next_due(DAILY, at(now), pace=pace, zone=zone).at == at(due)


def test_a_weekly_digest_comes_on_its_day() -> None:
    due = next_due(WEEKLY, at("2026-11-12 09:00"), pace=Pace(weekday=0), zone="Europe/Paris")
    assert (due.at, f"{due.day}") == (at("2026-11-16 07:00"), "2026-11-16")
    again = next_due(WEEKLY, due.at, pace=Pace(weekday=0), zone="Europe/Paris")
    assert again.at == at("2026-11-23 07:00")


@given(INSTANTS, some.sampled_from(ZONES), some.integers(0, 1439), some.integers(0, 6))
def test_the_next_one_is_later_of_another_day_and_soon(
    now: datetime, zone: str, minutes: int, weekday: int
) -> None:
    for rhythm, longest in ((DAILY, 2), (WEEKLY, 8)):
        pace = Pace(minutes, weekday)
        first = next_due(rhythm, now, pace=pace, zone=zone)
        second = next_due(rhythm, first.at, pace=pace, zone=zone)
        assert now < first.at <= now + timedelta(days=longest)
        assert first.day < second.day
        assert first.at.astimezone(ZoneInfo(zone)).date() == first.day


@pytest.mark.parametrize("pace", [Pace(-1), Pace(1440), Pace(weekday=7), Pace(weekday=-1)])
def test_what_is_no_hour_or_day_is_refused(pace: Pace) -> None:
    with pytest.raises(Refusal, match=r"letters\.pace"):
        check(pace)
