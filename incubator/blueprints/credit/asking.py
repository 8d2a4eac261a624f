"""Which accounts of the desk an address asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request

from incubator.domain.exchanges.ledger import desk as desks
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.network.members.actor import Actor
    from incubator.network.sites.models import Site


@dataclass(frozen=True)
class Asked:
    """A view of the desk, one of the reader's sites or all of them, and which these are."""

    view: str
    site: Site | None
    sites: Sequence[Site]

    @property
    def site_id(self) -> int | None:
        """The number of the one site, if it is one."""
        return self.site.id if self.site else None


def asked_view(reader: Actor) -> Asked:
    """What the address says; what it cannot mean is the usual view of all sites."""
    view = request.args.get("view", "open")
    mine = [site for site in sites.open_sites() if reader.manages(site.id)]
    site = next((each for each in mine if each.slug == request.args.get("site")), None)
    return Asked(view if view in desks.VIEWS else "open", site, mine)
