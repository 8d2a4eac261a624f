"""Amounts as people type them, in whole cents of a euro. Pure."""

from __future__ import annotations

import re
from typing import Final

from incubator.kernel.errors import Refusal

# Cents: a hundred million euros is a slip of the finger.
MOST: Final = 10_000_000_000
_BLANKS: Final = re.compile(r"[\s\u00a0\u202f]+")
_GROUPED: Final = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*(?:(?!\1)[.,]\d{1,2})")
_PLAIN: Final = re.compile(r"\d+(?:[.,]\d{1,2})?")


def cents_of(typed: str, field: str) -> int | None:
    """The cents of «1 200,50», «1200.5» or «1 200 €»; None of nothing typed.

    Raise Refusal ``listings.amount`` about ``field``: «1,200» could be read in two ways.
    """
    bare = _BLANKS.sub("", typed).removesuffix("€").removeprefix("€")
    if not bare:
        return None
    if not bare.isascii() or not (_PLAIN.fullmatch(bare) or _GROUPED.fullmatch(bare)):
        raise Refusal("listings.amount", field=field)
    whole, _, part = re.sub(r"[.,](?=\d{1,2}$)", "|", bare).partition("|")
    cents = int(re.sub(r"[.,]", "", whole)[:20]) * 100 + int(part.ljust(2, "0") or 0)
    if cents > MOST:
        raise Refusal("listings.amount", field=field)
    return cents


def typed_of(cents: int | None) -> str:
    """An amount as the form shows it again: «1200,50», «1200»; empty for None."""
    if cents is None:
        return ""
    whole, part = divmod(cents, 100)
    return f"{whole},{part:02d}" if part else str(whole)
