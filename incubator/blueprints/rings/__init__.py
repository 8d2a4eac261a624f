"""Rings: ideas of exchanges between several firms, without names until all are interested."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext as _l

from incubator.blueprints.rings import views, words
from incubator.blueprints.rings.routes import pages
from incubator.domain.exchanges.rings import queries
from incubator.domain.exchanges.rings.personal import forget, personal_data
from incubator.edge.access import Access, members
from incubator.edge.entries import NavEntry, Panel
from incubator.edge.feature import Feature

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incubator.network.members.actor import Actor

__all__ = ["FEATURE", "views"]

# The line of the menu is there while an idea waits.
_NOBODY: Final = Access("nobody", lambda _actor: False)


def waiting(reader: Actor) -> Mapping[str, object] | None:
    """The ideas that wait for the reader's word."""
    ideas = queries.waiting_for(reader)
    return {"ideas": ideas, "words": words} if ideas else None


FEATURE = Feature(
    name="rings",
    pages=pages,
    guide="rings",
    panels=(
        Panel(key="rings", slot="main", order=13, template="rings/_waiting.html", load=waiting),
    ),
    navigation=(
        NavEntry(
            key="rings",
            label=_l("Rings"),
            endpoint="rings.index",
            icon="refresh-cw",
            section="business",
            order=11,
            may=members,
            always=_NOBODY,
            count=queries.WAITING,
        ),
    ),
    refusals=words.REFUSALS,
    personal_data=personal_data,
    forget=forget,
)
