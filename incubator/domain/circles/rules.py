"""Rules of circles: what they are called, how one comes in, how many there may be."""

from __future__ import annotations

from typing import Final

from incubator.kernel.errors import Refusal
from incubator.kernel.text import one_line

JOINING: Final = ("request", "invitation")
NAME_LENGTH: Final = range(2, 61)
DESCRIPTION_MOST: Final = 500
# Of one member: their row repeats the circles they are in.
CIRCLES_MOST: Final = 50
MEMBERS_MOST: Final = 500


def clean_name(name: str) -> str:
    """The name on one line; raise Refusal ``circles.name``."""
    line = one_line(name.replace("\0", ""))
    if len(line) not in NAME_LENGTH:
        raise Refusal(
            "circles.name", field="name", least=NAME_LENGTH.start, most=NAME_LENGTH.stop - 1
        )
    return line


def clean_description(text: str) -> str:
    """What it is for; raise Refusal ``circles.description``."""
    kept = text.replace("\0", "").replace("\r\n", "\n").strip()
    if len(kept) > DESCRIPTION_MOST:
        raise Refusal("circles.description", field="description", most=DESCRIPTION_MOST)
    return kept


def clean_joining(joining: str) -> str:
    """How one comes in; raise Refusal ``circles.joining``."""
    if joining not in JOINING:
        raise Refusal("circles.joining", field="joining")
    return joining
