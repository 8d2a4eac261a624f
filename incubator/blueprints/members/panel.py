"""The newest members, to welcome on the first page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from incubator.edge.access import signed_in
from incubator.edge.clock import now
from incubator.edge.entries import Panel
from incubator.edge.pages import url
from incubator.edge.today_rules import Fact
from incubator.network.members import directory
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from incubator.network.members.actor import Actor

SHOWN = 5
RECENT = timedelta(days=90)


def newest(reader: Actor) -> Mapping[str, object] | None:
    """Who came last to the reader's site, or to the network for one without a site."""
    found = directory.newest(SHOWN + 1, site_id=reader.home_site_id)
    recent = [card for card in found if card.joined_at > now() - RECENT]
    people = [card for card in recent if card.id != reader.id][:SHOWN]
    if not people:
        return None
    return {"people": people, "site": sites.place_of(reader.home_site_id)}


def newcomer(values: Mapping[str, Any]) -> Iterable[Fact]:
    """Who came last."""
    last = values["people"][0]
    address = url("members.show", slug=last.slug)
    yield Fact(key="newcomer", name=last.name, at=last.joined_at, address=address)


PANEL = Panel(
    key="members",
    slot="main",
    order=60,
    template="members/_home.html",
    load=newest,
    tells=newcomer,
    may=signed_in,
)
