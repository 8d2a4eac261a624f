"""Leaf mosaics: a grid of leaves, quarters and dots in the colours of a site."""

from __future__ import annotations

from incubator.edge.art.dice import Dice
from incubator.edge.art.palettes import HONEY, HUES, SPROUT

TILE = 40
# Arcs drawn in a square of 40; a shape written twice comes up twice as often.
LEAVES = (
    "M0 40A40 40 0 0 1 40 0A40 40 0 0 1 0 40Z",
    "M0 0A40 40 0 0 1 40 40A40 40 0 0 1 0 0Z",
)
SHAPES = (
    *(LEAVES * 3),
    "M0 0H40A40 40 0 0 1 0 40Z",
    "M40 0V40A40 40 0 0 1 0 0Z",
    "M40 40H0A40 40 0 0 1 40 0Z",
    "M0 40V0A40 40 0 0 1 40 40Z",
    "M0 0H40A20 20 0 0 1 0 0Z",
    "M0 40H40A20 20 0 0 0 0 40Z",
    "M0 20A20 20 0 1 1 40 20A20 20 0 1 1 0 20Z",
)


def mosaic(seed: str, hue: int, *, columns: int = 6, rows: int = 4) -> str:
    """A mosaic as a whole SVG document, in the colours of ``hue`` (a Site.hue, 0 to 11)."""
    dice = Dice(f"mosaic/{seed}")
    dark, strong, light, pale = HUES[hue % len(HUES)]
    colours = (dark, dark, strong, light, pale, SPROUT, HONEY)
    width, height = columns * TILE, rows * TILE
    squares: list[str] = []
    shapes: dict[str, list[str]] = {}
    for place in range(columns * rows):
        x, y = place % columns * TILE, place // columns * TILE
        ground = dice.pick((dark, strong, strong, light, pale))
        squares.append(f"<rect x='{x}' y='{y}' width='40.7' height='40.7' fill='{ground}'/>")
        colour = dice.pick([c for c in colours if c != ground])
        shape = dice.pick(SHAPES)
        shapes.setdefault(colour, []).append(f"<path transform='translate({x} {y})' d='{shape}'/>")
    groups = [f"<g fill='{colour}'>{''.join(paths)}</g>" for colour, paths in shapes.items()]
    head = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}'"
        " preserveAspectRatio='xMidYMid slice'>"
    )
    return "".join([head, *squares, *groups, "</svg>"])
