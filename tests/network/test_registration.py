"""Registration numbers of firms, checked as their countries do."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.kernel.errors import Refusal
from incubator.network.members.registration import (
    NUMBERS,
    clean_registration,
    registration_key,
    spelled,
)


@pytest.mark.parametrize("number", ["732 829 320", "732829320", "732 829 320 00074"])
def test_a_true_siren_is_kept_as_nine_digits(number: str) -> None:
    assert clean_registration(number, "FR") == "732829320"


@pytest.mark.parametrize(
    ("number", "country", "reason"),
    [
        ("732829321", "FR", "firms.check_digit"),
        ("73282932", "FR", "firms.registration"),
        ("abc", "FR", "firms.registration"),
        ("٧٣٢٨٢٩٣٢٠", "FR", "firms.registration"),
        ("0428.759.498", "BE", "firms.check_digit"),
        ("CHE-100.155.213", "CH", "firms.check_digit"),
        ("123", "SN", "firms.registration"),
        ("9944123456", "CA", "firms.registration"),
    ],
)
def test_a_wrong_number_says_what_is_wrong_for_its_country(
    number: str, country: str, reason: str
) -> None:
    with pytest.raises(Refusal) as refused:
        clean_registration(number, country)
    assert (refused.value.code, refused.value.field) == (reason, "registration")
    assert refused.value.details["kind"] == NUMBERS[country].name


@pytest.mark.parametrize("country", NUMBERS)
def test_the_example_of_each_country_passes_its_own_check(country: str) -> None:
    kept = clean_registration(NUMBERS[country].example, country)
    assert clean_registration(spelled(kept, country).replace("\u202f", " "), country) == kept


@pytest.mark.parametrize("number", ["1144123456", "11 4412 3456", "3344-123-456"])
def test_quebec_firms_give_their_neq(number: str) -> None:
    assert clean_registration(number, "CA") == "".join(filter(str.isdigit, number))


def test_a_number_of_a_country_without_a_check_is_kept_as_written() -> None:
    assert clean_registration("RC 1144-123", "HT") == "RC 1144-123"
    with pytest.raises(Refusal, match="registration_letters"):
        clean_registration("<b>", "HT")
    assert clean_registration("  ", "FR") == ""


def test_two_writings_of_one_number_have_one_key() -> None:
    assert registration_key("rc 1144-123", "HT") == registration_key("RC1144 123", "HT")
    assert registration_key("1", "HT") != registration_key("1", "CM")
    assert registration_key("", "FR") is None


def test_a_siren_is_spelled_in_groups_that_do_not_break() -> None:
    assert spelled("732829320", "FR") == "732\u202f829\u202f320"
    assert spelled("not checked then", "FR") == "not checked then"


@given(st.text(max_size=60), st.sampled_from([*NUMBERS, "", "HT"]))
def test_whatever_is_typed_gives_a_short_plain_number_or_a_refusal(typed: str, land: str) -> None:
    with suppress(Refusal):
        kept = clean_registration(typed, land)
        assert len(kept) <= 40
        assert kept.isascii()
        assert kept == "" or clean_registration(kept, land) == kept
