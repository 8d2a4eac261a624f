"""Rules of care: trust, what waits, what more people read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.domain.help.care import rules
from incubator.kernel.errors import Refusal
from tests.conftest import HOUSE_LIMITS, NOW

STANDINGS = st.builds(rules.Standing, months=st.integers(0, 60), helped=st.integers(0, 20))


@pytest.mark.parametrize(
    ("months", "helped", "level"),
    [
        (0, 0, "new"),
        (2, 0, "new"),
        (3, 0, "known"),
        (0, 1, "known"),
        (60, 0, "known"),
        (11, 4, "known"),
        (12, 1, "trusted"),
        (0, 5, "trusted"),
    ],
)
def test_trust_grows_with_help_and_months(months: int, helped: int, level: str) -> None:
    assert rules.level(rules.Standing(months=months, helped=helped)) == level


@given(STANDINGS, st.integers(0, 12), st.integers(0, 5))
def test_more_of_anything_is_never_less_trust(
    standing: rules.Standing, months: int, helped: int
) -> None:
    more = rules.Standing(months=standing.months + months, helped=standing.helped + helped)
    place = rules.LEVELS.index
    assert place(rules.level(more)) >= place(rules.level(standing))


@pytest.mark.parametrize("kind", HOUSE_LIMITS)
def test_trust_allows_more(kind: str) -> None:
    allowed = [HOUSE_LIMITS[kind][level] for level in rules.LEVELS]
    assert all(less < more for less, more in pairwise(allowed))


def test_months_are_whole() -> None:
    assert rules.months_since(NOW - timedelta(days=89), NOW) == 2
    assert rules.months_since(NOW - timedelta(days=90), NOW) == 3
    assert rules.months_since(NOW + timedelta(days=1), NOW) == 0


def test_a_report_waits_until_a_standing_measure_answers_it() -> None:
    first, then, later = (datetime(2026, 11, day, tzinfo=UTC) for day in (1, 2, 3))
    assert rules.waiting_since([], []) is None
    assert rules.waiting_since([then, first], []) == first
    assert rules.waiting_since([first], [then]) is None
    assert rules.waiting_since([first, later], [then]) == later


@pytest.mark.parametrize(
    ("old", "new", "wider"),
    [
        (("network", 1), ("site", 1), False),
        (("network", 1), ("site", 2), False),
        (("network", 1), ("network", 2), False),
        (("site", 1), ("network", 1), True),
        (("site", 1), ("site", 2), True),
        (("site", 1), ("site", 1), False),
    ],
)
def test_other_readers_are_more_readers(
    old: tuple[str, int], new: tuple[str, int], wider: bool
) -> None:
    assert rules.is_wider(old, new) is wider


def test_words_are_one_clean_line() -> None:
    assert rules.clean_words(" a\n\u202eb\x00 ", needed=True) == "a b"
    assert rules.clean_words("  ", needed=False) == ""
    with pytest.raises(Refusal, match=r"care\.words$"):
        rules.clean_words(" \u202e ", needed=True)
    with pytest.raises(Refusal, match=r"care\.words_long"):
        rules.clean_words("a" * 1001, needed=True)


def test_a_reason_is_one_of_the_list_and_other_says_more() -> None:
    assert rules.clean_reason("private", "") == ("private", "")
    with pytest.raises(Refusal, match=r"care\.reason"):
        rules.clean_reason("spam' OR 1=1", "x")
    with pytest.raises(Refusal, match=r"care\.words$"):
        rules.clean_reason("other", " ")


@pytest.mark.parametrize("days", [-1, 91, None])
def test_a_pin_ends_within_a_season(days: int | None) -> None:
    today = date(2026, 11, 12)
    until = None if days is None else today + timedelta(days=days)
    with pytest.raises(Refusal, match="care_until"):
        rules.clean_until(until, today)
    assert rules.clean_until(today, today) == today
