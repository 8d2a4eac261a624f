"""What happens to rounds of netting. Cents are whole cents of euros."""

from __future__ import annotations

from dataclasses import dataclass

from incubator.kernel.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class NettingSwitched(Event):
    """Netting was switched on or off for the network."""

    turned_on: bool
    text_sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NettingPartChanged(Event):
    """A firm takes part in rounds from now on, or no more."""

    firm_id: int
    takes_part: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundMoved(Event):
    """A round was opened, computed, shown, agreed to, executed, published or given up.

    ``verb`` says which. ``firm_ids`` are the firms that hear of it.
    """

    round_id: int
    verb: str
    firm_ids: tuple[int, ...] = ()
    cents: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundAnswered(Event):
    """A firm agreed to a round, or refused it."""

    round_id: int
    firm_id: int
    accepted: bool
