"""The machine on the first page of who runs the network: the last backup, tasks that stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.edge.access import administrators
from incubator.edge.clock import now
from incubator.edge.entries import Panel
from incubator.edge.state import settings
from incubator.kernel import jobs
from incubator.kernel.backups import is_old, last_backup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incubator.network.members.actor import Actor

SHOWN = 5


def machine(_reader: Actor) -> Mapping[str, object]:
    """When all was last saved, and what was given up."""
    made_at = last_backup(settings())
    stopped = jobs.dead_letters(SHOWN)
    return {"made_at": made_at, "old": is_old(made_at, now()), "stopped": len(stopped)}


PANEL = Panel(
    key="machine",
    slot="side",
    order=5,
    template="admin/_machine.html",
    load=machine,
    may=administrators,
)
