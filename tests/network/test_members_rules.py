"""What profiles may say."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.kernel.errors import Refusal
from incubator.network.members import rules


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


def test_phones_and_lengths_are_checked() -> None:
    assert rules.clean_phone(" +33 6  39 98 ") == "+33 6 39 98"
    for code, call in (
        ("members.phone", lambda: rules.clean_phone("call me")),
        ("members.too_long", lambda: rules.fit("x" * 5, "name", most=4)),
        ("members.empty", lambda: rules.fit("  ", "name", most=4, least=1)),
    ):
        with pytest.raises(Refusal, match=code):
            call()
