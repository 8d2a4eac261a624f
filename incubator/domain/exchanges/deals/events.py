"""What happens to deals.

``DealBound`` and ``LegEnded`` are the seam of the ledger: whoever keeps one joins them in the
same transaction, reserves at the first and posts ``cents`` at the second, letting go of the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

from incubator.kernel.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class DealActed(Event):
    """Somebody, or the clock, did something to a deal: the ``verb`` of its timeline.

    ``firm_id`` is the firm for which they acted, if any; ``leg_id`` the one leg that it is about,
    None of the whole deal; of what is ``quiet`` the firms hear otherwise.
    """

    deal_id: int
    verb: str
    firm_id: int | None = None
    leg_id: int | None = None
    quiet: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class DealBound(Event):
    """All firms of a deal have signed the same terms: its legs are due."""

    deal_id: int
    terms_hash: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LegEnded(Event):
    """A leg of a signed deal asks nothing more: ``cents`` of it hold, the rest is let go of."""

    deal_id: int
    leg_id: int
    cents: int
    released_cents: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DealDue(Event):
    """A delivery is due tomorrow, or without a day soon overdue: its giver is reminded, once."""

    deal_id: int
    leg_id: int
    firm_id: int
