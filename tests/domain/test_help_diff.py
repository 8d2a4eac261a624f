"""What an edit changed, as its readers see it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.domain.help.diff import WORDS_COMPARED, Piece, changes

TEXTS = st.text(alphabet="ab \né.", max_size=60)


@given(TEXTS, TEXTS)
def test_the_pieces_give_back_both_texts(old: str, new: str) -> None:
    pieces = changes(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == new


@given(TEXTS)
def test_the_same_text_did_not_change(text: str) -> None:
    assert changes(text, text) == ([Piece("same", text)] if text else [])


def test_a_word_changes_inside_its_sentence() -> None:
    assert changes("Payez sous 30 jours, merci.", "Payez sous 45 jours, merci.") == [
        Piece("same", "Payez sous "),
        Piece("gone", "30"),
        Piece("new", "45"),
        Piece("same", " jours, merci."),
    ]


def test_another_sentence_is_shown_whole_and_not_as_a_jumble() -> None:
    old, new = "Le texte de la première fenêtre", "Les deux"
    assert changes(old, new) == [Piece("gone", old), Piece("new", new)]


@pytest.mark.parametrize("word", ["a", "ab ", "é\n"])
def test_long_texts_are_compared_by_lines(word: str) -> None:
    old, new = word * WORDS_COMPARED * 2, f"x{word}" * WORDS_COMPARED * 2
    assert {piece.kind for piece in changes(old, new)} == {"gone", "new"}
