"""Invoices between firms, for tests."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, Final

from incubator.domain.exchanges.deals import queries as deals
from incubator.domain.exchanges.deals import records
from incubator.domain.exchanges.deals.terms import Terms
from incubator.domain.exchanges.invoices import (
    agreeing,
    drafting,
    identities,
    rules,
    setoffs,
    settling,
)
from incubator.domain.exchanges.invoices.identity_rules import Details
from incubator.domain.exchanges.invoices.models import Invoice
from incubator.kernel.db import db, transaction
from tests import factories_deals as f

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incubator.domain.exchanges.deals.models import Deal, DealLeg
    from incubator.domain.exchanges.invoices.models import Setoff
    from incubator.network.accounts.models import Account
    from incubator.network.members.firm_models import Firm
    from tests.factories import Make

_numbers: Final = count(1)
SIRENS: Final = ("732829320", "552100554", "404833048", "542107651", "443061841")


def fulfilled(make: Make, one: f.House, other: f.House, terms: Terms | None = None) -> Deal:
    """A deal of which everything was delivered and accepted."""
    deal = f.bound(make, one, other, terms)
    for leg in deal.legs:
        giver, receiver = (one, other) if leg.giver_id == one.firm_id else (other, one)
        f.delivers(make, giver, deal, leg)
        f.accepts(make, receiver, deal, leg)
    return f.looked_at(deal)


def invoiced(make: Make, leg: DealLeg, by: f.House, **more: Any) -> Invoice:
    """An invoice of a leg as its row, issued elsewhere: the leg is invoiced."""
    today = make.now.date()
    told: dict[str, Any] = {
        "status": "issued",
        "number": f"F-{next(_numbers)}",
        "issued_on": today,
        "due_on": today,
        "ht_cents": leg.ht_cents,
        "vat_cents": leg.vat_cents,
        "ttc_cents": leg.ttc_cents,
    } | more
    with transaction():
        records.lock(leg.deal_id)
        deal = deals.whole(leg.deal_id)
        made = Invoice(
            origin="registered",
            deal_id=leg.deal_id,
            leg_id=leg.id,
            issuer_id=leg.giver_id,
            recipient_id=leg.receiver_id,
            supplied_on=today,
            title=leg.title,
            in_cash=leg.mode == "cash",
            vat_by_rate=[{"bp": leg.vat_bp or 0, "ht": leg.ht_cents, "vat": leg.vat_cents}],
            regime="normal" if leg.vat_bp is not None else "franchise_293B",
            vat_on="debits",
            operation="services",
            mention="",
            seller={},
            buyer={},
            issuer_siren="",
            recipient_siren="",
            made_by_id=by.account.id,
            made_at=make.now,
            changed_at=make.now,
            **told,
        )
        db.session.add(made)
        records.move_leg(deal, records.leg_of(deal, leg.id), "invoice", cents=None, now=make.now)
        db.session.flush()
    return made


def owes(make: Make, debtor: f.House, creditor: f.House, cents: int, **more: Any) -> Invoice:
    """A debt of these cents between two firms: delivered, accepted, invoiced, to pay in euros."""
    leg = f.gives(creditor, debtor, (cents, 0), mode="cash")
    deal = fulfilled(make, creditor, debtor, Terms(legs=(leg,)))
    return invoiced(make, deal.legs[0], creditor, **more)


def set_off(make: Make, applied: Mapping[int, int], **more: Any) -> Setoff:
    """A set-off of these cents by invoice, of a round unless it is said."""
    told: dict[str, Any] = {"kind": "round", "basis": rules.AGREED, "round_id": next(_numbers)}
    with transaction():
        return setoffs.write(
            applied,
            setoffs.Wish(effective_on=make.now.date(), **(told | more)),
            by=None,
            now=make.now,
        )


def seen(invoice: Invoice) -> Invoice:
    """The invoice as it is now."""
    return db.session.get_one(Invoice, invoice.id, populate_existing=True)


def detailed(make: Make, *firms: f.House, **more: Any) -> None:
    """Firms of which the keepers said who they are on invoices."""
    for number, one in enumerate(firms):
        siren = SIRENS[number]
        key = (12 + 3 * (int(siren) % 97)) % 97
        told: dict[str, Any] = {
            "legal_name": one.name,
            "legal_form": "SARL au capital de 1 000 €",
            "street": "12 rue des Tables",
            "postcode": "69001",
            "city": "Lyon",
            "siren": siren,
            "vat_number": f"FR{key:02d}{siren}",
        } | more
        with transaction():
            typed = Details(**told)
            identities.identify(f.actor_of(make, one), one.firm_id, typed=typed, now=make.now)


def prepared(make: Make, leg: DealLeg, by: f.House) -> Invoice:
    """The draft of an invoice, by the firm that gave."""
    with transaction():
        return drafting.prepare(
            f.actor_of(make, by), leg.deal_id, leg.id, today=make.now.date(), now=make.now
        )


def issued(make: Make, leg: DealLeg, by: f.House) -> Invoice:
    """An invoice with its number, by the firm that gave."""
    draft = prepared(make, leg, by)
    today = make.now.date()
    with transaction():
        return drafting.issue(
            f.actor_of(make, by),
            draft.id,
            choices=drafting.Choices(operation="services", supplied_on=today),
            today=today,
            now=make.now,
        )


def both_issued(make: Make, one: f.House, other: f.House, terms: Terms | None = None) -> Deal:
    """A fulfilled deal of which both sides are invoiced."""
    detailed(make, one, other)
    deal = fulfilled(make, one, other, terms)
    for leg in deal.legs:
        issued(make, leg, one if leg.giver_id == one.firm_id else other)
    return f.looked_at(deal)


def agrees(make: Make, one: f.House, deal: Deal, seen_hash: str = "") -> Setoff:
    """A firm agrees to the set-off of a deal as it is, or to the one that it saw."""
    plan = agreeing.plan_of(f.looked_at(deal))
    with transaction():
        return agreeing.agree(
            f.actor_of(make, one),
            deal.id,
            seen_hash=seen_hash or (plan.hash if plan else ""),
            today=make.now.date(),
            now=make.now,
        )


def deal_of(deal_id: int) -> Deal:
    """A deal by its number."""
    return deals.whole(deal_id)


def invoice_pages(make: Make, account: Account, firm: Firm) -> dict[str, dict[str, int]]:
    """What the addresses of the pages of invoices name, by page; «» for most of them."""
    mine, theirs = f.House(firm.id, firm.name, account), f.house(make, "Miel & <Cie>")
    deal = both_issued(make, mine, theirs)
    first, second = settling.live_of(deal.id).values()
    done = both_issued(make, mine, theirs)
    for one in (mine, theirs):
        made = agrees(make, one, done)
    other = fulfilled(make, mine, theirs)
    leg_id = other.legs[0].id
    draft = prepared(make, other.legs[0], mine)
    usual = {"firm_id": firm.id, "setoff_id": made.id, "deal_id": deal.id, "leg_id": leg_id}
    return {
        "": usual | {"invoice_id": first.id},
        "issue": {"invoice_id": draft.id},
        "contest": {"invoice_id": second.id},
        "register": {"deal_id": other.id, "leg_id": leg_id},
    }
