"""My deals, one deal with its timeline, what a mediator sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import request

from incubator.blueprints.deals import words
from incubator.blueprints.deals.routes import DEAL, pages
from incubator.domain.exchanges.deals import (
    commands,
    missing,
    money,
    origins,
    policy,
    queries,
    rules,
    terms,
)
from incubator.domain.exchanges.invoices import agreeing, identities
from incubator.edge.access import managers, members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.pages import render
from incubator.edge.panels import page_panels_for
from incubator.kernel.keyset import Cursor
from incubator.reactions.bridges import credit_outlook

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.exchanges.deals.models import Deal, DealParty
    from incubator.domain.exchanges.deals.queries import Seen

PAIR: Final = 2


@pages.get("/accords", en="/deals", may=members)
def index() -> ResponseReturnValue:
    """The deals of my firms, what moved last first."""
    reader = actor()
    view = request.args.get("view", "open")
    view = view if view in words.VIEWS else "open"
    cursor = Cursor(
        after=request.args.get("after"),
        before=request.args.get("before"),
        size=queries.PAGE_SIZE,
    )
    page = queries.page_for(reader, view, cursor)
    firm_ids = {firm.id for firm in queries.firms_of(reader.id)}
    lines = [(deal, *_of(deal, firm_ids)) for deal in page.rows]
    return render(
        "deals/index.html",
        page=page,
        lines=lines,
        view=view,
        words=words,
        has_firm=bool(firm_ids),
    )


def _of(deal: Any, firm_ids: set[int]) -> tuple[str, bool]:
    """The other firms of a deal, and whether it waits for the reader."""
    others = [p.firm.name for p in deal.parties if p.firm_id not in firm_ids]
    asked = deal.kind == "ring" or deal.turn_id not in firm_ids
    answers = deal.state in rules.TALKING and asked and not commands.signers(deal) & firm_ids
    looks = any(leg.state == "delivered" and leg.receiver_id in firm_ids for leg in deal.legs)
    return ", ".join(others), answers or looks


@pages.get(f"/accords/{DEAL}", en=f"/deals/{DEAL}", may=members)
def show(deal_id: int) -> ResponseReturnValue:
    """A deal: what each gives, how far it is, what one may do."""
    reader = actor()
    seen = queries.visible_to(reader, deal_id)
    panels = page_panels_for("deal", reader, deal_id)
    return render("deals/show.html", panels=panels, **values_of(seen))


def values_of(seen: Seen) -> dict[str, Any]:
    """What a page about a deal shows its reader."""
    deal = seen.deal
    mine = next(iter(seen.own)) if len(seen.own) == 1 else None
    wish = queries.terms_of(deal)
    firms = {party.firm_id: party.firm for party in deal.parties}
    return {
        "seen": seen,
        "deal": deal,
        "mine": mine,
        "firms": firms,
        "legs": {leg.id: leg for leg in deal.legs},
        "several": len(deal.parties) > PAIR,
        "overdue": _overdue(deal, mine),
        "in_turn": in_turn(deal),
        "signers": commands.signers(deal),
        "difference": terms.difference(wish),
        "to_give_back": agreeing.to_give_back(deal),
        "covering": terms.covering(wish),
        "effects": _effects(deal),
        "listings": origins.shown(actor(), deal.legs),
        "steps": queries.steps_of(deal.id),
        "outlook": credit_outlook.outlook(deal, mine) if mine else None,
        "open_disputes": seen.open_disputes,
        "now": now(),
        "rules": rules,
        "policy": policy,
        "words": words,
    }


def _overdue(deal: Deal, mine: int | None) -> set[int]:
    """The legs of which a firm may say that they never came."""
    received = [leg for leg in deal.legs if leg.receiver_id == mine]
    return {leg.id for leg in received if missing.is_overdue(deal, leg, now=now())}


def _effects(deal: Deal) -> dict[int, money.Effect]:
    """What VAT a deal means for each of its firms, as each says it is on its invoices."""
    firm_ids = [party.firm_id for party in deal.parties]
    known = identities.identities_of(firm_ids)
    elsewhere = dict.fromkeys(queries.abroad(firm_ids), "foreign")
    regimes = elsewhere | {firm: told.regime for firm, told in known.items()}
    return {firm: money.effect(firm, deal.legs, regimes.get(firm)) for firm in firm_ids}


def in_turn(deal: Deal) -> list[DealParty]:
    """The firms of a deal as it goes round: each before the one to which it gives."""
    places = {leg.giver_id: leg.seq for leg in reversed(deal.legs)}
    if deal.kind != "ring":
        return list(deal.parties)
    return sorted(deal.parties, key=lambda party: places[party.firm_id])


@pages.get("/accords/mediation", en="/deals/mediation", may=managers)
def mediation() -> ResponseReturnValue:
    """Disputes of the sites that one runs, the oldest first."""
    found = queries.to_mediate(actor())
    titles = queries.titles_of([each.deal_id for each in found])
    return render("deals/mediation.html", disputes=found, titles=titles, words=words)
