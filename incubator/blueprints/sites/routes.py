"""The routes of the sites, and the door of the pages of those who keep one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.edge.actor import actor
from incubator.edge.pages import Pages
from incubator.kernel.errors import NotAllowed
from incubator.network.sites import policy, queries

if TYPE_CHECKING:
    from incubator.network.sites.models import Site

pages = Pages("sites", __name__)


def kept(slug: str) -> Site:
    """The site, if the reader may change it; raise NotAllowed, NotFound."""
    site = queries.with_address(slug)
    if not policy.may_change(actor(), site.id):
        raise NotAllowed("sites.change")
    return site
