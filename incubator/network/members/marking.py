"""Pointing out in a text the words that a search found: pure, on what the reader sees anyway."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from incubator.kernel.stems import stems
from incubator.kernel.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

AROUND = 60
_WRITTEN = re.compile(r"[^\W_]+")


def pieces(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is to be marked; together they are the text."""
    found: list[tuple[str, bool]] = []
    end = 0
    for start, stop in _places(text, words):
        if start > end:
            found.append((text[end:start], False))
        found.append((text[start:stop], True))
        end = stop
    if end < len(text):
        found.append((text[end:], False))
    return found


def found_in(text: str, words: Sequence[str]) -> bool:
    """Whether any of the words stands in a text."""
    return next(_places(text, words), None) is not None


def extract_of(text: str, words: Sequence[str]) -> str:
    """The part of a text around the first of the words, or nothing."""
    place = next(_places(text, words), None)
    if place is None:
        return ""
    start, stop = max(0, place[0] - AROUND), min(len(text), place[1] + AROUND)
    if start:
        start = text.find(" ", start, place[0]) + 1 or place[0]
    if stop < len(text):
        cut = text.rfind(" ", place[1], stop)
        stop = cut if cut > 0 else place[1]
    before, after = "… " if start else "", " …" if stop < len(text) else ""
    return f"{before}{text[start:stop].strip()}{after}"


def _places(text: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    wanted = [(word, stems(word)) for word in words]
    for match in _WRITTEN.finditer(text) if wanted else ():
        written = fold(match[0])
        if any(written.startswith(word) or same & stems(written) for word, same in wanted):
            yield match.span()
