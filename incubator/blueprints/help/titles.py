"""What threads are called whose addresses stand in texts, for readers who may read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext as _l

from incubator.domain.help import queries
from incubator.edge.entries import Titles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.edge.entries import Place
    from incubator.network.members.actor import Actor


def _titles(reader: Actor, places: Sequence[Place]) -> list[str]:
    ids = [place.values["id"] for place in places]
    told = queries.titles_of(reader, ids)
    return [told.get(id, "") for id in ids]


TITLES: Final = Titles(endpoints=("help.show", "help.by_id"), kind=_l("Help thread"), load=_titles)
