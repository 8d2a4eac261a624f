"""Who edits letters about a week, and who reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incubator.domain.newsletter.models import Edition
    from incubator.network.members.actor import Actor


def may_edit(actor: Actor, site_id: int) -> bool:
    """Whether they edit, send and skip the letters of a site: its managers do."""
    return actor.manages(site_id)


def may_read(actor: Actor, edition: Edition) -> bool:
    """Whether they may open one: members what was sent, its managers also what is not.

    What each of its items shows is asked item by item.
    """
    if edition.state == "quiet":
        return False
    return may_edit(actor, edition.site_id) or (edition.state == "sent" and not actor.is_guest)
