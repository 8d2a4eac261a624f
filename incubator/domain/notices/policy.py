"""Who may announce what to whom, and who may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incubator.domain.notices.models import Notice
    from incubator.network.members.actor import Actor


def may_publish(actor: Actor, site_id: int | None) -> bool:
    """Whether they may tell a site, or the network (None), something."""
    return actor.is_administrator if site_id is None else actor.manages(site_id)


def may_change(actor: Actor, notice: Notice) -> bool:
    """Whether they may edit or withdraw it and see who read it: those who may publish there."""
    return may_publish(actor, notice.site_id)


def may_read(actor: Actor, notice: Notice) -> bool:
    """Whether it is meant for them; one that was withdrawn is for its publishers alone."""
    if may_change(actor, notice):
        return True
    meant = notice.site_id is None or notice.site_id == actor.home_site_id
    return meant and not actor.is_guest and notice.withdrawn_at is None
