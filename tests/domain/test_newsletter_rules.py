"""When letters about a week are drafted and leave, whatever clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from incubator.domain.newsletter.rules import Week, days_of, due_week, plan_for

PARIS, MONTREAL, AUCKLAND = "Europe/Paris", "America/Montreal", "Pacific/Auckland"
MINUTE = timedelta(minutes=1)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


# Seven in the morning of a Thursday: in winter, in summer, and where it is another day in UTC.
THURSDAYS = [
    (PARIS, utc(2026, 11, 12, 6), Week(2026, 46)),
    (PARIS, utc(2026, 7, 9, 5), Week(2026, 28)),
    (MONTREAL, utc(2026, 11, 12, 12), Week(2026, 46)),
    (AUCKLAND, utc(2026, 11, 11, 18), Week(2026, 46)),
    # The first day of a year that is in the week of the year before.
    (PARIS, utc(2026, 12, 31, 6), Week(2026, 53)),
]


@pytest.mark.parametrize(("zone", "seven", "week"), THURSDAYS)
def test_a_letter_is_drafted_from_seven_on_thursday_of_its_site_on(
    zone: str, seven: datetime, week: Week
) -> None:
    assert due_week(seven - MINUTE, zone) is None
    assert due_week(seven, zone) == week


@pytest.mark.parametrize(("zone", "seven", "week"), THURSDAYS)
def test_a_machine_that_was_off_drafts_until_saturday_is_over(
    zone: str, seven: datetime, week: Week
) -> None:
    midnight = seven + timedelta(days=2, hours=17)
    assert due_week(midnight - MINUTE, zone) == week
    assert due_week(midnight, zone) is None


def test_a_letter_leaves_on_friday_at_nine_by_the_clocks_of_its_site() -> None:
    week = Week(2026, 46)
    leaves = {
        zone: plan_for(week, zone, now=utc(2026, 11, 11), carried=None).leaves_at
        for zone in (PARIS, MONTREAL, AUCKLAND)
    }
    assert leaves == {
        PARIS: utc(2026, 11, 13, 8),
        MONTREAL: utc(2026, 11, 13, 14),
        AUCKLAND: utc(2026, 11, 12, 20),
    }


@pytest.mark.parametrize(
    ("week", "hours"), [(Week(2026, 43), 168), (Week(2026, 44), 169), (Week(2026, 13), 168)]
)
def test_a_week_is_a_week_of_clocks_also_when_they_are_set_back(week: Week, hours: int) -> None:
    plan = plan_for(week, PARIS, now=utc(2026, 1, 1), carried=None)
    assert plan.until - plan.since == timedelta(hours=hours)
    assert days_of(plan.since, plan.until, PARIS) == (week.day(4) - timedelta(days=7), week.day(4))


def test_a_week_is_an_hour_shorter_when_clocks_are_set_forward() -> None:
    plan = plan_for(Week(2026, 14), PARIS, now=utc(2026, 1, 1), carried=None)
    assert plan.until - plan.since == timedelta(hours=167)


def test_a_late_draft_leaves_its_managers_four_hours() -> None:
    late = utc(2026, 11, 13, 21)
    plan = plan_for(Week(2026, 46), PARIS, now=late, carried=None)
    assert plan.leaves_at == late + timedelta(hours=4)
    assert plan.until == utc(2026, 11, 12, 6)


def test_what_was_not_told_is_carried_for_five_weeks() -> None:
    week, now = Week(2026, 46), utc(2026, 11, 12, 6)
    carried = utc(2026, 10, 22, 5)
    assert plan_for(week, PARIS, now=now, carried=carried).since == carried
    long_ago = plan_for(week, PARIS, now=now, carried=utc(2026, 3, 1)).since
    assert long_ago == now - timedelta(days=35)


def test_a_site_that_moved_to_another_zone_still_has_a_week() -> None:
    now = utc(2026, 11, 12, 6)
    plan = plan_for(Week(2026, 46), PARIS, now=now, carried=now + timedelta(hours=5))
    assert plan.since < plan.until


def test_the_last_thursday_of_a_month_ends_it() -> None:
    ending = [number for number in range(40, 54) if Week(2026, number).ends_month]
    assert [Week(2026, number).day(4) for number in ending] == [
        date(2026, 10, 29),
        date(2026, 11, 26),
        date(2026, 12, 31),
    ]
