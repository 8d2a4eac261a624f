"""Who may do what in the welcome of a newcomer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incubator.domain.membership.welcome_models import Welcome, WelcomeTask
    from incubator.network.members.actor import Actor


def may_keep_list(actor: Actor, site_id: int) -> bool:
    """Whether they may change a site's checklist and see everybody's welcome there."""
    return actor.manages(site_id)


def may_see(actor: Actor, welcome: Welcome) -> bool:
    """Whether they may read somebody's checklist: the newcomer, and who runs the site."""
    return welcome.member_id == actor.id or may_keep_list(actor, welcome.site_id)


def may_tick(actor: Actor, welcome: Welcome, task: WelcomeTask) -> bool:
    """Whether they may say that a task is done: whose job it is, and who runs the site."""
    if may_keep_list(actor, welcome.site_id):
        return True
    if task.owner == "member":
        return welcome.member_id == actor.id
    return task.owner == "person" and task.person_id == actor.id
