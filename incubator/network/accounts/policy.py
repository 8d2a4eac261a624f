"""Who may open the door to whom: asked by the commands, and by the pages to draw buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor

LOCAL_ROLES = ("resident", "guest")


def may_grant(actor: Actor, role: str, site_id: int | None) -> bool:
    """Whether they may give or take a role: managers the local ones, at their sites."""
    if actor.is_administrator:
        return True
    return role in LOCAL_ROLES and site_id is not None and actor.manages(site_id)


def may_invite(actor: Actor, role: str, site_id: int | None) -> bool:
    """Whether they may invite to a role: to what they may give."""
    return may_grant(actor, role, site_id)


def grantable_roles(actor: Actor) -> tuple[str, ...]:
    """The roles they may give somewhere, strongest first."""
    if actor.is_administrator:
        return ("administrator", "manager", *LOCAL_ROLES)
    return LOCAL_ROLES if actor.is_manager else ()


def may_deactivate(actor: Actor, person: Actor) -> bool:
    """Whether they may close or reopen somebody's account.

    Administrators do for all but themselves; managers for the people whose home is their site,
    unless these run a site or the network.
    """
    if actor.id == person.id:
        return False
    if actor.is_administrator:
        return True
    at_home = person.home_site_id is not None and actor.manages(person.home_site_id)
    return at_home and not person.is_manager


def may_merge(actor: Actor, kept: Actor, gone: Actor) -> bool:
    """Whether they may say that two rows are one person: administrators, or who runs both homes.

    A manager merges nobody who runs a site or the network: rights would follow.
    """
    if actor.is_administrator:
        return True
    at_home = all(
        person.home_site_id is not None and actor.manages(person.home_site_id)
        for person in (kept, gone)
    )
    others = actor.id not in {kept.id, gone.id}
    return at_home and others and not (kept.is_manager or gone.is_manager)
