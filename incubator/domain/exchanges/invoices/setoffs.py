"""Writing a set-off: debts extinguish one another, all of them in one transaction or none.

A netting round calls ``claims`` for what may enter it, and ``write`` with the cents of each::

    found = setoffs.claims(due_on=cutoff, firm_ids=firms_that_agreed)
    setoffs.write(
        {claim.invoice_id: cents_to_clear},
        setoffs.Wish(kind="round", basis=rules.AGREED, effective_on=today, round_id=round.id),
        by=actor, now=now,
    )

Deals are held first, then invoices, each by number: two rounds, or a round and the set-off of a
deal, wait for one another and never in a circle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert, select

from incubator.domain.exchanges.deals import queries as deals
from incubator.domain.exchanges.deals import records
from incubator.domain.exchanges.deals.models import Deal, Soulte
from incubator.domain.exchanges.invoices import crediting, numbering, rules, settling
from incubator.domain.exchanges.invoices.events import SetoffEffective
from incubator.domain.exchanges.invoices.models import Invoice, Setoff, SetoffLine
from incubator.domain.exchanges.invoices.rules import Claim
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, NotFound, Refusal
from incubator.kernel.events import record, record_all

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from incubator.domain.exchanges.deals.events import DealActed
    from incubator.network.members.actor import Actor

# How many deals are told of a set-off at once.
DEALS_AT_ONCE: Final = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What a set-off is: of which kind, on which basis, from which day on, for which round.

    ``kind`` «bilateral» and «deal» clear as much for a firm as it clears itself; a «round» may
    leave a difference, which its caller posts on the ledger in the same transaction.
    """

    kind: str
    basis: str
    effective_on: date
    deal_id: int | None = None
    round_id: int | None = None


def claims(*, due_on: date, firm_ids: Collection[int] | None = None) -> list[Claim]:
    """What is owed by invoices and may be set off: issued, uncontested, due, with a rest.

    The cents are the rest of each, by number of invoice; ``firm_ids`` keeps those of which both
    firms are among them. What mutual credit pays is not among it, nor a deal with a soulte, which
    is settled by itself. Raise Refusal
    ``invoices.claims`` beyond ``rules.ROUND_MOST``: a part of them would be left out unseen.
    """
    left = Invoice.ttc_cents - Invoice.applied_cents - Invoice.paid_cents
    query = (
        select(Invoice.id, Invoice.issuer_id, Invoice.recipient_id, left)
        .join(Deal, Deal.id == Invoice.deal_id)
        .where(Invoice.kind == "invoice", Invoice.status.in_(rules.OWED))
        .where(Invoice.due_on <= due_on, left > 0)
        .where(crediting.in_euros())
        .where(~select(Soulte.deal_id).where(Soulte.deal_id == Invoice.deal_id).exists())
        .order_by(Invoice.id)
    )
    among = None if firm_ids is None else set(firm_ids)
    found = []
    # No statement takes tens of thousands of numbers: firms are looked for here.
    for row in db.session.execute(query):
        claim = Claim(*row)
        if among is None or {claim.issuer_id, claim.recipient_id} <= among:
            found.append(claim)
    if len(found) > rules.ROUND_MOST:
        raise Refusal("invoices.claims", most=rules.ROUND_MOST, number=len(found))
    return found


def write(applied: Mapping[int, int], wish: Wish, *, by: Actor | None, now: datetime) -> Setoff:
    """Set off cents by invoice, now and for good; the same round told twice is written once.

    Invoices that are settled by it become «compensated» and so do their legs, and a deal of which
    all is settled is settled. Raise Refusal ``invoices.cents``, ``invoices.lines``,
    ``invoices.unequal``; NotFound ``invoices.invoice``; Conflict ``invoices.moved`` (with
    ``invoice_id``) about an invoice that is contested, settled or has less left by now.
    """
    _check(applied)
    found = hold(applied)
    if wish.round_id is not None:
        told = db.session.scalar(select(Setoff).where(Setoff.round_id == wish.round_id))
        if told is not None:
            return told
    setoff = Setoff(
        kind=wish.kind,
        basis=wish.basis,
        state="draft",
        deal_id=wish.deal_id,
        round_id=wish.round_id,
        made_by_id=by.id if by else None,
        made_at=now,
    )
    db.session.add(setoff)
    db.session.flush()
    take(setoff, applied, found, on=wish.effective_on, by=by, now=now)
    return setoff


def hold(invoice_ids: Collection[int]) -> dict[int, Invoice]:
    """Hold invoices and their deals, by number; raise NotFound ``invoices.invoice``."""
    numbers = sorted(set(invoice_ids))
    deal_ids: set[int] = set()
    for some in settling.batches(numbers):
        deal_ids.update(db.session.scalars(select(Invoice.deal_id).where(Invoice.id.in_(some))))
    settling.locked_deals(deal_ids)
    found: dict[int, Invoice] = {}
    for some in settling.batches(numbers):
        held = select(Invoice).where(Invoice.id.in_(some)).order_by(Invoice.id).with_for_update()
        fresh = held.execution_options(populate_existing=True)
        found.update({each.id: each for each in db.session.scalars(fresh)})
    if len(found) != len(numbers):
        raise NotFound("invoices.invoice")
    return found


def take(
    setoff: Setoff,
    applied: Mapping[int, int],
    found: Mapping[int, Invoice],
    *,
    on: date,
    by: Actor | None,
    now: datetime,
) -> None:
    """Let a set-off take effect on invoices that are held, from the first day open for all.

    Raise as ``write``.
    """
    for number, cents in applied.items():
        owed = found[number]
        if owed.status not in rules.OWED or owed.kind != "invoice" or owed.left_cents < cents:
            raise Conflict("invoices.moved", invoice_id=number)
    told = (Claim(n, found[n].issuer_id, found[n].recipient_id, c) for n, c in applied.items())
    if setoff.kind != "round" and any(rules.balances(told).values()):
        raise Refusal("invoices.unequal")
    firms = (firm for n in applied for firm in (found[n].issuer_id, found[n].recipient_id))
    day = numbering.open_day(firms, on)
    setoff.state = rules.after(rules.SETOFF, setoff.state, "sign")
    db.session.flush()
    lines = [
        {"setoff_id": setoff.id, "invoice_id": number, "applied_cents": applied[number]}
        for number in sorted(applied)
    ]
    db.session.execute(insert(SetoffLine), lines)
    setoff.state = rules.after(rules.SETOFF, setoff.state, "take")
    setoff.effective_on = day
    db.session.flush()
    _follow(setoff, applied, by=by, now=now)
    record(
        SetoffEffective(
            actor_id=by.id if by else None,
            setoff_id=setoff.id,
            kind=setoff.kind,
            lines=len(lines),
            cents=sum(applied.values()),
        )
    )


def _follow(setoff: Setoff, applied: Mapping[int, int], *, by: Actor | None, now: datetime) -> None:
    """Tell each deal what was set off of its invoices, and move what is settled by it."""
    by_deal: dict[int, list[Invoice]] = {}
    for invoice in hold(applied).values():
        by_deal.setdefault(invoice.deal_id, []).append(invoice)
    numbers = sorted(by_deal)
    for at in range(0, len(numbers), DEALS_AT_ONCE):
        some = numbers[at : at + DEALS_AT_ONCE]
        live, told = settling.live_of(*some), []
        for deal_id, deal in sorted(deals.wholes(some).items()):
            for invoice in by_deal[deal_id]:
                invoice.changed_at = now
                cents = applied[invoice.id]
                told.append(_applied(setoff, deal, invoice, cents=cents, by=by, now=now))
                if not invoice.left_cents:
                    told += settling.settle(deal, invoice, live, by=None, firm_id=None, now=now)
        db.session.flush()
        record_all(told)


def _applied(
    setoff: Setoff, deal: Deal, invoice: Invoice, *, cents: int, by: Actor | None, now: datetime
) -> DealActed:
    """The line of a deal's timeline; of a round its firms hear as a whole."""
    return records.jot(
        deal,
        "set_off",
        by=by,
        firm_id=None,
        now=now,
        leg_id=invoice.leg_id,
        quiet=setoff.kind == "round",
        cents=cents,
        setoff=setoff.id,
    )


def _check(applied: Mapping[int, int]) -> None:
    """Refuse what is no set-off, before anything is held."""
    if not 0 < len(applied) <= rules.ROUND_MOST:
        raise Refusal("invoices.lines", most=rules.ROUND_MOST)
    for cents in applied.values():
        rules.whole(cents)
