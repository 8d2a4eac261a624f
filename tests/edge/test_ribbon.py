"""Where the things of a day stand on its ribbon."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from incubator.edge.ribbon import COLUMNS, LANES, DayItem, ribbon

NOW = datetime(2026, 11, 12, 9, 41, tzinfo=UTC)


def item(start: datetime, **length: float) -> DayItem:
    return DayItem(starts_at=start, ends_at=start + timedelta(**length), title="x", address="/")


def utc(hour: int, minute: int = 0, *, day: int = 12, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def test_a_usual_day_goes_from_eight_to_twenty_in_the_clock_of_its_zone():
    drawn = ribbon([item(utc(13), hours=3)], now=NOW, time_zone="Europe/Paris")
    assert [mark.minutes // 60 for mark in drawn.marks] == list(range(8, 20))
    assert [(each.start, each.end, each.lane) for each in drawn.placed] == [(24, 36, 1)]
    assert drawn.now == 11  # 10 h 41, eleven quarters of an hour after eight


def test_elsewhere_the_same_instant_stands_elsewhere():
    drawn = ribbon([item(utc(19), hours=2)], now=utc(20), time_zone="America/Montreal")
    assert [(each.start, each.end) for each in drawn.placed] == [(24, 32)]
    assert drawn.now == 28


def test_what_lies_outside_shows_the_whole_day():
    drawn = ribbon([item(utc(5), hours=1)], now=NOW, time_zone="Europe/Paris")
    assert [mark.minutes // 60 for mark in drawn.marks] == list(range(0, 24, 2))
    assert [(each.start, each.end) for each in drawn.placed] == [(12, 14)]


def test_before_and_after_the_usual_day_there_is_no_mark_of_now():
    assert ribbon([], now=utc(5), time_zone="Europe/Paris").now is None
    assert ribbon([], now=utc(19), time_zone="Europe/Paris").now is None


def test_things_at_the_same_time_stand_in_lanes():
    three = [item(utc(9), hours=2), item(utc(10), hours=2), item(utc(11), hours=1)]
    drawn = ribbon(three, now=NOW, time_zone="Europe/Paris")
    assert [each.lane for each in drawn.placed] == [1, 2, 1]
    assert drawn.lanes == 2


def test_short_things_have_their_words_beside_them_where_there_is_room():
    """One before noon has room behind it, one of the evening before it, one between two none."""
    short = [item(utc(8), minutes=30), item(utc(18, 15), minutes=30)]
    tight = [item(utc(12), minutes=30), item(utc(12, 30), hours=2), item(utc(11), hours=1)]
    drawn = ribbon([*short, *tight], now=NOW, time_zone="Europe/Paris")
    assert [each.words for each in drawn.placed] == ["after", "in", "told", "in", "before"]


def test_words_beside_two_short_things_never_meet():
    """The first takes the columns between them, the second those behind."""
    near = [item(utc(9), minutes=30), item(utc(11), minutes=30), item(utc(12), hours=7)]
    drawn = ribbon(near, now=NOW, time_zone="Europe/Paris")
    assert [each.words for each in drawn.placed] == ["before", "told", "in"]


def test_a_night_is_cut_at_midnight_and_yesterday_is_left_out():
    night, before = item(utc(22), hours=4), item(utc(10, day=11), hours=1)
    drawn = ribbon([night, before], now=NOW, time_zone="Europe/Paris")
    assert [(each.start, each.end) for each in drawn.placed] == [(46, 48)]


def test_the_day_that_the_clock_changes_is_read_on_the_wall():
    sunday = utc(8, day=25, month=10)  # 9 h in Paris since the night
    drawn = ribbon([item(sunday, hours=1)], now=sunday, time_zone="Europe/Paris")
    assert [(each.start, each.end) for each in drawn.placed] == [(4, 8)]


MINUTES = st.integers(-2_000, 4_000)


@given(st.lists(st.tuples(MINUTES, st.integers(0, 3_000)), max_size=8), st.integers(0, 1_439))
def test_everything_stays_on_the_ribbon(spans, minute):
    midnight = utc(0)
    things = [item(midnight + timedelta(minutes=start), minutes=long) for start, long in spans]
    drawn = ribbon(things, now=midnight + timedelta(minutes=minute), time_zone="UTC")
    for each in drawn.placed:
        assert 0 <= each.start < each.end <= COLUMNS
        assert 1 <= each.lane <= LANES
    assert drawn.now is None or 0 <= drawn.now < COLUMNS
