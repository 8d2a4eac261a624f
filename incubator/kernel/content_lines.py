"""Lines of vCard and iCalendar: escaped and folded as RFC 5545 and RFC 6350 say. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

OCTETS_A_LINE = 75
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_ESCAPED = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n"})


def document(lines: Iterable[str]) -> str:
    """The lines as a file holds them."""
    return "".join(f"{folded(line)}\r\n" for line in lines)


def text(value: str) -> str:
    """A text as a property holds it: no control characters, separators escaped."""
    return _CONTROL.sub("", value.replace("\r\n", "\n")).translate(_ESCAPED)


def uri(value: str) -> str:
    """An address as a property holds it: as it is, on one line."""
    return _CONTROL.sub("", value).replace("\n", "")


def folded(line: str) -> str:
    """The line in pieces of at most 75 octets, never inside a character."""
    pieces, room, piece = [], OCTETS_A_LINE, ""
    for letter in line:
        weight = len(letter.encode())
        if weight > room:
            # What follows begins with a space, which counts.
            pieces.append(piece)
            piece, room = "", OCTETS_A_LINE - 1
        piece += letter
        room -= weight
    return "\r\n ".join([*pieces, piece])
