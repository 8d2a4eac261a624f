"""The reader's rooms on the first page, those with news first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.chat import queries
from incubator.edge.entries import Panel
from incubator.edge.pages import url
from incubator.edge.today_rules import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from incubator.network.members.actor import Actor

SHOWN = 4


def rooms(reader: Actor) -> Mapping[str, object] | None:
    """A few rooms of the reader."""
    found = sorted(queries.rooms_of(reader), key=lambda room: -room.news)
    return {"rooms": found[:SHOWN]} if found else None


def unread(values: Mapping[str, Any]) -> Iterable[Fact]:
    """How many messages wait in these rooms."""
    count = sum(room.news for room in values["rooms"])
    if count:
        yield Fact(key="unread", count=count, address=url("chat.index"))


PANELS = (
    Panel(
        key="chat",
        slot="side",
        order=12,
        template="chat/_home.html",
        load=rooms,
        tells=unread,
    ),
)
