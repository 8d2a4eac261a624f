"""Who may see and change what of people. None who acts is the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor


def may_see_all(reader: Actor, member_id: int) -> bool:
    """Whether they see a whole profile; a guest sees names, sites and headlines only."""
    return not reader.is_guest or reader.id == member_id


def may_see_left(reader: Actor, home_site_id: int | None) -> bool:
    """Whether they see who left: the managers of their site."""
    return reader.manages(home_site_id)


def may_edit(by: Actor | None, member_id: int) -> bool:
    """Whether they may change a profile: their own."""
    return by is None or by.id == member_id


def may_curate(by: Actor | None) -> bool:
    """Whether they may change the vocabulary of skills."""
    return by is None or by.is_administrator
