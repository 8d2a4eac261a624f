"""What our own pages are called for one reader: features say it of theirs, addresses ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from incubator.edge.entries import Place
from incubator.edge.pages import own_path, page_at
from incubator.edge.state import state

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incubator.edge.entries import Titles
    from incubator.network.members.actor import Actor

# Addresses looked up at once: a text with more of them asks again.
MOST: Final = 20
LONGEST: Final = 300


def titles_for(reader: Actor, addresses: Iterable[str]) -> dict[str, dict[str, str]]:
    """By address its ``title`` and its ``kind``: of pages the reader may read, and no others."""
    asked: dict[Titles, dict[str, Place]] = {}
    for address in list(dict.fromkeys(addresses))[:MOST]:
        if found := _found(reader, address):
            asked.setdefault(found[0], {})[address] = found[1]
    return {
        address: {"title": title, "kind": str(source.kind)}
        for source, places in asked.items()
        for address, title in zip(places, source.load(reader, [*places.values()]), strict=True)
        if title
    }


def _found(reader: Actor, address: str) -> tuple[Titles, Place] | None:
    try:
        own = own_path(address) if len(address) <= LONGEST else None
    except ValueError:  # «http://[» is no address at all
        return None
    page = page_at(own.partition("?")[0]) if own else None
    source = state().titles.get(page[0]) if page else None
    if page is None or source is None or not state().access[page[0]].allows(reader):
        return None
    return source, Place(values=page[1], anchor=address.partition("#")[2])
