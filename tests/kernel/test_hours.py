"""Durations as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.kernel.hours import format_minutes, parse_minutes


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("1h30", 90),
        ("1 h 30", 90),
        ("1:30", 90),
        ("1 H 30 min", 90),
        ("90 min", 90),
        ("90m", 90),
        ("1,5 h", 90),
        ("1.5", 90),
        ("2", 120),
        ("2 heures", 120),
        ("0 h 45", 45),
        ("1\u00a0h\u00a005", 65),
    ],
)
def test_a_duration_is_read_as_it_is_meant(typed: str, minutes: int) -> None:
    assert parse_minutes(typed) == minutes


@pytest.mark.parametrize(
    "typed", ["", "h", "1 h 75", "1:60", "-1 h", "une heure", "1,5 h 30", "1e3"]
)
def test_what_is_no_duration_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_minutes(typed)


@given(st.integers(min_value=0, max_value=500_000))
def test_what_is_written_is_read_back(minutes: int) -> None:
    assert parse_minutes(format_minutes(minutes)) == minutes


def test_less_than_nothing_has_a_minus_sign() -> None:
    assert format_minutes(-65) == "\u22121\u00a0h\u00a005"
