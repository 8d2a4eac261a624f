"""The files of portraits, taken along with one's own data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.edge.state import settings
from incubator.kernel.files import picture_path
from incubator.network.members import queries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# Sides in pixels: in a line, on a card, on the profile of a fine screen.
SIDES = (96, 192, 384)


def files_of(member_id: int) -> Iterable[tuple[str, Path]]:
    """The picture that a member shows, at its largest."""
    key = queries.with_id(member_id).portrait
    path = picture_path(key, max(SIDES), settings().uploads_dir) if key else None
    return [("portrait.webp", path)] if path else []
