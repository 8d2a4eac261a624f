"""Who may see and change what of people. None who acts is the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor


def may_see_left(reader: Actor, home_site_id: int | None) -> bool:
    """Whether they see who left: the managers of their site."""
    return reader.manages(home_site_id)


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
