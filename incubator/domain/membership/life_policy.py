"""Who asks, who decides and who sees, in the life of a membership after arrival."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.membership.processes import EXIT, TRANSFER

if TYPE_CHECKING:
    from incubator.domain.membership.life_models import Erasure, Process
    from incubator.network.members.actor import Actor
    from incubator.network.members.models import Member


def may_see_life(actor: Actor, person: Actor | Member) -> bool:
    """Whether they see the course of a membership: one's own, or as a manager of their site."""
    return actor.id == person.id or actor.manages(person.home_site_id)


def may_ask(actor: Actor, person: Actor, kind: str) -> bool:
    """Whether they may begin a process: for themselves, or for a member of a site they run.

    Guests only visit. An administrator alone begins the exit of who runs a site or the network.
    """
    if person.is_guest:
        return False
    if actor.is_administrator or actor.id == person.id:
        return True
    above = kind == EXIT and person.is_manager
    return actor.manages(person.home_site_id) and not above


def may_decide(actor: Actor, process: Process, person: Actor) -> bool:
    """Whether their word is enough: for a transfer the receiving site's, else the home's.

    Nobody decides on their own, save administrators: there is nobody above them.
    """
    if actor.is_administrator:
        return True
    if actor.id == process.member_id:
        return False
    if process.kind == TRANSFER:
        return actor.manages(process.to_site_id)
    above = process.kind == EXIT and person.is_manager
    return actor.manages(process.from_site_id) and not above


def may_cancel(actor: Actor, process: Process) -> bool:
    """Whether they may call it off: the member, who asked, and the managers of both sites."""
    return actor.id in {process.member_id, process.asked_by_id} or _runs_either(actor, process)


def may_come_back(actor: Actor, process: Process) -> bool:
    """Whether they may end a leave early: the member, or a manager of their site."""
    return actor.id == process.member_id or actor.manages(process.from_site_id)


def may_see(actor: Actor, process: Process) -> bool:
    """Whether they see a process: the member and the managers of both sites."""
    return actor.id == process.member_id or _runs_either(actor, process)


def may_erase(actor: Actor, erasure: Erasure, person: Actor) -> bool:
    """Whether they handle a request to be forgotten: never their own.

    Administrators, and managers of the site for people who run neither site nor network.
    """
    if actor.id == erasure.member_id:
        return False
    here = actor.manages(erasure.site_id)
    return actor.is_administrator or (here and not person.is_manager)


def _runs_either(actor: Actor, process: Process) -> bool:
    if process.to_site_id is not None and actor.manages(process.to_site_id):
        return True
    return actor.manages(process.from_site_id)
