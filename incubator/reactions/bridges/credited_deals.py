"""Deals on mutual credit: lines reserved once all have signed, cents posted once accepted.

Locks are taken in one order everywhere: the deal's row, then the head of the ledger. Decision 0040
says which deals are carried and what happens when a posting cannot be made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import String, cast, literal, select

from incubator.domain.exchanges.deals import queries, records, rules
from incubator.domain.exchanges.deals.events import DealActed, DealBound, LegEnded
from incubator.domain.exchanges.deals.models import Deal, DealLeg, DealParty
from incubator.domain.exchanges.invoices import settling
from incubator.domain.exchanges.invoices.crediting import SOURCE
from incubator.domain.exchanges.ledger import door, posting, reversing
from incubator.domain.exchanges.ledger.events import CreditAccountClosed
from incubator.domain.exchanges.ledger.models import Account, Reservation, Txn
from incubator.domain.exchanges.ledger.rules import excess, shortfall
from incubator.domain.exchanges.ledger.writing import Draft
from incubator.kernel.db import db
from incubator.kernel.errors import Refusal
from incubator.kernel.events import joins
from incubator.network.members.firm_queries import with_id

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from incubator.domain.exchanges.ledger.writing import Posted
    from incubator.network.members.actor import Actor

KEY: Final = "leg:"
FIELD: Final = "agreed"
AT_ONCE: Final = 500


class Obstacle(NamedTuple):
    """Why a deal cannot be on mutual credit: a refusal, whose firm, how many cents are missing."""

    code: str
    firm_id: int
    cents: int = 0


def subscribe() -> None:
    """Hear them in their own transaction."""
    joins(DealActed, acted)
    joins(DealBound, bound)
    joins(LegEnded, ended)
    joins(CreditAccountClosed, closed)


def acted(event: DealActed) -> None:
    """Whoever signs on credit learns at once what their own firm lacks, not the others."""
    if event.verb != "signed":
        return
    deal = db.session.get_one(Deal, event.deal_id)
    if deal.kind == "credit":
        if not door.head().switched_on:
            raise Refusal("ledger.off", field=FIELD)
        own = [each for each in _look(deal.id) if each.firm_id == event.firm_id]
        _refuse(own, event.firm_id)


def bound(event: DealBound) -> None:
    """Reserve what each receives; a swap whose firms cannot is left to itself.

    Raise Refusal ``ledger.off``, ``credit.…`` where a deal on credit cannot be carried.
    """
    deal = queries.whole(event.deal_id)
    if deal.kind != "credit" and (deal.soulte is not None or not door.head().switched_on):
        return
    door.enter()
    found = _look(deal.id)
    if found and deal.kind != "credit":
        return
    own = queries.own_of(event.actor_id or 0, [party.firm_id for party in deal.parties])
    _refuse(found, next(iter(own), None))
    numbers = accounts_of({leg.receiver_id for leg in deal.legs})
    for leg in carried(deal.legs):
        posting.reserve(
            None,
            account_id=numbers[leg.receiver_id],
            cents=leg.ttc_cents,
            key=key_of(leg.id),
            now=deal.changed_at,
        )
    if carried(deal.legs):
        records.note(deal, "carried", by=None, firm_id=None, now=deal.changed_at)


def ended(event: LegEnded) -> None:
    """Post what was accepted and let go of the rest; a leg that no line carries is left alone."""
    if _kept(event.leg_id):
        deal = queries.whole(event.deal_id)
        leg = records.leg_of(deal, event.leg_id)
        if not settle(deal, leg, now=deal.changed_at):
            records.note(deal, "waits", by=None, firm_id=None, now=deal.changed_at, leg_id=leg.id)


def settle(deal: Deal, leg: DealLeg, *, now: datetime) -> bool:
    """Post a leg that has ended, in a transaction that holds its deal; False where it has to wait.

    It waits while the receiver is frozen, or a limit is in the way; its reservation stays. With
    mutual credit switched off no new credit is given: the line is let go of, and the invoice is
    paid in euros.
    """
    link = door.enter(winding_down=True)
    cents = leg.accepted_cents or 0
    if cents and link.switched_on:
        if not _post(deal, leg, cents, now=now):
            return False
    elif cents:
        records.note(deal, "in_euros", by=None, firm_id=None, now=now, leg_id=leg.id, cents=cents)
    posting.release(None, key=key_of(leg.id), now=now)
    return True


def _post(deal: Deal, leg: DealLeg, cents: int, *, now: datetime) -> bool:
    numbers = accounts_of({leg.giver_id, leg.receiver_id})
    if len(numbers) != len({leg.giver_id, leg.receiver_id}):
        return False
    giver, receiver = numbers[leg.giver_id], numbers[leg.receiver_id]
    held = door.accounts([giver, receiver])
    # Its own reservation is in the sum that is reserved, and frees what it receives.
    state = held[receiver].state
    below = state.balance - state.reserved < state.limits.lower
    shut = any(one.closed_at is not None for one in held.values())
    if shut or below or state.limits.frozen or excess(held[giver].state, cents):
        return False
    draft = Draft(
        kind="settle",
        amounts={giver: cents, receiver: -cents},
        idem=key_of(leg.id),
        source_type=SOURCE,
        source_id=leg.id,
        releases={key_of(leg.id): cents},
    )
    posting.post(None, draft, now=now)
    if "post" in rules.LEG[leg.state]:
        records.move_leg(deal, leg, "post", cents=None, now=now)
    records.note(deal, "posted", by=None, firm_id=None, now=now, leg_id=leg.id, cents=cents)
    return True


def waiting(*, after: int = 0) -> Sequence[tuple[int, int]]:
    """The legs that were accepted and still wait to be posted: deal and leg, from a leg on.

    The first of them in the order of legs, at most ``AT_ONCE``.
    """
    query = (
        select(DealLeg.deal_id, DealLeg.id)
        .join(Reservation, Reservation.key == literal(KEY) + cast(DealLeg.id, String))
        .where(Reservation.cents > 0, DealLeg.accepted_cents > 0, DealLeg.id > after)
        .order_by(DealLeg.id)
        .limit(AT_ONCE)
    )
    return [(deal_id, leg_id) for deal_id, leg_id in db.session.execute(query)]


def retry(deal_id: int, leg_id: int, *, now: datetime) -> bool:
    """Post a leg that waited, now that it may; whether it was. Twice is once."""
    records.lock(deal_id)
    deal = queries.whole(deal_id)
    leg = records.leg_of(deal, leg_id)
    return bool(leg.accepted_cents and _kept(leg_id)) and settle(deal, leg, now=now)


def take_back(
    by: Actor, *, txn_id: int, reason: str, now: datetime, over_limit: bool = False
) -> Posted:
    """Take a transaction back as ``reversing.reverse`` does; the deal that it was for tells why.

    Raise Refusal ``credit.set_off`` about a line whose invoice was set off: to take it back would
    leave the firm with both.
    """
    source = select(Txn.source_id).where(Txn.id == txn_id, Txn.source_type == SOURCE)
    leg_id = db.session.scalar(source)
    found = select(DealLeg.deal_id).where(DealLeg.id == (leg_id or 0))
    deal_id = db.session.scalar(found)
    if deal_id is not None:
        records.lock(deal_id)
    posted = reversing.reverse(by, txn_id=txn_id, reason=reason, now=now, over_limit=over_limit)
    if deal_id is not None and leg_id is not None:
        invoice = settling.live_of(deal_id).get(leg_id)
        if invoice is not None and invoice.applied_cents:
            raise Refusal("credit.set_off")
        deal = queries.whole(deal_id)
        leg = records.leg_of(deal, leg_id)
        if leg.state == "posted":
            whole = leg.accepted_cents == leg.ttc_cents
            records.move_leg(deal, leg, "back" if whole else "back_part", cents=None, now=now)
        told = {"words": reason.strip()}
        records.note(deal, "taken_back", by=by, firm_id=None, now=now, leg_id=leg_id, **told)
    return posted


def closed(event: CreditAccountClosed) -> None:
    """A firm that is still to be credited for what it gives stays: refuse ``credit.awaited``."""
    given = (
        select(DealLeg.id)
        .join(DealParty, DealParty.deal_id == DealLeg.deal_id)
        .where(DealParty.firm_id == event.firm_id, DealLeg.giver_id == event.firm_id)
    )
    keys = [key_of(leg_id) for leg_id in db.session.scalars(given)]
    awaited = 0
    for start in range(0, len(keys), AT_ONCE):
        some = Reservation.key.in_(keys[start : start + AT_ONCE])
        rows = db.session.scalars(select(Reservation.id).where(some, Reservation.cents > 0))
        awaited += len(rows.all())
    if awaited:
        raise Refusal("credit.awaited", number=awaited)


def obstacles(legs: Sequence[DealLeg], firm_ids: Collection[int]) -> list[Obstacle]:
    """What keeps these legs from being on mutual credit; the accounts are read, not locked."""
    numbers = accounts_of(firm_ids)
    held = door.accounts(numbers.values(), locked=False)
    by_firm = {firm_id: held[number] for firm_id, number in numbers.items()}
    found = []
    for firm_id in sorted(firm_ids):
        one = by_firm.get(firm_id)
        if one is None or one.closed_at is not None:
            found.append(Obstacle("credit.no_account", firm_id))
        else:
            found += _of_one(one, firm_id, legs)
    return found


def _of_one(one: door.Held, firm_id: int, legs: Sequence[DealLeg]) -> list[Obstacle]:
    gives, receives = sums(legs, firm_id)
    if receives and one.state.limits.frozen:
        return [Obstacle("credit.frozen", firm_id)]
    if receives and (missing := shortfall(one.state, receives)):
        return [Obstacle("credit.short", firm_id, missing)]
    if gives and (above := excess(one.state, gives)):
        return [Obstacle("credit.full", firm_id, above)]
    return []


def sums(legs: Sequence[DealLeg], firm_id: int) -> tuple[int, int]:
    """The cents with tax that a firm gives and receives on mutual credit by these legs."""
    known = carried(legs)
    gives = sum(leg.ttc_cents for leg in known if leg.giver_id == firm_id)
    return gives, sum(leg.ttc_cents for leg in known if leg.receiver_id == firm_id)


def carried(legs: Sequence[DealLeg]) -> list[DealLeg]:
    """The legs that a line can carry: exchanged, neither given for nothing nor paid in euros."""
    return [leg for leg in legs if leg.mode == "barter"]


def accounts_of(firm_ids: Collection[int]) -> dict[int, int]:
    """The numbers of the accounts of these firms, by firm."""
    query = select(Account.firm_id, Account.id).where(Account.firm_id.in_(sorted(firm_ids)))
    return {firm_id: number for firm_id, number in db.session.execute(query) if firm_id}


def key_of(leg_id: int) -> str:
    """What a leg is called in the ledger."""
    return f"{KEY}{leg_id}"


def legs_named(keys: Collection[str]) -> list[int]:
    """The legs of such names."""
    return [_leg_id(key) for key in keys if key.startswith(KEY)]


def deals_of(leg_ids: Collection[int]) -> Mapping[int, tuple[int, str]]:
    """The deal of each leg: its number and its title."""
    query = (
        select(DealLeg.id, Deal.id, Deal.title)
        .join(Deal, Deal.id == DealLeg.deal_id)
        .where(DealLeg.id.in_(sorted(leg_ids)))
    )
    return {leg_id: (deal_id, title) for leg_id, deal_id, title in db.session.execute(query)}


def _leg_id(key: str) -> int:
    return int(key.removeprefix(KEY))


def _kept(leg_id: int) -> int:
    """The cents still reserved for a leg."""
    query = select(Reservation.cents).where(Reservation.key == key_of(leg_id))
    return db.session.scalar(query) or 0


def _look(deal_id: int) -> list[Obstacle]:
    deal = queries.whole(deal_id)
    return obstacles(deal.legs, {party.firm_id for party in deal.parties})


def _refuse(found: Sequence[Obstacle], own_id: int | None) -> None:
    """Refuse with the exact sum to the firm that lacks it, and without it to the others."""
    for each in sorted(found, key=lambda one: one.firm_id != own_id):
        firm, mine = with_id(each.firm_id).name, each.firm_id == own_id
        if each.code == "credit.no_account":
            raise Refusal("credit.no_account", field=FIELD, firm=firm)
        if each.code == "credit.frozen":
            raise Refusal("credit.frozen", field=FIELD, firm=firm)
        if not mine:
            raise Refusal("credit.theirs", field=FIELD, firm=firm)
        if each.code == "credit.full":
            raise Refusal("credit.full", field=FIELD, firm=firm, cents=each.cents)
        raise Refusal("credit.short", field=FIELD, firm=firm, cents=each.cents)
