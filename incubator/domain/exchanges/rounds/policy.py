"""Who may do what about netting. Pure over what is passed.

Rounds are run by administrators; a firm is let in by who keeps it, and answered for by its people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incubator.domain.exchanges.ledger.policy import Seat
    from incubator.network.members.actor import Actor


def may_run(actor: Actor) -> bool:
    """Rounds, and the switch, are for those who run the whole network."""
    return actor.is_administrator


def may_let_in(actor: Actor, seat: Seat) -> bool:
    """Whoever keeps a firm says whether it takes part."""
    return seat.keeps_it and not actor.is_guest


def may_answer(actor: Actor, seat: Seat) -> bool:
    """The people of a firm read what a round means for it, and agree or refuse."""
    return seat.works_there and not actor.is_guest
