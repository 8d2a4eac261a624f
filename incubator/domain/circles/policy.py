"""Who sees, joins and runs circles.

One that is joined by invitation is hidden from all but those who are in it or invited; the
administrators see all of them, since they answer for the network. Guests take no part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor
    from incubator.network.members.circle_models import Circle, CirclePlace


def may_make(actor: Actor) -> bool:
    """Whether they may open a circle."""
    return not actor.is_guest


def fits(actor: Actor, site_id: int | None) -> bool:
    """Whether a circle of this site, or of the network, is one for them."""
    return not actor.is_guest and (
        site_id is None or actor.home_site_id == site_id or actor.manages(site_id)
    )


def may_see(actor: Actor, circle: Circle, place: CirclePlace | None) -> bool:
    """Whether the circle is for their eyes; the same rule as SQL is in ``queries.SEEN``."""
    if actor.is_administrator:
        return True
    if actor.is_guest:
        return False
    if place is not None:
        return True
    listed = circle.joining == "request" and circle.closed_at is None
    return listed and fits(actor, circle.site_id)


def may_run(actor: Actor, place: CirclePlace | None) -> bool:
    """Whether they may change it, invite and let in."""
    if actor.is_administrator:
        return True
    return not actor.is_guest and place is not None and place.state == "in" and place.owner


def may_look_inside(actor: Actor, place: CirclePlace | None) -> bool:
    """Whether they see who is in it."""
    if actor.is_administrator:
        return True
    return not actor.is_guest and place is not None and place.state == "in"
