"""Drawn portraits that stand in for a photograph."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from incubator.edge.art import palettes
from incubator.edge.art.dice import Dice

CUTS = ("short", "fade", "side", "grey", "bob", "long", "fringe", "bun", "pony", "afro", "curly")
FAIR = {skin for skin, _ in palettes.SKINS[:2]}


@cache
def _parts() -> dict[str, Any]:
    """Pieces of the drawing, each with ``$colour`` places to fill."""
    text = Path(__file__).with_name("portrait_parts.json").read_text(encoding="utf-8")
    parts: dict[str, Any] = json.loads(text)
    return parts


def portrait(seed: str) -> str:
    """A friendly face as a whole SVG document, always the same for ``seed``.

    It says nothing of the person: no beard, no make-up, any hair with any name.
    """
    dice = Dice(f"portrait/{seed}")
    cut = dice.pick(CUTS)
    glasses = dice.once_in(4)
    collar = dice.pick(("round", "round", "v", "shirt", "roll", "apron"))
    parts = _parts()
    drawing = [
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='8 2 80 80'>",
        "<rect x='8' y='2' width='80' height='80' fill='$ground'/>",
        parts["back"].get(cut, ""),
        parts["body"],
        parts["collar"][collar],
        parts["head"],
        parts["face"],
        parts["front"][cut],
        parts["glasses"] if glasses else "",
        "</svg>",
    ]
    return Template("".join(drawing)).substitute(_colours(dice))


def _colours(dice: Dice) -> dict[str, str]:
    skin, shade = dice.pick(palettes.SKINS)
    hair = dice.pick(palettes.HAIRS if skin in FAIR else palettes.DARK_HAIRS)
    return {
        "ground": dice.pick(palettes.BACKGROUNDS),
        "skin": skin,
        "shade": shade,
        "hair": hair,
        "brow": hair,
        "cloth": dice.pick(palettes.CLOTHES),
        "collar": dice.pick(palettes.COLLARS),
        "frame": dice.pick(palettes.FRAMES),
    }
