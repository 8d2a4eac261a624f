"""What invoices bring to the page of a deal: the invoice of each leg, the set-off, what is next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from incubator.blueprints.invoices import words
from incubator.domain.exchanges.deals import queries as deals
from incubator.domain.exchanges.invoices import agreeing, identities, queries, rules
from incubator.edge.entries import PagePanel
from incubator.kernel.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incubator.network.members.actor import Actor

_LATE = ("running", "disputed", "fulfilled", "part_settled", "settled", "closed", "cancelled")


def of_deal(reader: Actor, deal_id: int) -> Mapping[str, object] | None:
    """The invoices of a deal, once something of it may be invoiced; None for who mediates."""
    try:
        seen = deals.visible_to(reader, deal_id)
    except NotFound:
        return None
    deal = seen.deal
    legs = [leg for leg in deal.legs if leg.mode != "gift" and leg.state in _INVOICED]
    if not legs or deal.state not in _LATE or not (seen.own or reader.is_administrator):
        return None
    found = queries.of_deal(deal_id, seen.own, everything=reader.is_administrator)
    firm_ids = [party.firm_id for party in deal.parties]
    known = identities.identities_of(firm_ids)
    mine = next(iter(seen.own)) if len(seen.own) == 1 else None
    live = {one.leg_id: one for one in found if one.kind == "invoice" and _lives(one.status)}
    return {
        "deal": deal,
        "mine": mine,
        "legs": legs,
        "firms": {party.firm_id: party.firm for party in deal.parties},
        "live": live,
        "in_euros": {one.id for one in live.values() if agreeing.is_for_euros(deal, one)},
        "plan": agreeing.plan_of(deal),
        "setoffs": queries.setoffs_of(deal_id),
        "unknown": mine is not None and mine not in known,
        "closed_by_me": mine in deals.closers(deal_id),
        "words": words,
    }


_INVOICED: Final = (*rules.MAY_INVOICE, "compensated")


def _lives(status: str) -> bool:
    return status != "credited"


PAGE_PANELS: Final = (
    PagePanel(
        key="deal_invoices",
        page="deal",
        slot="main",
        order=20,
        template="invoices/_of_deal.html",
        load=of_deal,
    ),
)
