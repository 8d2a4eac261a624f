"""Who may keep and who may read the documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incubator.domain.documents.models import Document
    from incubator.network.members.actor import Actor

AUDIENCES = ("site", "network", "managers")


def may_keep(actor: Actor, site_id: int | None) -> bool:
    """Whether they may add, change and remove documents of a site, or of the network (None)."""
    return actor.is_administrator if site_id is None else actor.manages(site_id)


def may_read(actor: Actor, document: Document) -> bool:
    """Whether a document that is there is meant for them; guests read none."""
    if may_keep(actor, document.site_id):
        return True
    if document.removed_at is not None or actor.is_guest:
        return False
    meant = {
        "site": document.site_id == actor.home_site_id,
        "managers": document.site_id is None and actor.is_manager,
        "network": True,
    }
    return meant[document.audience]
