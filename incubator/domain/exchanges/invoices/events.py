"""What happens to invoices and set-offs, besides the lines of a deal's timeline."""

from __future__ import annotations

from dataclasses import dataclass

from incubator.kernel.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class SetoffEffective(Event):
    """A set-off of ``lines`` invoices took effect, ``cents`` of debts in all."""

    setoff_id: int
    kind: str
    lines: int
    cents: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FirmIdentified(Event):
    """The keepers of a firm said who it is on its invoices."""

    firm_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class BooksClosed(Event):
    """A firm closed its books until a day: no invoice of it is dated in them any more."""

    firm_id: int
    until: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BooksTaken(Event):
    """Somebody took the entries or the year file of a firm: from and until which day."""

    firm_id: int
    what: str
    since: str
    until: str
