"""The icon of the installed product, drawn from our own logo: pictures in any size, no file kept.

Knows of SVG what the logo uses: a rounded square, cubic curves and half circles.
"""

from __future__ import annotations

import io
import math
import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

LOGO: Final = Path(__file__).parents[2] / "static" / "img" / "logo.svg"
SIDE: Final = 32.0
# Drawn larger, then made smaller: the edges are smooth.
FINER: Final = 4
STEPS: Final = 24
# A system may cut everything but a circle of four fifths; the drawing stays inside.
SAFE: Final = 0.72
SQUARE: Final = re.compile(r'<rect[^>]* rx="([\d.]+)" fill="(#\w{6})"')
SHAPE: Final = re.compile(r'<path d="([^"]+)" fill="(#\w{6})"')
PART: Final = re.compile(r"([A-Za-z])([^A-Za-z]*)")
NUMBER: Final = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")

Point = tuple[float, float]


@lru_cache(maxsize=16)
def app_icon(side: int, *, maskable: bool = False) -> bytes:
    """The logo as PNG, ``side`` pixels wide; ``maskable`` fills the corners for any mask."""
    drawing = LOGO.read_text("utf-8")
    found = SQUARE.search(drawing)
    if found is None:
        msg = "the logo has no square"
        raise ValueError(msg)
    full = side * FINER
    picture = Image.new("RGBA", (full, full), found[2] if maskable else "#00000000")
    pen = ImageDraw.Draw(picture)
    if not maskable:
        radius = float(found[1]) / SIDE * full
        pen.rounded_rectangle((0, 0, full - 1, full - 1), radius, fill=found[2])
    scale = full / SIDE * (SAFE if maskable else 1)
    shift = full * (1 - SAFE) / 2 if maskable else 0
    for path, colour in SHAPE.findall(drawing):
        pen.polygon([(x * scale + shift, y * scale + shift) for x, y in outline(path)], fill=colour)
    file = io.BytesIO()
    picture.resize((side, side), Image.Resampling.LANCZOS).save(file, "PNG", optimize=True)
    return file.getvalue()


def outline(path: str) -> list[Point]:
    """The points of a closed path; raise ValueError for a command that the logo does not use."""
    points: list[Point] = []
    for command, text in PART.findall(path):
        numbers = [float(each) for each in NUMBER.findall(text)]
        if command == "M":
            points.append((numbers[0], numbers[1]))
        elif command in "Cc":
            _curves(points, numbers, relative=command == "c")
        elif command == "a":
            _half_circle(points, numbers)
        elif command != "Z":
            msg = f"a path that is not read: {path}"
            raise ValueError(msg)
    return points


def _curves(points: list[Point], numbers: list[float], *, relative: bool) -> None:
    for start in range(0, len(numbers), 6):
        x0, y0 = points[-1]
        dx, dy = (x0, y0) if relative else (0.0, 0.0)
        x1, y1, x2, y2, x3, y3 = numbers[start : start + 6]
        for step in range(1, STEPS + 1):
            t = step / STEPS
            a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            x = a * x0 + b * (x1 + dx) + c * (x2 + dx) + d * (x3 + dx)
            points.append((x, a * y0 + b * (y1 + dy) + c * (y2 + dy) + d * (y3 + dy)))


def _half_circle(points: list[Point], numbers: list[float]) -> None:
    """An upper half, from left to right: the only arc there is."""
    radius, width = numbers[0], numbers[5]
    if not math.isclose(2 * radius, width):
        msg = "an arc that is no half circle"
        raise ValueError(msg)
    x, y = points[-1]
    for step in range(1, STEPS + 1):
        turn = math.pi * (1 - step / STEPS)
        points.append((x + radius + radius * math.cos(turn), y - radius * math.sin(turn)))
