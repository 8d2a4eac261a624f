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
