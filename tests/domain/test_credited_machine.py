"""Deals under random histories with mutual credit on: what the ledger holds follows each of them.

The machine of deals, with accounts for its firms, managers who freeze, lengthen and take back,
invoices, and the switch. Invariants 14, 18, 20, 21 and 24 of the design.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import aliased

from incubator.domain.exchanges.deals import money, performing, queries, rules, terms
from incubator.domain.exchanges.invoices import agreeing, answering, crediting, settling
from incubator.domain.exchanges.invoices import rules as invoice_rules
from incubator.domain.exchanges.invoices.models import CreditLine, Invoice
from incubator.domain.exchanges.ledger import accounts, ageing, door, switch, verifying
from incubator.domain.exchanges.ledger.models import Entry, Reservation, Txn
from incubator.kernel.db import db, transaction
from incubator.reactions.bridges import credited_deals
from tests import factories_deals as f
from tests import factories_invoices as i
from tests.domain.test_deals_machine import PRICE, Deals
from tests.factories_credit import READ

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from incubator.domain.exchanges.deals.models import Deal
    from tests.factories import Make

SIDE = st.integers(0, 1)


class Credited(Deals):
    """The same firms, with a line each."""

    @initialize()
    def open_house(self) -> None:
        super().open_house()
        self.admin = self.make.member(role="administrator")
        self.turn(on=True)
        self.numbers = []
        for house in self.houses:
            with transaction():
                number = accounts.open_account(None, firm_id=house.firm_id, now=self.now)
                self.numbers.append(number)

    def turn(self, *, on: bool) -> None:
        with transaction():
            boss = self.make.actor(self.admin)
            switch.switch(boss, turned_on=on, text_read=READ, now=self.now)

    def wish(self, mine: int, theirs: int, *, even: bool) -> terms.Terms:
        """Sides that are worth the same are a swap that lines may carry, or with a soulte.

        Uneven ones go on mutual credit, and sometimes only one side gives.
        """
        wish = super().wish(mine, theirs, even=even)
        if even and (mine + theirs) % 2:
            return wish
        if even:
            one, other = self.houses[0], self.houses[1]
            priced = (mine, 2000)
            return f.swap(one, other, f.gives(one, other, priced), f.gives(other, one, priced))
        legs = wish.legs[:1] if mine == theirs else wish.legs
        return terms.on_credit(terms.Terms(legs=legs))

    @rule(side=SIDE, frozen=st.booleans(), line=st.sampled_from([60_00, 200_00, 500_00]))
    def a_manager_decides(self, side: int, frozen: bool, line: int) -> None:
        by, number = self.make.actor(self.boss), self.numbers[side]
        told = {"account_id": number, "comment": "x", "now": self.now}
        self.run(partial(accounts.freeze, by, frozen=frozen, **told))
        self.run(partial(accounts.set_line, by, line=line, upper=None, **told))

    @rule(on=st.sampled_from([True, True, False]))
    def the_switch_is_turned(self, on: bool) -> None:
        self.turn(on=on)

    @rule(side=SIDE)
    def a_firm_leaves_or_comes_back(self, side: int) -> None:
        if door.account(self.numbers[side], locked=False).closed_at is None:
            act = partial(accounts.close_account, None, account_id=self.numbers[side])
        else:
            firm_id = self.houses[side].firm_id
            act = partial(accounts.open_account, None, firm_id=firm_id)
        self.run(partial(act, now=self.now))

    @rule()
    def an_hour_posts_what_waited(self) -> None:
        with transaction():
            ageing.tick(self.now)
        for deal_id, leg_id in credited_deals.waiting():
            self.run(partial(credited_deals.retry, deal_id, leg_id, now=self.now))

    @rule(leg=SIDE)
    def is_invoiced(self, leg: int) -> None:
        deal = self.deal()
        if deal is None or leg >= len(deal.legs):
            return
        part = deal.legs[leg]
        if part.state in invoice_rules.TO_INVOICE and part.accepted_cents:
            giver = next(one for one in self.houses if one.firm_id == part.giver_id)
            net, vat, total = money.split(part.accepted_cents, part.vat_bp)
            told = {"ht_cents": net, "vat_cents": vat, "ttc_cents": total}
            i.invoiced(self.make, part, giver, **told)

    @rule(who=SIDE)
    def receives_an_invoice(self, who: int) -> None:
        for one in db.session.scalars(select(Invoice.id)).all():
            self.tries(answering.receive, who, one)

    @rule(price=PRICE)
    def a_delivery_is_paid_by_credit(self, price: int) -> None:
        """Of a deal that is there already, as much of it as its state allows."""
        self.propose(price, price, even=False, who=0)
        self.both_sign()
        for leg in (0, 1):
            self.is_given(leg)
        for who in (0, 1):
            self.receives_an_invoice(who)

    @rule(price=PRICE, ends=st.integers(0, 3))
    def a_swap_is_given_as_far_as_it_goes(self, price: int, ends: int) -> None:
        """Of both sides or of one; the other is called off, or comes while credit is off."""
        self.propose(price, price, even=True, who=0)
        self.both_sign()
        self.is_given(0)
        if ends == 1 and (deal := self.deal()):
            for who in (0, 1):
                self.tries(performing.call_off, who, deal.id)
        self.turn(on=ends != 2)
        self.is_given(1)
        for who in (0, 1):
            self.receives_an_invoice(who)

    def is_given(self, leg: int) -> None:
        """Delivered, accepted and invoiced, as far as its state allows."""
        for act in (performing.deliver, performing.accept):
            for who in (0, 1):
                self.move_leg(who, act, leg)
        self.is_invoiced(leg)

    @rule()
    def both_agree_to_the_set_off(self) -> None:
        deal = self.deal()
        plan = agreeing.plan_of(deal) if deal else None
        for who in (0, 1) if deal and plan else ():
            day = self.now.date()
            self.tries(agreeing.agree, who, deal.id, seen_hash=plan.hash, today=day)

    @rule(data=st.data(), over=st.booleans())
    def a_line_is_taken_back(self, data: st.DataObject, over: bool) -> None:
        if known := db.session.scalars(select(Txn.id).order_by(Txn.id)).all():
            txn = data.draw(st.sampled_from(known))
            by = self.make.actor(self.boss)
            act = partial(credited_deals.take_back, by, txn_id=txn, reason="x", over_limit=over)
            self.run(partial(act, now=self.now))

    @invariant()
    def what_was_taken_back_pays_no_invoice(self) -> None:
        """An accepted invoice of a deal on credit is paid by what was posted and stands."""
        for one in db.session.scalars(select(Invoice).execution_options(populate_existing=True)):
            lines = select(CreditLine.cents).where(CreditLine.invoice_id == one.id)
            on_credit = queries.whole(one.deal_id).kind == "credit"
            stands = self.stands(one.leg_id) and on_credit and one.status != "issued"
            assert sum(db.session.scalars(lines)) == one.credit_cents
            if on_credit:
                assert one.credit_cents == (one.ttc_cents if stands else 0)
                assert (one.status == "paid") == stands

    @invariant()
    def what_credit_moved_is_counted_once(self) -> None:
        """What a deal has left on an account is what its invoices say that credit paid."""
        for deal in self.deals():
            live = settling.live_of(deal.id)
            due = [leg for leg in deal.legs if leg.mode == "barter" and leg.accepted_cents]
            there = {live[leg.id].status for leg in due if leg.id in live}
            unwritten = any(leg.id not in live for leg in due) or there & {"issued", "contested"}
            if unwritten or crediting.undecided(deal):
                continue
            left = Counter({party.firm_id: 0 for party in deal.parties})
            for leg in due:
                moved = self.moved(leg.id) - (live[leg.id].credit_cents if leg.id in live else 0)
                left[leg.giver_id] += moved
                left[leg.receiver_id] -= moved
            assert not any(left.values())

    @invariant()
    def the_ledger_proves_itself(self) -> None:
        assert verifying.verify() == []

    @invariant()
    def what_is_reserved_is_signed_and_not_posted(self) -> None:
        """14 and 24: whole legs of signed deals, until each is posted or let go."""
        kept = {row.key: row for row in db.session.scalars(select(Reservation)).all()}
        legs = {leg.id: (deal, leg) for deal in self.deals() for leg in deal.legs}
        for key, row in kept.items():
            deal, leg = legs[credited_deals.legs_named([key])[0]]
            assert deal.state not in (*rules.TALKING, "expired", "withdrawn", "declined")
            waits = leg.state in {"committed", "delivered", "contested"} or (
                leg.accepted_cents and self.posted(leg.id) is None
            )
            assert row.first_cents == leg.ttc_cents
            assert row.cents in ({leg.ttc_cents} if waits and row.cents else {0})

    @invariant()
    def nothing_is_posted_before_all_signed_nor_beyond_its_leg(self) -> None:
        """18 and 20: what was posted of a leg is what was accepted of it, once all had signed."""
        for deal in self.deals():
            for leg in deal.legs:
                cents = self.posted(leg.id)
                if self.stands(leg.id):
                    assert leg.state in {"posted", "invoiced", "compensated"}
                else:
                    # A set-off settles what no line carried.
                    assert leg.state != "posted"
                    assert deal.kind != "credit" or leg.state != "compensated"
                if cents is not None:
                    assert cents == leg.accepted_cents
                    assert cents <= leg.ttc_cents
                    assert {party.firm_id for party in deal.parties} == _signed(deal)

    @invariant()
    def a_swap_posted_whole_nets_to_nothing(self) -> None:
        """21: of a swap whose legs all stand whole, nothing stays on any account."""
        for deal in self.deals():
            if deal.kind == "swap" and all(self.stands(leg.id) for leg in deal.legs):
                for party in deal.parties:
                    sides = [1 if leg.giver_id == party.firm_id else -1 for leg in deal.legs]
                    moved = [self.moved(leg.id) for leg in deal.legs]
                    cut = any(leg.accepted_cents != leg.ttc_cents for leg in deal.legs)
                    assert cut or not sum(s * m for s, m in zip(sides, moved, strict=True))

    def moved(self, leg_id: int) -> int:
        """The cents that stand on the ledger for a leg."""
        return (self.posted(leg_id) or 0) if self.stands(leg_id) else 0

    def posted(self, leg_id: int) -> int | None:
        query = (
            select(Entry.amount)
            .join(Txn, Txn.id == Entry.txn_id)
            .where(Txn.idem == credited_deals.key_of(leg_id), Entry.amount > 0)
        )
        return db.session.scalar(query)

    def stands(self, leg_id: int) -> bool:
        """Whether a leg was posted and not taken back."""
        back = aliased(Txn)
        query = (
            select(Txn.id)
            .outerjoin(back, back.reverses_id == Txn.id)
            .where(Txn.idem == credited_deals.key_of(leg_id), back.id.is_(None))
        )
        return db.session.scalar(query) is not None

    def fulfilled_nets_to_the_soulte(self) -> None:
        """Of deals on credit this is not so: the ledger holds the difference."""


def _signed(deal: Deal) -> set[int]:
    return {each.firm_id for each in deal.signatures if each.terms_hash == deal.terms_hash}


def test_no_history_parts_the_ledger_from_its_deals(connection: Connection, make: Make) -> None:
    Credited.connection, Credited.make = connection, make
    run_state_machine_as_test(
        Credited,
        settings=settings(
            max_examples=20,
            stateful_step_count=30,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
