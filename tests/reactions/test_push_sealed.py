"""What is sealed and signed is what the RFCs say, and what no other can read."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec

from incubator.kernel.settings import BadSettings, Settings
from incubator.reactions.push import keys
from incubator.reactions.push.sealing import MOST, sealed
from tests.push_browsers import CURVE, Taker, claims, from_b64

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 12, 9, 41, tzinfo=UTC)

# The example of RFC 8291, Appendix A.
PLAIN = b"When I grow up, I want to be a watermelon"
RECEIVER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6T"
    "lzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4"
    "a-fN"
)


def key(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(from_b64(text), "big"), CURVE)


def test_the_example_of_the_rfc_comes_out_sign_by_sign() -> None:
    taker = Taker("https://push.example.net/x", key(RECEIVER), from_b64(AUTH))
    body = sealed(
        PLAIN,
        point=taker.point,
        secret=taker.secret,
        private=key(SENDER),
        salt=from_b64(SALT),
        step=1,
    )
    assert body == from_b64(SEALED)
    assert taker.opened(body) == PLAIN


def test_only_its_browser_reads_a_push_and_its_length_tells_little() -> None:
    taker, other = Taker("https://a.example"), Taker("https://b.example")
    short, long = (
        sealed(text, point=taker.point, secret=taker.secret) for text in (b"Yes", b"No" * 40)
    )
    assert (taker.opened(short), taker.opened(long), len(short)) == (b"Yes", b"No" * 40, len(long))
    with pytest.raises(InvalidTag):
        other.opened(short)


@pytest.mark.parametrize("size", [0, MOST])
def test_no_push_is_longer_than_services_take(size: int) -> None:
    taker = Taker("https://a.example")
    body = sealed(b"x" * size, point=taker.point, secret=taker.secret)
    assert (len(body) <= 4096, taker.opened(body)) == (True, b"x" * size)
    with pytest.raises(ValueError, match="too long"):
        sealed(b"x" * (MOST + 1), point=taker.point, secret=taker.secret)


@pytest.fixture
def place(tmp_path: Path) -> Settings:
    return Settings(instance_dir=tmp_path, secret_key="s" * 40, base_url="https://in.example")


def test_the_key_is_made_once_and_is_for_its_owner_alone(place: Settings) -> None:
    assert keys.key_of(place) is None
    keys.make(place)
    first = keys.key_of(place)
    keys.make(place)
    again = keys.key_of(place)
    assert first
    assert again
    assert first.public == again.public
    assert stat.S_IMODE(keys.path_of(place).stat().st_mode) == 0o600
    given = replace(place, vapid_key=SENDER)
    found = keys.key_of(given)
    assert found
    assert found.name != first.name


@pytest.mark.parametrize("text", ["", "short", "broken", "é" * 43, "A" * 43, "A" * 60])
def test_a_file_that_holds_no_key_is_told_in_one_sentence(place: Settings, text: str) -> None:
    keys.path_of(place).write_text(text, "utf-8")
    with pytest.raises(BadSettings, match="no key for pushes"):
        keys.key_of(place)


def test_a_setting_that_is_no_key_stops_the_start(place: Settings) -> None:
    with pytest.raises(BadSettings, match="vapid_key"):
        replace(place, vapid_key="short")


@pytest.mark.parametrize(
    ("mail_from", "subject"),
    [("", "https://in.example"), ("it@in.example", "mailto:it@in.example")],
)
def test_a_service_learns_who_speaks_to_it_alone_and_until_when(
    place: Settings, mail_from: str, subject: str
) -> None:
    keys.make(place)
    ours = keys.key_of(place)
    assert ours
    settings = replace(place, mail_from=mail_from)
    told = claims(ours.header("https://push.example.net:8443/a/b?c", settings, now=NOW))
    assert told == {
        "aud": "https://push.example.net:8443",
        "exp": int((NOW + timedelta(hours=12)).timestamp()),
        "sub": subject,
        "k": ours.public,
    }
