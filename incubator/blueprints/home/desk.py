"""What waits for who runs a site or the network: the counters of their menu, as tiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.edge.access import managers
from incubator.edge.entries import Panel
from incubator.edge.navigation import Navigation
from incubator.edge.pages import url
from incubator.edge.today_rules import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from incubator.network.members.actor import Actor

SECTION = "steering"
# Tasks that stopped: the product itself needs somebody.
STUCK = "network"
SAID = 2


def waiting(_reader: Actor) -> Mapping[str, object] | None:
    """The lines of steering that count something."""
    sections = [each for each in Navigation() if each.key == SECTION]
    found = [entry for section in sections for entry in section.entries if entry.count]
    return {"entries": found} if found else None


def on_the_desk(values: Mapping[str, Any]) -> Iterable[Fact]:
    """Tasks that stopped by themselves; of the rest the first few in one."""
    stuck = [entry for entry in values["entries"] if entry.key == STUCK]
    rest = [entry for entry in values["entries"] if entry.key != STUCK]
    for key, entries in (("stuck", stuck), ("steer", rest)):
        if entries:
            said = ", ".join(f"{each.label} ({each.count})" for each in entries[:SAID])
            yield Fact(key=key, title=said, address=url(entries[0].endpoint))


PANEL = Panel(
    key="waiting",
    slot="desk",
    order=20,
    template="home/_waiting.html",
    load=waiting,
    tells=on_the_desk,
    may=managers,
)
