"""Who may see and change what of people. None who acts is the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor
    from incubator.network.members.models import Member


def may_see(reader: Actor, member: Member) -> bool:
    """Whether they see somebody at all: who left is seen by their managers and by themselves."""
    return member.active or reader.id == member.id or reader.manages(member.home_site_id)


def may_edit(by: Actor | None, member_id: int) -> bool:
    """Whether they may change a profile: their own."""
    return by is None or by.id == member_id


def may_curate(by: Actor | None) -> bool:
    """Whether they may change the vocabulary of skills."""
    return by is None or by.is_administrator


def may_await(by: Actor, member_id: int, *, awaited: bool, shown: bool) -> bool:
    """Whether they may be told when a member comes, who lets it (``awaited``) and is ``shown``."""
    return awaited and shown and not by.is_guest and by.id != member_id


def may_propose(by: Actor) -> bool:
    """Whether they may propose a term: any member."""
    return not by.is_guest
