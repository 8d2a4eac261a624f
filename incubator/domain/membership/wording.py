"""What people type, made fit to be stored: on one line, or as plain text of several."""

from __future__ import annotations

import re

from incubator.kernel.errors import Refusal
from incubator.kernel.text import one_line

# Controls that no text needs: PostgreSQL refuses NUL, and the directional ones forge what is read.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_GAPS = re.compile(r"\n{3,}")


def line(text: str, field: str, *, most: int, needed: bool = False) -> str:
    """A text on one line; raise Refusal ``membership.empty`` or ``membership.too_long``."""
    return _fit(one_line(_CONTROLS.sub("", text)), field, most=most, needed=needed)


def lines(text: str, field: str, *, most: int, needed: bool = False) -> str:
    """A text of several lines, without gaps; raise Refusal as ``line``."""
    plain = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return _fit(_GAPS.sub("\n\n", plain), field, most=most, needed=needed)


def _fit(text: str, field: str, *, most: int, needed: bool) -> str:
    if needed and not text:
        raise Refusal("membership.empty", field=field)
    if len(text) > most:
        raise Refusal("membership.too_long", field=field, most=most)
    return text


def moved(ids: list[int], one: int, *, up: bool) -> list[int]:
    """The order after one of these moved a place up or down; the same at the end of the way."""
    place = ids.index(one)
    there = place - 1 if up else place + 1
    if not 0 <= there < len(ids):
        return ids
    changed = list(ids)
    changed[place], changed[there] = changed[there], changed[place]
    return changed
