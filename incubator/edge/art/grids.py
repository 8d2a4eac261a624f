"""Figures of sites: a grid of shaded cells, and small bars against a median.

Numbers stand in the cells: shade and words say the same. Each figure has a label for those who
cannot see it; the page puts the same numbers in a table below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LEVELS = 4
ROW = 30
GAP = 3
TOP = 24
NAME = 44
WEEK = 360
SPARK_WIDTH, SPARK_HEIGHT = 168, 60
LONGEST = 22  # signs of a name beside a row
SIGN = 7.2  # the mean width of a sign, in the units of the drawing
SIDE = 42  # of a cell of the square


@dataclass(frozen=True)
class Shade:
    """A cell: its number in words, its share of the greatest, and whether to ring it."""

    words: str
    share: float
    marked: bool = False

    @property
    def level(self) -> int:
        """0 for nothing, to 4."""
        return min(LEVELS, max(1, round(self.share * LEVELS))) if self.share > 0 else 0


_TEXT = Markup("<text x='{}' y='{}'{}>{}</text>")


def week_grid(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Mapping[tuple[int, int], Shade],
    *,
    label: str,
) -> Markup:
    """A grid as wide as a phone: ``cells`` by (row, column)."""
    width = (WEEK - NAME) / max(len(columns), 1)
    heads = Markup().join(
        _TEXT.format(f"{NAME + (number + 0.5) * width:.1f}", 15, _MIDDLE, name)
        for number, name in enumerate(columns)
    )
    sides = Markup().join(
        _TEXT.format(0, TOP + number * ROW + 19, "", name) for number, name in enumerate(rows)
    )
    body = Markup().join(
        _cell(shade, (NAME + column * width, TOP + row * ROW), width)
        for (row, column), shade in sorted(cells.items())
    )
    return _figure("shades", (WEEK, TOP + len(rows) * ROW), heads + sides + body, label=label)


SLOPE = 0.71  # a slanted name is this much of its length high and wide
_MIDDLE = Markup(" text-anchor='middle'")
_END = Markup(" text-anchor='end'")


def matrix_grid(names: Sequence[str], cells: Mapping[tuple[int, int], Shade], label: str) -> Markup:
    """A square of who gives (rows) to whom (columns); it keeps its size and scrolls when wide."""
    longest = max((len(shortened(name)) for name in names), default=0) * SIGN
    room, slant = longest + 14, longest * SLOPE + 16  # beside the rows, above the columns
    heads = Markup().join(
        Markup("<text transform='translate({:.0f} {:.0f}) rotate(-45)'>{}</text>").format(
            room + (number + 0.5) * SIDE, slant - 6, shortened(name)
        )
        for number, name in enumerate(names)
    )
    sides = Markup().join(
        _TEXT.format(f"{room - 8:.0f}", f"{slant + number * ROW + 19:.0f}", _END, shortened(name))
        for number, name in enumerate(names)
    )
    body = Markup().join(
        _cell(
            cells.get((row, column), Shade("", 0)), (room + column * SIDE, slant + row * ROW), SIDE
        )
        for row in range(len(names))
        for column in range(len(names))
    )
    size = (room + len(names) * SIDE + slant - SIDE / 2, slant + len(names) * ROW)
    return _figure("shades shades--wide", size, heads + sides + body, label=label, fixed=True)


def shortened(name: str) -> str:
    """A name that fits beside a row."""
    return name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…"


def _cell(shade: Shade, place: tuple[float, float], width: float) -> Markup:
    x, y = place
    kind = f"k{shade.level}{' ringed' if shade.marked else ''}"
    drawn = Markup(
        "<rect class='{}' x='{:.1f}' y='{:.1f}' width='{:.1f}' height='{}' rx='6'/>"
    ).format(kind, x + GAP / 2, y + GAP / 2, width - GAP, ROW - GAP)
    if not shade.words:
        return drawn
    strong = Markup(" class='on' text-anchor='middle'") if shade.level == LEVELS else _MIDDLE
    return drawn + _TEXT.format(f"{x + width / 2:.1f}", f"{y + 19:.1f}", strong, shade.words)


def spark(values: Sequence[int | None], medians: Sequence[int | None], label: str) -> Markup:
    """A small multiple: a bar a period, and a stroke where the network's median is."""
    known = [one for one in (*values, *medians) if one is not None]
    scale = (SPARK_HEIGHT - 6) / max([*known, 1])
    step = SPARK_WIDTH / max(len(values), 1)
    parts = Markup()
    for number, (value, middle) in enumerate(zip(values, medians, strict=True)):
        left, width = number * step + 3, step - 6
        height = (value or 0) * scale
        parts += Markup(
            "<rect class='b0' x='{:.1f}' y='0' width='{:.1f}' height='{}' rx='4'/>"
        ).format(left, width, SPARK_HEIGHT)
        if height >= 1:
            parts += Markup(
                "<rect class='b1' x='{:.1f}' y='{:.1f}' width='{:.1f}' height='{:.1f}' rx='4'/>"
            ).format(left, SPARK_HEIGHT - height, width, height)
        if middle is not None:
            y = SPARK_HEIGHT - middle * scale
            parts += Markup("<path class='mid' d='M{:.1f} {:.1f}H{:.1f}'/>").format(
                left - 2, y, left + width + 2
            )
    return _figure("chart spark", (SPARK_WIDTH, SPARK_HEIGHT), parts, label=label)


def _figure(
    kind: str, size: tuple[float, float], inside: Markup, *, label: str, fixed: bool = False
) -> Markup:
    width, height = round(size[0]), round(size[1])
    own = Markup(" width='{}' height='{}'").format(width, height) if fixed else Markup("")
    return Markup(
        "<svg class='{}' viewBox='0 0 {} {}'{} role='img' aria-label='{}'>{}</svg>"
    ).format(kind, width, height, own, label, inside)
