"""Who may do what with slots: members come, the managers of the site plan and settle."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor


def may_sign_up(actor: Actor) -> bool:
    """Members give hours, at any site; guests only visit."""
    return not actor.is_guest


def may_plan(actor: Actor, site_id: int | None) -> bool:
    """Whether they plan the slots of a site, invite to them and settle who came."""
    return actor.manages(site_id)
