"""Who may keep a firm, answer its requests, leave it. None who acts is the machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Who is in a firm at present: ids of active members, and of the keepers among them."""

    site_id: int | None
    people: frozenset[int] = frozenset()
    keepers: frozenset[int] = frozenset()

    @property
    def is_kept(self) -> bool:
        """Whether anybody keeps it."""
        return bool(self.keepers)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a request is, for whom and by whom."""

    kind: str
    member_id: int
    asked_by_id: int


def may_found(by: Actor | None, founder_id: int) -> bool:
    """Whether they may add a firm: any member, in their own name."""
    return by is None or (not by.is_guest and by.id == founder_id)


def may_keep(by: Actor | None, firm: Standing) -> bool:
    """Whether they may change a firm and invite to it: its keepers, and administrators."""
    return by is None or by.is_administrator or (not by.is_guest and by.id in firm.keepers)


def may_ask(by: Actor | None, member_id: int) -> bool:
    """Whether they may ask to join, or claim: any member, for themselves."""
    return by is None or (not by.is_guest and by.id == member_id)


def may_answer(by: Actor | None, asked: Asked, firm: Standing) -> bool:
    """Whether they may accept or decline a request; nobody answers their own.

    Whom a firm invites answers. Who asks is answered by its keepers; where nobody keeps it, by
    the managers of its site. Administrators may answer any other.
    """
    if by is None:
        return True
    if asked.kind == "invite":
        return by.id == asked.member_id and not by.is_guest
    answers = may_keep(by, firm) if firm.is_kept else by.manages(firm.site_id)
    return answers and by.id != asked.member_id


def may_withdraw(by: Actor | None, asked: Asked, firm: Standing) -> bool:
    """Whether they may take a request back: who made it; an invitation, any keeper."""
    if by is None or by.id == asked.asked_by_id:
        return True
    return asked.kind == "invite" and may_keep(by, firm)


def may_end(by: Actor | None, member_id: int, firm: Standing) -> bool:
    """Whether they may end a role or correct it: whose it is, and the keepers."""
    return by is None or by.id == member_id or may_keep(by, firm)
