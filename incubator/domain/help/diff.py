"""What an edit changed, word by word; pure."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    # How it changed, what stood there before, what stands there now.
    Stretch = tuple[str, Sequence[str], Sequence[str]]

# Longer stretches are compared as a whole: comparing words costs their number squared.
WORDS_COMPARED: Final = 600
LEAST_ALIKE: Final = 0.5
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


class Piece(NamedTuple):
    """A stretch of text: «same», «gone» or «new»."""

    kind: str
    text: str


def changes(old: str, new: str) -> list[Piece]:
    """The text before and after as pieces; what is new or gone stands at its place."""
    pieces: list[Piece] = []
    for kind, before, after in _compared(_lines(old), _lines(new)):
        alike = _alike(_words(before), _words(after)) if kind == "replace" else None
        for each in alike or [(kind, before, after)]:
            pieces += _pieces(*each)
    return _joined(pieces)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _words(lines: Sequence[str]) -> list[str]:
    return _WORDS.findall("".join(lines))


def _alike(old: Sequence[str], new: Sequence[str]) -> list[Stretch] | None:
    """What became of each word; None when so little stayed that it would read as a jumble."""
    if max(len(old), len(new)) > WORDS_COMPARED:
        return None
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return list(_stretches(matcher, old, new)) if matcher.ratio() >= LEAST_ALIKE else None


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[Stretch]:
    return _stretches(SequenceMatcher(None, old, new), old, new)


def _stretches(
    matcher: SequenceMatcher[str], old: Sequence[str], new: Sequence[str]
) -> Iterator[Stretch]:
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        yield kind, old[start:end], new[new_start:new_end]


def _pieces(kind: str, before: Sequence[str], after: Sequence[str]) -> list[Piece]:
    if kind == "equal":
        return [Piece("same", "".join(before))]
    both = (Piece("gone", "".join(before)), Piece("new", "".join(after)))
    return [piece for piece in both if piece.text]


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours of one kind as one piece."""
    found: list[Piece] = []
    for piece in pieces:
        if found and found[-1].kind == piece.kind:
            found[-1] = Piece(piece.kind, found[-1].text + piece.text)
        else:
            found.append(piece)
    return found
