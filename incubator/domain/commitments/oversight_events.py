"""What happens to the rules of the house, and to what managers have looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from incubator.kernel.events import Event

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class FlagsLifted(Event):
    """A manager looked at help that was marked, and let it stand; ``flags`` are its codes."""

    contribution_id: int
    member_id: int
    flags: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleMade(Event):
    """A version of the rules holds from a day on; ``changed`` names what differs from before."""

    rule_id: int
    version: int
    valid_from: date
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleWithdrawn(Event):
    """A version that had not begun was taken back."""

    rule_id: int
    version: int


@dataclass(frozen=True, kw_only=True, slots=True)
class KindChanged(Event):
    """A kind of hours counts otherwise, or may no longer be declared."""

    kind: str
    changed: tuple[str, ...]
