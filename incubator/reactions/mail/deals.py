"""What the others hear of a deal: one row a deal, raised anew by each act."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from incubator.domain.exchanges.deals import queries
from incubator.domain.exchanges.deals.events import DealActed, DealDue
from incubator.domain.exchanges.deals.models import Deal, DealLeg, DealParty
from incubator.kernel.db import db
from incubator.kernel.events import joins
from incubator.network.accounts.models import Grant
from incubator.network.members.firm_models import Firm
from incubator.reactions.mail.told import write_lines
from incubator.reactions.notifications.telling import About

# Acts of which mediators hear, and those that everybody of the deal hears, also who acted last.
TO_MEDIATORS: Final = ("contested", "never_came", "answered", "called")
# What mutual credit does to a deal is told by the letters of mutual credit.
BY_CREDIT: Final = ("carried", "posted", "taken_back")
SILENT: Final = ("bound", "called", "compensated", "settled", "closed", *BY_CREDIT)


def subscribe() -> None:
    """Hear what must be told."""
    joins(DealActed, acted)
    joins(DealDue, due)


def acted(event: DealActed) -> None:
    """To the other firms concerned, or to all of these where the clock or a mediator acted."""
    if event.quiet or (event.verb in SILENT and event.verb not in TO_MEDIATORS):
        return
    deal = db.session.get_one(Deal, event.deal_id)
    firm_ids = _firm_ids(deal.id)
    # The ring itself tells its firms that it became this deal.
    of_ring = deal.kind == "ring" and event.verb == "proposed"
    if event.verb not in SILENT and not of_ring:
        concerned = _concerned(event, firm_ids)
        others = [firm for firm in concerned if firm != event.firm_id or event.actor_id is None]
        readers = queries.people_of(others) - {event.actor_id or 0}
        write_lines("deal_news", readers, _about(deal, event.verb, by=event.actor_id))
    if event.verb in TO_MEDIATORS:
        _call(deal, firm_ids, event)


def due(event: DealDue) -> None:
    """To the firm that delivers tomorrow, or should have by soon where no day was said."""
    deal = db.session.get_one(Deal, event.deal_id)
    dated = db.session.get_one(DealLeg, event.leg_id).due_on is not None
    write_lines(
        "deal_news",
        queries.people_of([event.firm_id]),
        _about(deal, "due" if dated else "undelivered", by=None),
    )


def _call(deal: Deal, firm_ids: list[int], event: DealActed) -> None:
    """To who runs a site of these firms and is of none of them; else to administrators."""
    sites = select(Firm.site_id).where(Firm.id.in_(firm_ids))
    runs = select(Grant.account_id, Grant.site_id).where(Grant.ended_at.is_(None))
    parties = queries.people_of(firm_ids) | queries.acted_for(queries.whole(deal.id))
    of_sites = db.session.execute(runs.where(Grant.role == "manager", Grant.site_id.in_(sites)))
    found = [row for row in of_sites if row.account_id not in parties]
    if not found:
        of_all = db.session.execute(runs.where(Grant.role == "administrator"))
        found = [row for row in of_all if row.account_id not in parties]
    for site_id in {row.site_id for row in found}:
        there = {row.account_id for row in found if row.site_id == site_id}
        about = About(
            "deal", deal.id, "deal_mediate", by=event.actor_id, title=deal.title, site_id=site_id
        )
        write_lines("desk_deals", there, about)


def _concerned(event: DealActed, firm_ids: list[int]) -> list[int]:
    """The firms of a deal; of what is about one leg its giver and its receiver alone."""
    if event.leg_id is None:
        return firm_ids
    leg = db.session.get_one(DealLeg, event.leg_id)
    return [leg.giver_id, leg.receiver_id]


def _firm_ids(deal_id: int) -> list[int]:
    query = select(DealParty.firm_id).where(DealParty.deal_id == deal_id)
    return list(db.session.scalars(query.order_by(DealParty.seq)))


def _about(deal: Deal, verb: str, *, by: int | None) -> About:
    return About("deal", deal.id, f"deal_{verb}", by=by, title=deal.title)
