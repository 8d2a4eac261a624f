"""Writing an invoice of what was accepted: a draft in one click, then a number for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from incubator.domain.exchanges.deals import money, policy, records
from incubator.domain.exchanges.deals import queries as deals
from incubator.domain.exchanges.invoices import (
    abroad,
    identities,
    identity_rules,
    numbering,
    queries,
    rules,
    settling,
)
from incubator.domain.exchanges.invoices.models import Invoice
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from incubator.domain.exchanges.deals.models import Deal, DealLeg
    from incubator.domain.exchanges.invoices.identity_rules import Details
    from incubator.domain.exchanges.invoices.queries import Seen
    from incubator.network.members.actor import Actor

COMPENSATED: Final = "En compensation"


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """What the issuer chooses of an invoice: its kind of operation, the day of the delivery."""

    operation: str
    supplied_on: date


@dataclass(frozen=True)
class Held:
    """A deal that is held, one leg of it, and the invoice of this leg that lives, if any."""

    deal: Deal
    leg: DealLeg
    live: Invoice | None
    firm_id: int


def hold_leg(actor: Actor, deal_id: int, leg_id: int) -> Held:
    """Hold a leg that the actor's firm gives and may invoice.

    Raise NotFound ``deals.deal``, ``deals.leg``; NotAllowed ``deals.not_yours``; Refusal
    ``invoices.too_early``.
    """
    seen = records.hold(actor, deal_id)
    leg = records.leg_of(seen.deal, leg_id)
    firm_id = policy.side(seen.own)
    if leg.giver_id != firm_id:
        raise NotAllowed("deals.not_yours")
    live = settling.live_of(deal_id).get(leg_id)
    if leg.mode == "gift" or leg.state not in rules.MAY_INVOICE:
        raise Refusal("invoices.too_early")
    return Held(seen.deal, leg, live, firm_id)


def prepare(actor: Actor, deal_id: int, leg_id: int, *, today: date, now: datetime) -> Invoice:
    """Draft the invoice of a leg as it was accepted; asked twice there is one.

    Raise as ``hold_leg``, and Refusal ``invoices.identity`` before the firm said who it is,
    ``invoices.buyer`` before the other did, ``invoices.regime`` or ``invoices.vat_abroad`` where
    the deal contradicts it.
    """
    held = hold_leg(actor, deal_id, leg_id)
    if held.live is not None:
        return held.live
    leg = held.leg
    operation = "goods" if leg.quantity is not None else "services"
    delivered = delivered_on(leg, actor.time_zone) or today
    values = said_of(leg, Choices(operation=operation, supplied_on=delivered), today=today)
    made = Invoice(
        kind="invoice",
        origin="prepared",
        status="draft",
        deal_id=deal_id,
        leg_id=leg_id,
        made_by_id=actor.id,
        made_at=now,
        changed_at=now,
        **values,
    )
    db.session.add(made)
    db.session.flush()
    return made


def said_of(
    leg: DealLeg, choices: Choices, *, today: date, said: money.Amounts | None = None
) -> dict[str, Any]:
    """What the invoice of a leg says, by column: what was accepted, or what its own paper says.

    Raise as ``prepare``.
    """
    seller, buyer = _parties(leg)
    amounts = said or accepted(leg)
    regime = _regime(leg, seller, buyer, vat=amounts.vat)
    rate = 0 if regime == "foreign" else leg.vat_bp or 0
    wait = timedelta(days=rules.USUAL_DAYS if leg.mode == "cash" else 0)
    whole = amounts.ttc == leg.ttc_cents
    told = abroad.words_of(regime, choices.operation, seller=seller, buyer=buyer)
    return {
        "issuer_id": leg.giver_id,
        "recipient_id": leg.receiver_id,
        "supplied_on": choices.supplied_on,
        "due_on": today + wait,
        "title": leg.title,
        "quantity": leg.quantity if whole else None,
        "unit": leg.unit if whole else "",
        "in_cash": leg.mode == "cash",
        "ht_cents": amounts.ht,
        "vat_cents": amounts.vat,
        "ttc_cents": amounts.ttc,
        "vat_by_rate": [rules.Rate(rate, amounts.ht, amounts.vat)._asdict()],
        "regime": regime,
        "vat_on": seller.vat_on,
        "operation": choices.operation,
        "mention": mention(told, in_cash=leg.mode == "cash"),
        "seller": identity_rules.plain(seller),
        "buyer": identity_rules.plain(buyer),
        "issuer_siren": seller.siren,
        "recipient_siren": buyer.siren,
    }


def delivered_on(leg: DealLeg, zone: str) -> date | None:
    """The day on which a leg was delivered where its giver lives, once it was."""
    return leg.delivered_at.astimezone(ZoneInfo(zone)).date() if leg.delivered_at else None


def accepted(leg: DealLeg) -> money.Amounts:
    """What was accepted of a leg: before tax, its VAT, and the total, which add up."""
    if leg.accepted_cents in {None, leg.ttc_cents}:
        return money.Amounts(leg.ht_cents, leg.vat_cents, leg.ttc_cents)
    return money.split(leg.accepted_cents or 0, leg.vat_bp)


def mention(words: Sequence[str], *, in_cash: bool) -> str:
    """The words that the law wants on an invoice, in the language of the law, a line each."""
    return "\n".join(words if in_cash else [*words, COMPENSATED])


def _parties(leg: DealLeg) -> tuple[Details, Details]:
    known = identities.identities_of([leg.giver_id, leg.receiver_id])
    if leg.giver_id not in known:
        raise Refusal("invoices.identity")
    if leg.receiver_id not in known:
        raise Refusal("invoices.buyer")
    return known[leg.giver_id], known[leg.receiver_id]


def _regime(leg: DealLeg, seller: Details, buyer: Details, *, vat: int) -> str:
    """The regime of an invoice with so many cents of VAT; Refusal where none fits."""
    if seller.regime == "foreign":
        if vat:
            raise Refusal("invoices.vat_abroad", field="vat")
        return "foreign"
    if (leg.vat_bp is None) != (seller.regime == "franchise_293B"):
        raise Refusal("invoices.regime")
    return abroad.regime_of(seller, buyer, leg.vat_bp)


def hold(actor: Actor, invoice_id: int) -> tuple[Deal, Seen]:
    """Hold an invoice that the actor may see, its deal first; raise NotFound."""
    deal_id = db.session.scalar(select(Invoice.deal_id).where(Invoice.id == invoice_id))
    if deal_id is None:
        raise NotFound("invoices.invoice")
    records.lock(deal_id)
    db.session.scalar(select(Invoice.id).where(Invoice.id == invoice_id).with_for_update())
    return deals.whole(deal_id), queries.visible_to(actor, invoice_id)


def issue(
    actor: Actor, invoice_id: int, *, choices: Choices, today: date, now: datetime
) -> Invoice:
    """Give a draft its number and its day, today: from then on it never changes; twice is once.

    Raise NotFound; NotAllowed ``deals.not_yours``; Refusal ``invoices.supplied``,
    ``invoices.choose``, ``invoices.closed``, ``invoices.series``, or as ``prepare``.
    """
    deal, seen = hold(actor, invoice_id)
    invoice = seen.invoice
    if not seen.gives:
        raise NotAllowed("deals.not_yours")
    if invoice.status != "draft":
        return invoice
    if choices.operation not in rules.OPERATIONS:
        raise Refusal("invoices.choose", field="operation")
    if choices.supplied_on > today:
        raise Refusal("invoices.supplied", field="supplied_on")
    leg = records.leg_of(deal, invoice.leg_id)
    held = numbering.held_books([invoice.issuer_id, invoice.recipient_id])
    books = held[invoice.issuer_id]
    numbering.check_open(books, today, None)
    for name, value in said_of(leg, choices, today=today).items():
        setattr(invoice, name, value)
    prefix = str(invoice.seller["prefix"])
    number = numbering.allot(books, year=today.year, prefix=prefix)
    invoice.number, invoice.series_year, invoice.series_no = number
    invoice.issued_on = today
    invoice.booked_on = numbering.late(held[invoice.recipient_id], today)
    invoice.status = rules.after(rules.INVOICE, invoice.status, "issue")
    told(deal, invoice, by=actor, now=now)
    return invoice


def told(deal: Deal, invoice: Invoice, *, by: Actor, now: datetime) -> None:
    """Move the leg of an invoice that was issued, and tell the others."""
    invoice.changed_at = now
    db.session.flush()
    leg = records.leg_of(deal, invoice.leg_id)
    if leg.state in rules.TO_INVOICE:
        records.move_leg(deal, leg, "invoice", cents=None, now=now)
    records.note(
        deal,
        "invoiced",
        by=by,
        firm_id=invoice.issuer_id,
        now=now,
        leg_id=leg.id,
        cents=invoice.ttc_cents,
        number=invoice.number,
    )


def discard(actor: Actor, invoice_id: int) -> None:
    """Throw a draft away. Raise NotFound; NotAllowed; Refusal ``invoices.state`` once issued."""
    _, seen = hold(actor, invoice_id)
    if not seen.gives:
        raise NotAllowed("deals.not_yours")
    if seen.invoice.status != "draft":
        raise Refusal("invoices.state")
    db.session.delete(seen.invoice)
