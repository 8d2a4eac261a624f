"""The reader's own site on the first page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.blueprints.sites.shown import hours_of_day, standing
from incubator.edge.access import signed_in
from incubator.edge.clock import now
from incubator.edge.entries import Panel
from incubator.network.sites import queries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incubator.network.members.actor import Actor


def my_site(reader: Actor) -> Mapping[str, object] | None:
    """Whether the reader's site is open, and its hours of today."""
    site = queries.with_id(reader.home_site_id)
    if site is None:
        return None
    table = queries.timetables([site], now())[site.id]
    return {
        "site": site,
        "standing": standing(site, table),
        "hours": hours_of_day(table),
    }


PANEL = Panel(
    key="sites", slot="side", order=50, template="sites/_home.html", load=my_site, may=signed_in
)
