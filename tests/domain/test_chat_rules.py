"""Rules of the chat."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.domain.chat import rules
from incubator.kernel.errors import Refusal


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b\u2060", "\x00\x07", "\ufeff \u00a0"])
def test_a_message_says_something(text: str) -> None:
    with pytest.raises(Refusal, match=r"chat\.blank"):
        rules.said(text)


def test_a_message_has_at_most_4000_characters() -> None:
    assert len(rules.said("é" * 4000)) == 4000
    with pytest.raises(Refusal) as refused:
        rules.said("é" * 4001)
    assert (refused.value.code, refused.value.details) == ("chat.too_long", {"most": 4000})


@given(st.text(st.characters()))
def test_what_is_stored_can_be_stored(text: str) -> None:
    kept = rules.clean(text)
    assert kept.encode().decode() == kept
    assert "\x00" not in kept
    assert "\r" not in kept
    assert rules.clean(kept) == kept


@pytest.mark.parametrize("key", ["", "short", "x" * 37, "a" * 15, "é" * 20, "a b" * 8])
def test_a_key_is_16_to_36_plain_characters(key: str) -> None:
    with pytest.raises(Refusal, match=r"chat\.bad_cid"):
        rules.named(key)


def test_a_uuid_is_a_key() -> None:
    assert rules.named("0d5e3c1a-7a3b-4c43-9e56-3f4f0c1b2a3d")


@pytest.mark.parametrize("name", ["", "x", " y ", "z" * 61, "\n"])
def test_a_topic_has_a_name_of_2_to_60_characters(name: str) -> None:
    with pytest.raises(Refusal, match=r"chat\.bad_name"):
        rules.topic_name(name)


def test_a_topic_has_its_name_on_one_line() -> None:
    assert rules.topic_name("  Export\nhors  Europe ") == "Export hors Europe"
