"""Rules of questions and answers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.domain.help import rules
from incubator.kernel.errors import Refusal

AT = datetime(2026, 11, 12, tzinfo=UTC)


@pytest.mark.parametrize(("length", "code"), [(7, "short"), (8, ""), (150, ""), (151, "long")])
def test_a_title_has_eight_to_a_hundred_and_fifty_characters(length: int, code: str) -> None:
    if not code:
        assert rules.clean_title("x" * length) == "x" * length
        return
    with pytest.raises(Refusal) as caught:
        rules.clean_title("x" * length)
    assert caught.value.code == f"help.title_too_{code}"
    assert caught.value.field == "title"
    assert set(caught.value.details.values()) <= {8, 150}


def test_a_title_is_one_line_without_forged_direction() -> None:
    assert rules.clean_title(" Relancer\n un\u202e client\x00 ") == "Relancer un client"


@pytest.mark.parametrize("body", ["", " \n\t ", "\x00\u202e"])
def test_a_body_says_something(body: str) -> None:
    with pytest.raises(Refusal) as caught:
        rules.clean_body(body)
    assert (caught.value.code, caught.value.field) == ("help.body_empty", "body")


def test_a_body_has_at_most_thirty_thousand_characters() -> None:
    assert len(rules.clean_body("x" * 30_000)) == 30_000
    with pytest.raises(Refusal) as caught:
        rules.clean_body("x" * 30_001)
    assert (caught.value.code, caught.value.details) == ("help.body_too_long", {"most": 30_000})


def test_a_body_has_one_kind_of_line_end() -> None:
    assert rules.clean_body("a\r\nb\rc\n") == "a\nb\nc"


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    for clean in (rules.clean_title, rules.clean_body, rules.clean_how):
        try:
            once = clean(text)
        except Refusal:
            continue
        assert clean(once) == once
        assert "\x00" not in once


@pytest.mark.parametrize(
    ("how", "code"), [("  ", "help.how_empty"), ("x" * 501, "help.how_too_long")]
)
def test_solved_otherwise_is_told_in_a_few_words(how: str, code: str) -> None:
    assert rules.clean_how(" Par \n téléphone ") == "Par téléphone"
    with pytest.raises(Refusal) as caught:
        rules.clean_how(how)
    assert (caught.value.code, caught.value.field) == (code, "how")


def test_a_reason_is_cut_never_refused() -> None:
    assert rules.clean_reason("") == ""
    assert len(rules.clean_reason("x" * 900)) == 500


@pytest.mark.parametrize(
    ("chosen", "code"), [([], "help.skills_none"), (range(6), "help.skills_too_many")]
)
def test_a_question_has_one_to_five_skills(chosen: list[int], code: str) -> None:
    assert rules.clean_skills([3, 1, 3, 2]) == (3, 1, 2)
    assert rules.clean_skills([1, 2, 3, 4, 5]) == (1, 2, 3, 4, 5)
    with pytest.raises(Refusal) as caught:
        rules.clean_skills(chosen)
    assert (caught.value.code, caught.value.field) == (code, "skills")


def test_a_thread_of_a_site_needs_a_site() -> None:
    assert rules.clean_audience("network", None, ()) == ("network", None)
    assert rules.clean_audience("site", 4, ()) == ("site", None)
    assert rules.clean_audience("circle:7", None, (6, 7)) == ("circle", 7)
    for audience, site_id in (("site", None), ("everybody", 4)):
        with pytest.raises(Refusal) as caught:
            rules.clean_audience(audience, site_id, (6, 7))
        assert (caught.value.code, caught.value.field) == ("help.audience", "audience")


def test_the_state_follows_from_the_records() -> None:
    assert rules.state_of(None, removed=False) == "open"
    assert rules.state_of(AT, removed=False) == "solved"
    assert rules.state_of(AT, removed=True) == "removed"


def test_small_words_tell_nothing_of_a_title() -> None:
    title = "pour qui est ce client relancer"
    assert [word for word in title.split() if rules.is_telling(word)] == ["client", "relancer"]
