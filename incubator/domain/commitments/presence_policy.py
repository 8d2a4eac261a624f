"""Who may do what with presence: one's own is another's to raise, managers act on their sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incubator.domain.commitments.correction_models import Correction
    from incubator.domain.commitments.presence_models import Presence
    from incubator.network.members.actor import Actor


def may_be_present(actor: Actor) -> bool:
    """Members' presence counts; guests only visit."""
    return not actor.is_guest


def may_punch_for(actor: Actor, member_id: int, site_id: int) -> bool:
    """For oneself, or for others as a manager of the site."""
    return may_be_present(actor) if actor.id == member_id else actor.manages(site_id)


def may_see(actor: Actor, session: Presence, home_site_id: int | None) -> bool:
    """Its member, the managers of the site, and those of the member's home to read."""
    own = actor.id == session.member_id
    return own or actor.manages(session.site_id) or actor.manages(home_site_id)


def may_answer(actor: Actor, session: Presence) -> bool:
    """Only its member says alone when they left."""
    return actor.id == session.member_id


def may_change(actor: Actor, session: Presence) -> bool:
    """A manager of the site where it took place; never their own."""
    return actor.id != session.member_id and actor.manages(session.site_id)


def may_decide(actor: Actor, correction: Correction) -> bool:
    """A manager of the site, or the witness; never who it is about."""
    if actor.id == correction.member_id or actor.is_guest:
        return False
    return actor.id == correction.witness_id or actor.manages(correction.site_id)


def may_see_correction(actor: Actor, correction: Correction) -> bool:
    """Whose it is and those who may decide."""
    return actor.id == correction.member_id or may_decide(actor, correction)


def may_run_screens(actor: Actor, site_id: int) -> bool:
    """Screens and codes of a site are its managers'."""
    return actor.manages(site_id)


def may_issue_badge(actor: Actor, home_site_id: int | None) -> bool:
    """A manager of the member's home gives them a number."""
    return actor.manages(home_site_id)
