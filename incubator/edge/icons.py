"""Lucide icons, drawn inside the page so that they take the colour of the text."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from markupsafe import Markup

SOURCE = Path(__file__).resolve().parents[1] / "static" / "vendor" / "lucide.json"


@cache
def drawings() -> dict[str, str]:
    """Name to inner SVG, for the icons listed in frontend/icons.txt."""
    found: dict[str, str] = json.loads(SOURCE.read_text(encoding="utf-8"))
    return found


def icon(name: str, label: str | None = None, cls: str = "") -> Markup:
    """The icon as inline SVG: decoration, unless ``label`` gives it words.

    Raises KeyError for a name that is not in frontend/icons.txt.
    """
    drawing = Markup(drawings()[name])  # noqa: S704 - our own file, checked by SHA256SUMS
    words = (
        Markup('role="img" aria-label="{}"').format(label)
        if label
        else Markup('aria-hidden="true"')
    )
    return Markup('<svg class="{}" viewBox="0 0 24 24" {}>{}</svg>').format(
        f"i {cls}".rstrip(), words, drawing
    )
