"""What follows an invoice: it is right, it is contested, it is taken back, it was paid in euros."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.exchanges.deals import records
from incubator.domain.exchanges.deals import rules as deal_rules
from incubator.domain.exchanges.invoices import (
    agreeing,
    crediting,
    drafting,
    numbering,
    queries,
    rules,
    settling,
)
from incubator.domain.exchanges.invoices.models import Invoice
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.text import one_line

if TYPE_CHECKING:
    from datetime import date, datetime

    from incubator.domain.exchanges.deals.models import Deal
    from incubator.domain.exchanges.invoices.queries import Seen
    from incubator.network.members.actor import Actor

# What an invoice says that its credit note says too.
_SAME = (
    "origin", "deal_id", "leg_id", "issuer_id", "recipient_id", "supplied_on", "due_on", "title",
    "quantity", "unit", "in_cash", "ht_cents", "vat_cents", "ttc_cents", "vat_by_rate", "regime",
    "vat_on", "operation", "mention", "seller", "buyer", "issuer_siren", "recipient_siren",
)  # fmt: skip


def receive(actor: Actor, invoice_id: int, *, now: datetime) -> None:
    """Say for who receives it that an invoice is right, also one that was contested.

    What a deal on mutual credit has moved on the ledger is settled by it. Twice is once. Raise
    NotFound; NotAllowed ``deals.not_yours``; Refusal ``invoices.state``.
    """
    deal, seen = drafting.hold(actor, invoice_id)
    invoice = _received(seen)
    if invoice.status == "received":
        return
    _move(invoice, "receive", now=now)
    _note(deal, invoice, "inv_ok", by=actor, now=now)
    crediting.pay(deal.id, now=now)


def contest(actor: Actor, invoice_id: int, *, words: str, now: datetime) -> None:
    """Say why an invoice is not right: it is not set off until that is settled.

    Raise NotFound; NotAllowed ``deals.not_yours``; Refusal ``deals.words``, ``invoices.partly``
    once a part is set off, ``invoices.state``.
    """
    deal, seen = drafting.hold(actor, invoice_id)
    invoice = _received(seen)
    told = deal_rules.words(words, "words", most=rules.WORDS_MOST)
    _check_untouched(deal, invoice)
    _move(invoice, "contest", now=now)
    invoice.words = told
    _note(deal, invoice, "inv_contest", by=actor, now=now, words=told)


def take_back(
    actor: Actor, invoice_id: int, *, words: str, number: str, today: date, now: datetime
) -> Invoice:
    """Take an invoice back by a credit note, with why: its leg may be invoiced anew.

    ``number`` is the credit note's where the invoice was issued elsewhere; otherwise the next of
    the issuer's series. Raise NotFound; NotAllowed, also of a credit note; Refusal
    ``deals.words``, ``invoices.number``, ``invoices.taken``, ``invoices.closed``,
    ``invoices.partly``, ``invoices.state``.
    """
    deal, seen = drafting.hold(actor, invoice_id)
    invoice = seen.invoice
    if not seen.gives:
        raise NotAllowed("deals.not_yours")
    if invoice.kind != "invoice":
        raise NotAllowed("invoices.state")
    earlier = queries.credit_of(invoice.id)
    if earlier is not None:
        return earlier
    told = deal_rules.words(words, "words", most=rules.WORDS_MOST)
    _check_untouched(deal, invoice)
    _move(invoice, "credit", now=now)
    values = {name: getattr(invoice, name) for name in _SAME}
    values |= _numbered(invoice, number, today)
    made = Invoice(
        kind="credit",
        status="issued",
        credits_id=invoice.id,
        issued_on=today,
        words=told,
        made_by_id=actor.id,
        made_at=now,
        changed_at=now,
        **values,
    )
    db.session.add(made)
    db.session.flush()
    _note(deal, invoice, "inv_credit", by=actor, now=now, words=told)
    return made


def note_paid(actor: Actor, invoice_id: int, *, now: datetime) -> None:
    """Say for who issued it that what is left of an invoice came in euros; twice is once.

    Raise NotFound; NotAllowed ``deals.not_yours``; Refusal ``invoices.state``,
    ``invoices.soulte`` while a soulte is to come, which is noted on the deal, or
    ``invoices.not_in_euros`` while a set-off or mutual credit may still settle it.
    """
    deal, seen = drafting.hold(actor, invoice_id)
    invoice = seen.invoice
    if not seen.gives or invoice.kind != "invoice":
        raise NotAllowed("deals.not_yours")
    # What came by the soulte is not noted again.
    agreeing.count_soulte(deal.id, now=now)
    if invoice.status in {"paid", "compensated"}:
        return
    if agreeing.awaits_soulte(deal, invoice):
        raise Refusal("invoices.soulte")
    if invoice.status not in rules.OWED:
        raise Refusal("invoices.state")
    if not agreeing.is_for_euros(deal, invoice):
        raise Refusal("invoices.not_in_euros")
    invoice.paid_cents += invoice.left_cents
    settling.settled(deal, invoice, by=actor, firm_id=invoice.issuer_id, now=now)


def _received(seen: Seen) -> Invoice:
    if not seen.receives or seen.invoice.kind != "invoice":
        raise NotAllowed("deals.not_yours")
    return seen.invoice


def _check_untouched(deal: Deal, invoice: Invoice) -> None:
    if not agreeing.is_untouched(deal, invoice):
        raise Refusal("invoices.partly")


def _move(invoice: Invoice, act: str, *, now: datetime) -> None:
    invoice.status = rules.after(rules.INVOICE, invoice.status, act)
    invoice.changed_at = now
    db.session.flush()


def _numbered(invoice: Invoice, typed: str, today: date) -> dict[str, str | int | date | None]:
    held = numbering.held_books([invoice.issuer_id, invoice.recipient_id])
    books, booked = held[invoice.issuer_id], numbering.late(held[invoice.recipient_id], today)
    numbering.check_open(books, today, None)
    if invoice.origin == "prepared":
        prefix = str(invoice.seller["prefix"])
        printed, year, no = numbering.allot(books, year=today.year, prefix=prefix)
        return {
            "number": printed,
            "series_year": year,
            "series_no": no,
            "booked_on": booked,
        }
    number = one_line(typed.replace("\0", "")).strip()
    if not 0 < len(number) <= rules.NUMBER_MOST:
        raise Refusal("invoices.number", field="number", most=rules.NUMBER_MOST)
    if numbering.taken(invoice.issuer_id, number):
        raise Refusal("invoices.taken", field="number")
    return {"number": number, "booked_on": booked}


def _note(
    deal: Deal, invoice: Invoice, verb: str, *, by: Actor, now: datetime, words: str = ""
) -> None:
    receives = verb in {"inv_ok", "inv_contest"}
    firm_id = invoice.recipient_id if receives else invoice.issuer_id
    told = {"words": words} if words else {}
    records.note(deal, verb, by=by, firm_id=firm_id, now=now, leg_id=invoice.leg_id, **told)
