"""Passwords that are tried first: known words with a few digits around, rows, repetitions."""

from __future__ import annotations

import re
from pathlib import Path

from incubator.kernel.text import fold

_WORDS = frozenset(Path(__file__).with_name("weak_words.txt").read_text("ascii").split())
_ROWS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "azertyuiopqsdfghjklmwxcvbn",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1a2z3e4r5t6y7u8i9o0p",
    "1q2w3e4r5t6y7u8i9o0p",
)
_LEET = str.maketrans("013457@$€!", "oieastasei")
_LEAST_VARIETY = 5


def is_weak(password: str) -> bool:
    """Whether a guesser tries this password, or its pattern, among the first."""
    folded = fold(password)
    if len(set(folded)) < _LEAST_VARIETY or _repeats(folded) or _is_row(folded):
        return True
    core = re.sub(r"^[^a-z]+|[^a-z]+$", "", folded)
    spelled = re.sub(r"[^a-z]", "", folded.translate(_LEET))
    return any(
        re.sub(r"[^a-z]", "", text) in _WORDS or _repeats(text) or _is_row(text)
        for text in (core, core.translate(_LEET), spelled, folded.rstrip("0123456789!?.* "))
        if text
    )


def _repeats(text: str) -> bool:
    return bool(re.fullmatch(r"(.{1,6})\1+", text))


def _is_row(text: str) -> bool:
    """Whether all of it runs along the keyboard, the alphabet or the digits, in either sense."""
    return any(text in row or text in row[::-1] for row in _ROWS)
