"""Who may change a site: an administrator any, a manager their own, nobody else."""

from __future__ import annotations

from typing import Protocol


class Steward(Protocol):
    """What this layer needs to know of the person who acts; ``members.actor.Actor`` is one."""

    @property
    def id(self) -> int:
        """Their member id."""
        ...

    @property
    def is_administrator(self) -> bool:
        """Whether they run the whole network."""
        ...

    def manages(self, site_id: int | None) -> bool:
        """Whether they run this site."""
        ...


def may_open(by: Steward | None) -> bool:
    """Whether they may open a site; None is the machine (command line, demo)."""
    return by is None or by.is_administrator


def may_change(by: Steward | None, site_id: int | None) -> bool:
    """Whether they may change a site, its hours and its closures; no site means all of them."""
    if by is None:
        return True
    return by.is_administrator if site_id is None else by.manages(site_id)
