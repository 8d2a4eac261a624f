"""What mutual credit suggests on the first page: something to offer, or to ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from incubator.domain.exchanges.ledger import desk
from incubator.domain.exchanges.ledger import switch as switches
from incubator.domain.exchanges.listings.queries import firm_ids_of, live_kinds
from incubator.edge.entries import Suggestion, SuggestionSource
from incubator.edge.pages import url

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incubator.network.members.actor import Actor


def off_balance(reader: Actor) -> Iterable[Suggestion]:
    """For who owes and offers nothing, or is owed and asks for nothing."""
    held = desk.of_firms(firm_ids_of(reader.id))
    if not held or not switches.is_on():
        return
    live = live_kinds(held)
    balances = {firm_id: one.state.balance for firm_id, one in held.items()}
    if any(cents < 0 and (firm_id, "offer") not in live for firm_id, cents in balances.items()):
        why = _("Your firm has received more than it gave. What could it offer to others?")
        yield Suggestion(
            "credit_offer", why, _("Publish an offer"), url("exchanges.new", kind="offer")
        )
    if any(cents > 0 and (firm_id, "need") not in live for firm_id, cents in balances.items()):
        why = _("Your firm has given more than it received. What would help it now?")
        yield Suggestion("credit_need", why, _("Publish a need"), url("exchanges.new", kind="need"))


SUGGESTIONS = SuggestionSource(keys=("credit_offer", "credit_need"), load=off_balance)
