"""Drawn portraits that stand in for a photograph."""

from __future__ import annotations

import json
from base64 import b32encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from incubator.edge.art import palettes
from incubator.edge.art.dice import Dice

if TYPE_CHECKING:
    from collections.abc import Iterable

CUTS = ("short", "fade", "side", "grey", "bob", "long", "fringe", "bun", "pony", "afro", "curly")
SIDE = 80
FAIR = {skin for skin, _ in palettes.SKINS[:2]}


@cache
def _parts() -> dict[str, Any]:
    """Pieces of the drawing, each with ``$colour`` places to fill."""
    text = Path(__file__).with_name("portrait_parts.json").read_text(encoding="utf-8")
    parts: dict[str, Any] = json.loads(text)
    return parts


def code(seed: str) -> str:
    """Five letters and digits that say which face ``seed`` has, and nothing else of it."""
    return b32encode(sha256(f"portrait/{seed}".encode()).digest())[:5].decode().lower()


def portrait(seed: str) -> str:
    """A friendly face as a whole SVG document, always the same for ``seed``.

    It says nothing of the person: no beard, no make-up, any hair with any name.
    """
    box = f"8 2 {SIDE} {SIDE}"
    return f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='{box}'>{_face(code(seed))}</svg>"


def sheet(codes: Iterable[str]) -> str:
    """The faces of several codes below one another in one SVG document.

    The part of it called like a code, ``#code``, shows that face alone.
    """
    parts = [
        f"<view id='{each}' viewBox='0 {n * SIDE} {SIDE} {SIDE}'/>"
        f"<svg y='{n * SIDE}' width='{SIDE}' height='{SIDE}' viewBox='8 2 {SIDE} {SIDE}'>"
        f"{_face(each)}</svg>"
        for n, each in enumerate(codes)
    ]
    return f"<svg xmlns='http://www.w3.org/2000/svg'>{''.join(parts)}</svg>"


def _face(code: str) -> str:
    dice = Dice(f"portrait/{code}")
    cut = dice.pick(CUTS)
    glasses = dice.once_in(4)
    collar = dice.pick(("round", "round", "v", "shirt", "roll", "apron"))
    parts = _parts()
    drawing = [
        f"<rect x='8' y='2' width='{SIDE}' height='{SIDE}' fill='$ground'/>",
        parts["back"].get(cut, ""),
        parts["body"],
        parts["collar"][collar],
        parts["head"],
        parts["face"],
        parts["front"][cut],
        parts["glasses"] if glasses else "",
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
