"""Rules of addresses, names, zones and passwords."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from hypothesis import given
from hypothesis import strategies as st

from incubator.kernel.errors import Refusal
from incubator.network.accounts import limits, rules
from incubator.network.accounts.passwords import check_password, hash_password, is_outdated


@pytest.mark.parametrize("good", ["a@b.fr", " Camille@Atelier-Dervaux.example ", "x.y+z@sub.b.org"])
def test_an_address_is_kept_in_lower_case(good: str) -> None:
    assert rules.clean_email(good) == good.strip().lower()


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "a",
        "a@b",
        "a b@c.fr",
        "a@b.fr\nBcc: x@y.fr",
        "a@b.fr\r",
        "é@b.fr",
        "a@-b.fr",
        "a,b@c.fr",
    ],
)
def test_an_address_that_would_break_a_header_is_refused(bad: str) -> None:
    if bad == "a@b.fr\r":
        bad = "a@b\r.fr"
    with pytest.raises(Refusal) as refused:
        rules.clean_email(bad)
    assert refused.value.code == "accounts.email_bad"


def test_an_address_too_long_is_refused() -> None:
    with pytest.raises(Refusal):
        rules.clean_email(
            "a" * 64 + "@" + "b" * 60 + "." + "c" * 60 + "." + "d" * 60 + "." + "e" * 60
        )


@given(st.text(max_size=140))
def test_a_name_is_one_printable_line_or_refused(text: str) -> None:
    plain = " ".join(text.split())
    if plain and len(plain) <= rules.MOST_NAME and plain.isprintable():
        assert rules.clean_name(text) == plain
    else:
        with pytest.raises(Refusal):
            rules.clean_name(text)


def test_a_zone_is_found_whatever_its_capitals() -> None:
    assert rules.clean_time_zone("america/new york") == "America/New_York"
    with pytest.raises(Refusal):
        rules.clean_time_zone("Europe/Atlantide")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("court", "short"),
        ("x" * 201, "long"),
        ("motdepasse", "common"),
        ("MotDePasse2024!", "common"),
        ("P@ssw0rd123456", "common"),
        ("azertyuiop", "common"),
        ("1234567890", "common"),
        ("0987654321", "common"),
        ("aaaaaaaaaaaa", "common"),
        ("soleilsoleil", "common"),
        ("Bonjour12345", "common"),
        ("1234567890bonjour", "common"),
        ("Camille Dervaux", "own"),
        ("dervaux-1987", "own"),
        ("camille@atelier.example", "own"),
        ("CamilleDervaux!", "own"),
    ],
)
def test_a_password_that_is_guessed_first_is_refused(password: str, reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        rules.check_new_password(password, email="camille@atelier.example", name="Camille Dervaux")
    assert refused.value.code == f"accounts.password_{reason}"


@pytest.mark.parametrize(
    "password",
    [
        "une loutre dans la brume",
        "Tr0is-chats;gris",
        "é" * 5 + "ù à la noix",
        "x7 Kq!9 zv2",
        "z" + "yx9b" * 49,
    ],
)
def test_a_few_words_make_a_password(password: str) -> None:
    rules.check_new_password(password, email="camille@atelier.example", name="Camille Dervaux")


def test_a_password_fits_its_hash_however_its_accents_are_typed() -> None:
    stored = hash_password("caf\u00e9 du matin")
    assert check_password("cafe\u0301 du matin", stored)
    assert not check_password("cafe du matin", stored)
    assert not is_outdated(stored)


def test_a_hash_of_the_house_is_dear_to_who_guesses(dear_passwords) -> None:
    stored = hash_password("caf\u00e9 du matin")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert check_password("caf\u00e9 du matin", stored)
    assert is_outdated(PasswordHasher.from_parameters(CHEAPEST).hash("caf\u00e9"))


def test_no_account_and_a_broken_hash_fit_nothing() -> None:
    assert not check_password("nobody", None)
    assert not check_password("nobody", "not a hash")


def test_an_ipv6_home_counts_as_one_address() -> None:
    assert limits.origin("2001:db8:1:2:aaaa::1") == limits.origin("2001:db8:1:2:bbbb::9")
    assert limits.origin("2001:db8:1:2::1") != limits.origin("2001:db8:1:3::1")
    assert limits.origin("192.0.2.7") == "192.0.2.7"
    assert limits.origin(None) == ""


def test_an_ipv4_address_is_the_same_behind_a_server_that_listens_on_ipv6() -> None:
    assert limits.origin("::ffff:192.0.2.7") == "192.0.2.7"
    assert limits.neighbourhood("::ffff:192.0.2.7") == limits.neighbourhood("192.0.2.9")
    assert limits.neighbourhood("::ffff:192.0.2.7") != limits.neighbourhood("::ffff:198.51.100.7")
