"""Who may read, write, move and withdraw listings. Pure over what is passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.exchanges.listings.rules import LIVE

if TYPE_CHECKING:
    from collections.abc import Collection

    from incubator.domain.exchanges.listings.models import Listing
    from incubator.network.members.actor import Actor


def may_publish(actor: Actor, firm_id: int, firm_ids: Collection[int]) -> bool:
    """Whether they may write a listing of a firm: only people of it, and no guest."""
    return not actor.is_guest and firm_id in firm_ids


def may_withdraw(actor: Actor, listing: Listing, firm_ids: Collection[int]) -> bool:
    """Whether they may take a listing away: its firm, and the managers of its site."""
    return may_publish(actor, listing.firm_id, firm_ids) or (
        not actor.is_guest and actor.manages(listing.site_id)
    )


def may_read(actor: Actor, listing: Listing, firm_ids: Collection[int]) -> bool:
    """Whether a listing is for them: its firm reads it always, others while it is live.

    The managers of its site also see what was published and is so no more, never a draft.
    """
    if actor.is_guest:
        return False
    if listing.firm_id in firm_ids:
        return True
    if actor.manages(listing.site_id) and listing.state != "draft":
        return True
    in_reach = listing.visibility == "network" or listing.site_id == actor.home_site_id
    return listing.state in LIVE and in_reach
