"""Lucide icons, drawn inside the page so that they take the colour of the text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup, escape

SOURCE = Path(__file__).resolve().parents[1] / "static" / "vendor" / "lucide.json"


@dataclass(frozen=True)
class Drawing:
    """The inside of an icon: our own vendored file, guarded by SHA256SUMS, so never escaped."""

    inner: str

    def __html__(self) -> str:
        """The drawing as it is."""
        return self.inner


@cache
def drawings() -> dict[str, Drawing]:
    """Name to drawing, for the icons listed in frontend/icons.txt."""
    found: dict[str, str] = json.loads(SOURCE.read_text(encoding="utf-8"))
    return {name: Drawing(inner) for name, inner in found.items()}


def icon(name: str, label: str | None = None, cls: str = "") -> Markup:
    """The icon as inline SVG: decoration, unless ``label`` gives it words.

    Raises KeyError for a name that is not in frontend/icons.txt.
    """
    words = (
        Markup('role="img" aria-label="{}"').format(label)
        if label
        else Markup('aria-hidden="true"')
    )
    return Markup('<svg class="{}" viewBox="0 0 24 24" {}>{}</svg>').format(
        f"i {cls}".rstrip(), words, escape(drawings()[name])
    )
