"""Details of the log are told as people read them; what is no day stays as it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from incubator.blueprints.admin.values import value_words

if TYPE_CHECKING:
    from flask import Flask


@pytest.mark.parametrize(
    ("name", "value", "french", "english"),
    [
        ("role", "manager", "Responsable de site", "Site manager"),
        ("since", "2026-12-01", "mardi 1er décembre 2026", "Tuesday 1 December 2026"),
        ("days", ["2026-12-01", 3], "mardi 1er décembre 2026, 3", "Tuesday 1 December 2026, 3"),
        ("warns", True, "oui", "yes"),
        ("warns", False, "non", "no"),
        ("why", None, "–", "–"),
        ("number", "2026-13-45", "2026-13-45", "2026-13-45"),
        ("number", "2026-0001", "2026-0001", "2026-0001"),
        ("minutes", -305, "-305", "-305"),
    ],
)
def test_a_detail_is_told_in_words(
    app: Flask, name: str, value: object, french: str, english: str
) -> None:
    for code, words in (("fr", french), ("en", english)):
        with app.test_request_context(headers={"Accept-Language": code}):
            assert value_words(name, value) == words


def test_an_instant_is_told_by_the_clock_of_its_reader(app: Flask, frozen: object) -> None:
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        told = value_words("helped", "2026-11-28 11:29:15.201716+00:00")
    assert told == "28 nov. à 12\u00a0h\u00a029"
