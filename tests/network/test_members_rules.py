"""What profiles and firms may say."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.kernel.errors import Refusal
from incubator.network.members import rules


@given(st.text("0123456789", min_size=1, max_size=20))
def test_exactly_one_last_digit_fits_the_others(digits: str) -> None:
    assert sum(rules.luhn(digits + last) for last in "0123456789") == 1


@pytest.mark.parametrize("number", ["732 829 320", "732829320", "732 829 320 00074"])
def test_a_true_siren_is_kept_as_nine_digits(number: str) -> None:
    assert rules.clean_registration(number, "FR") == "732829320"


@pytest.mark.parametrize("number", ["732829321", "73282932", "abc", "٧٣٢٨٢٩٣٢٠"])
def test_a_wrong_siren_is_refused_in_france(number: str) -> None:
    with pytest.raises(Refusal, match="siren"):
        rules.clean_registration(number, "FR")


def test_a_foreign_number_is_kept_as_written() -> None:
    assert rules.clean_registration("NEQ 1144-123", "CA") == "NEQ 1144-123"
    with pytest.raises(Refusal, match="registration"):
        rules.clean_registration("<b>", "CA")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("atelier.example", "https://atelier.example"),
        ("http://atelier.example/a?b=c", "http://atelier.example/a?b=c"),
        ("atelier.example:8080", "https://atelier.example:8080"),
        ("", ""),
    ],
)
def test_a_web_address_has_a_web_scheme(typed: str, kept: str) -> None:
    assert rules.clean_web(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["javascript:alert(1)", "JavaScript:1.x", "ftp://a.example", "data:text/html,x", "atelier",
     "https://a b.example", "https://me:secret@a.example", "https://[::1", "http://"],
)  # fmt: skip
def test_any_other_address_is_refused(typed: str) -> None:
    with pytest.raises(Refusal, match=r"members\.web"):
        rules.clean_web(typed)


@given(st.text(max_size=60))
def test_whatever_is_typed_gives_a_web_address_or_a_refusal(typed: str) -> None:
    with suppress(Refusal):
        kept = rules.clean_web(typed)
        assert kept == "" or kept.startswith(("http://", "https://"))


def test_more_than_twelve_skills_are_refused_beside_their_field() -> None:
    with pytest.raises(Refusal) as refused:
        rules.check_skills([1] * 12, list(range(13)))
    assert (refused.value.code, refused.value.field) == ("members.too_many_skills", "wanted")
    with pytest.raises(Refusal, match="too_many_skills"):
        rules.check_skills([1] * 13, [])
    with pytest.raises(Refusal, match="level"):
        rules.check_skills([4], [])


def test_languages_are_kept_once_each() -> None:
    assert rules.clean_languages(["fr", "wo", "fr"]) == "fr,wo"
    with pytest.raises(Refusal, match=r"members\.language"):
        rules.clean_languages(["klingon"])
    with pytest.raises(Refusal, match="too_many_languages"):
        rules.clean_languages(rules.SPOKEN[:13])


def test_phones_years_sizes_and_lengths_are_checked() -> None:
    assert rules.clean_phone(" +33 6  39 98 ") == "+33 6 39 98"
    for code, call in (
        ("members.phone", lambda: rules.clean_phone("call me")),
        ("members.year", lambda: rules.check_year(2027, 2026)),
        ("members.size", lambda: rules.check_size(0)),
        ("members.too_long", lambda: rules.fit("x" * 5, "name", most=4)),
        ("members.empty", lambda: rules.fit("  ", "name", most=4, least=1)),
    ):
        with pytest.raises(Refusal, match=code):
            call()
