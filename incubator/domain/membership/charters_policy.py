"""Who may write a charter, and who signs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor


def may_write(actor: Actor, site_id: int | None) -> bool:
    """Whether they may draft and publish: managers for their sites, administrators for all."""
    return actor.is_administrator if site_id is None else actor.manages(site_id)


def applies_to(actor: Actor, site_id: int | None) -> bool:
    """Whether a charter is theirs to sign: the network's, and that of the site they live at.

    Guests sign none: they promise nothing.
    """
    lives_somewhere = not actor.is_guest and actor.home_site_id is not None
    return lives_somewhere and site_id in {None, actor.home_site_id}
