"""How long ago something was: the words of Babel, at a fraction of their cost."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from babel.dates import format_timedelta

from incubator.edge import formats
from incubator.edge.clock import stopped_at
from incubator.edge.locale import LOCALES

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask

SECONDS = (1, 59, 60, 89, 90, 3_569, 3_600, 5_399, 5_400, 84_599, 86_400, 129_600, 600_000)


@pytest.mark.parametrize("code", ["fr", "en"])
@pytest.mark.parametrize("seconds", SECONDS)
@pytest.mark.parametrize("sign", [1, -1])
def test_gaps_are_told_in_the_words_of_babel(
    app: Flask, frozen: datetime, code: str, seconds: int, sign: int
) -> None:
    gap = timedelta(seconds=sign * seconds)
    words = format_timedelta(
        gap, add_direction=True, threshold=1, locale=LOCALES[code], format="long"
    )
    with app.test_request_context(headers={"Accept-Language": code}), stopped_at(frozen):
        assert formats.ago(frozen + gap) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (59, "il y a 59 minutes"),
        (59.5, "il y a 1 heure"),
        (66, "il y a 1 heure"),
        (90, "il y a 2 heures"),
        (23 * 60 + 29, "il y a 23 heures"),
        (23 * 60 + 30, "il y a 1 jour"),
    ],
)
def test_an_hour_is_never_sixty_minutes(
    app: Flask, frozen: datetime, minutes: float, words: str
) -> None:
    with app.test_request_context(headers={"Accept-Language": "fr"}), stopped_at(frozen):
        assert formats.ago(frozen - timedelta(minutes=minutes)) == words


@pytest.mark.parametrize(
    ("code", "here", "before"),
    [("fr", "jeu. 12 nov.", "mer. 12 nov. 2025"), ("en", "Thu 12 Nov", "Wed 12 Nov 2025")],
)
def test_a_day_of_another_year_is_told_with_its_year(
    app: Flask, frozen: datetime, code: str, here: str, before: str
) -> None:
    year = timedelta(days=365)
    with app.test_request_context(headers={"Accept-Language": code}), stopped_at(frozen):
        assert formats.day(frozen) == here
        assert formats.day(frozen - year) == before
        assert formats.day((frozen - year).date()) == before


@pytest.mark.parametrize(
    ("code", "first", "second"),
    [
        ("fr", "mardi 1er décembre 2026", "mercredi 2 décembre 2026"),
        ("en", "Tuesday 1 December 2026", "Wednesday 2 December 2026"),
    ],
)
def test_the_first_of_a_month_is_no_mere_number_in_french(
    app: Flask, code: str, first: str, second: str
) -> None:
    day = date(2026, 12, 1)
    with app.test_request_context(headers={"Accept-Language": code}):
        assert formats.long_day(day) == first
        assert formats.long_day(day + timedelta(days=1)) == second
        assert formats.plain_day(date(2026, 12, 11), year=True).startswith("11 ")


@pytest.mark.parametrize(
    ("code", "one", "more"),
    [("fr", (0, 0.4, 1, 1.0, 1.9), (2, 2.5)), ("en", (1, 1.0), (0, 0.4, 1.9, 2))],
)
def test_a_number_with_decimals_has_the_form_of_its_language(
    app: Flask, code: str, one: tuple[float, ...], more: tuple[float, ...]
) -> None:
    with app.test_request_context(headers={"Accept-Language": code}):
        assert {formats.plural_of(value) for value in one} == {1}
        assert {formats.plural_of(value) for value in more} == {2}


def test_words_that_begin_a_sentence_keep_their_own_capitals() -> None:
    assert formats.begun("from Sunday 20 December") == "From Sunday 20 December"
    assert formats.begun("") == ""
