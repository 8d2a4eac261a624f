"""What chapters are called whose addresses stand in texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext as _l

from incubator.edge.entries import Titles
from incubator.edge.guide import PAGE, chapter_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.edge.entries import Place
    from incubator.network.members.actor import Actor


def _titles(reader: Actor, places: Sequence[Place]) -> list[str]:
    del reader
    found = [chapter_named(place.values["name"]) for place in places]
    return [chapter.title if chapter else "" for chapter in found]


TITLES: Final = Titles(endpoints=(PAGE,), kind=_l("Guide"), load=_titles)
