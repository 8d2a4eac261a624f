"""Where the firms of a ring stand in its picture, and the arrows between them. Pure."""

from __future__ import annotations

from math import asin, cos, degrees, radians, sin
from typing import Final, NamedTuple

WIDTH, HEIGHT = 320, 250
_CENTRE: Final = (160, 118)
DISC = 30
_AROUND = 84
_GAP: Final = 10


class Spot(NamedTuple):
    """A firm: the middle of its disc, and of the words below or above it."""

    x: float
    y: float
    text_y: float


class Arrow(NamedTuple):
    """From a firm to the next: the line and its head, as paths."""

    line: str
    head: str


def spots(size: int) -> list[Spot]:
    """The firms, clockwise from the top."""
    found = []
    for number in range(size):
        x, y = _at(360 * number / size)
        found.append(Spot(round(x, 1), round(y, 1), round(y + 5, 1)))
    return found


def arrows(size: int) -> list[Arrow]:
    """Each gives to the next, clockwise."""
    step = 360 / size
    room = 2 * degrees(asin((DISC + _GAP) / 2 / _AROUND))
    return [_arrow(number * step + room, (number + 1) * step - room) for number in range(size)]


def _arrow(begin: float, end: float) -> Arrow:
    (x0, y0), (x1, y1) = _at(begin), _at(end - 4)
    line = f"M{x0:.1f} {y0:.1f}A{_AROUND} {_AROUND} 0 0 1 {x1:.1f} {y1:.1f}"
    tip_x, tip_y = _at(end)
    turn = radians(end)
    along, across = (cos(turn), sin(turn)), (-sin(turn), cos(turn))
    back = [
        (
            tip_x - along[0] * 11 + side * across[0] * 6.5,
            tip_y - along[1] * 11 + side * across[1] * 6.5,
        )
        for side in (1, -1)
    ]
    head = f"M{tip_x:.1f} {tip_y:.1f}" + "".join(f"L{x:.1f} {y:.1f}" for x, y in back) + "z"
    return Arrow(line, head)


def _at(angle: float) -> tuple[float, float]:
    """A place on the ring; 0 is the top, and it goes as a clock does."""
    turn = radians(angle)
    return _CENTRE[0] + _AROUND * sin(turn), _CENTRE[1] - _AROUND * cos(turn)
