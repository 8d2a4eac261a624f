"""Figures drawn by the server: the petal ring and the bars of the year."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Sequence

CENTRE = 66
RADIUS = 58
HALF_TURN = 180  # degrees; SVG wants to know whether an arc is longer
MANY = 16  # petals; beyond, the gaps shrink
HAIR = 0.02  # of a petal; thinner is not drawn
MOST = 40  # petals; beyond, one petal stands for several hours
HOUR = 60
BASE = 128  # where the bars stand, in the units of the drawing
TALLEST = 100
WIDTH = 320
BAR = Markup("<rect class='{}' x='{:.1f}' y='{:.1f}' width='{:.1f}' height='{:.1f}' rx='{:.1f}'/>")


def ring(
    owed: int, done: int, pending: int = 0, *, planned: int = 0, label: str, **words: str
) -> Markup:
    """One petal per hour owed, filled by minutes done, then by minutes awaiting approval.

    ``owed``, ``done``, ``pending`` and ``planned`` (still to come, drawn thin) are minutes; less
    than nothing done is drawn as nothing. ``label`` says the figure to those who cannot
    see it. ``words`` may hold ``big`` and ``sub`` (lines in the middle) and ``cls``.
    """
    hours = max(1, math.ceil(owed / HOUR))
    petals = min(hours, MOST)
    unit = max(owed, HOUR) / petals
    filled = min(max(done, 0) / unit, petals)
    waiting = min((max(done, 0) + pending) / unit, petals)
    coming = min((max(done, 0) + pending + planned) / unit, petals)
    layers = (
        ("bg", 0.0, float(petals)),
        ("fg", 0.0, filled),
        ("fg2", filled, waiting),
        ("fg3", waiting, coming),
    )
    paths = Markup().join(
        Markup("<path class='{}' d='{}'/>").format(name, d)
        for name, start, end in layers
        if (d := _petals(petals, start, end))
    )
    return Markup(
        "<svg class='ring {cls}' viewBox='0 0 132 132' role='img' aria-label='{label}'>{paths}"
        "<text x='66' y='70'>{big}</text><text class='sub' x='66' y='87'>{sub}</text></svg>"
    ).format(
        cls=words.get("cls", ""),
        label=label,
        paths=paths,
        big=words.get("big", ""),
        sub=words.get("sub", ""),
    )


def _petals(count: int, start: float, end: float) -> str:
    """The arcs of the petals between two positions, counted in petals from the top."""
    width = 360 / count
    length = width - (7 if count <= MANY else 3)
    if count == 1:
        length = width - 0.5  # a full turn would close on itself and vanish
    arcs = []
    for petal in range(count):
        low, high = max(start, petal), min(end, petal + 1)
        if high - low > HAIR:
            origin = petal * width + (width - length) / 2
            arcs.append(_arc(origin + (low - petal) * length, origin + (high - petal) * length))
    return "".join(arcs)


def _arc(start: float, end: float) -> str:
    (x0, y0), (x1, y1) = _point(start), _point(end)
    large = 1 if end - start > HALF_TURN else 0
    return f"M{x0:.2f} {y0:.2f}A{RADIUS} {RADIUS} 0 {large} 1 {x1:.2f} {y1:.2f}"


def _point(angle: float) -> tuple[float, float]:
    turn = math.radians(angle)
    return CENTRE + RADIUS * math.sin(turn), CENTRE - RADIUS * math.cos(turn)


@dataclass(frozen=True)
class Month:
    """A bar of the year: its initial, minutes given, minutes owed, and whether it is over."""

    initial: str
    done: int
    owed: int
    over: bool = True


def year_chart(months: Sequence[Month], label: str, goal: str) -> Markup:
    """The year in bars against what was owed; a month that is over and short is honey.

    ``goal`` are the words beside the dashed line. The line is drawn when every month owes the same.
    """
    top = max([m.done for m in months] + [m.owed for m in months] + [1])
    scale = TALLEST / top
    step = WIDTH / max(len(months), 1)
    bars = Markup().join(_bar(m, (index * step, step), scale) for index, m in enumerate(months))
    return Markup(
        "<svg class='chart' viewBox='0 0 320 150' role='img' aria-label='{label}'>"
        "<path class='grid' d='M0 128.5H320'/>{bars}{line}</svg>"
    ).format(label=label, bars=bars, line=_goal(months, scale, goal))


def _bar(month: Month, place: tuple[float, float], scale: float) -> Markup:
    """One bar: the whole height in grey, what was given over it, the initial below."""
    x, step = place
    left, width, height = x + step * 0.12, step * 0.76, month.done * scale
    kind = "b2" if month.over and month.done < month.owed else "b1"
    drawn = BAR.format("b0", left, BASE - TALLEST, width, TALLEST, 5)
    if height >= 1:
        drawn += BAR.format(kind, left, BASE - height, width, height, min(5.0, height / 2))
    return drawn + Markup("<text x='{:.1f}' y='145' text-anchor='middle'>{}</text>").format(
        x + step / 2, month.initial
    )


def _goal(months: Sequence[Month], scale: float, words: str) -> Markup:
    owed = {month.owed for month in months if month.owed}
    if len(owed) != 1:
        return Markup("")
    y = f"{BASE - owed.pop() * scale:.1f}"
    return Markup(
        "<path class='goal' d='M0 {y}H320'/><text x='320' y='16' text-anchor='end'>{words}</text>"
    ).format(y=y, words=words)
