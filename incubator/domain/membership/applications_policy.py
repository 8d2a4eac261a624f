"""Who may do what with applications: the managers of the site and the administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incubator.domain.membership.application_models import Application
    from incubator.network.members.actor import Actor


def may_review(actor: Actor, site_id: int) -> bool:
    """Whether they may read the applications to a site, answer and decide."""
    return actor.manages(site_id)


def may_move_start(actor: Actor, application: Application) -> bool:
    """Whether they may give an applicant another first day: accepted, and not in yet."""
    return application.state == "accepted" and may_review(actor, application.site_id)


def may_set_form(actor: Actor, site_id: int) -> bool:
    """Whether they may open or close the door of a site and change its questions."""
    return actor.manages(site_id)
