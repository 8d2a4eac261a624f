"""Rounds under random histories: whatever firms, administrators and the clock do, the rules hold.

Three firms that owe one another; every step may be refused, none may break. After each step the
world is compared with what must be true of any history.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from incubator.domain.exchanges.invoices.models import Invoice, SetoffLine
from incubator.domain.exchanges.ledger import accounts, reversing, switch, verifying
from incubator.domain.exchanges.ledger.models import Account, Entry, Txn
from incubator.domain.exchanges.rounds import clock, files, queries, rules, running, solving
from incubator.domain.exchanges.rounds.models import Round, RoundLine, RoundNotice
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import Refusal
from tests import factories_rounds as r
from tests.factories_credit import READ

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from tests.factories import Make

WHO = st.integers(0, 2)
CENTS = st.sampled_from([50_00, 120_00, 999_99])
FINAL = {"executed", "published", "cancelled"}


class Rounds(RuleBasedStateMachine):
    """Firms, their debts, rounds, and time."""

    connection: Connection
    make: Make

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = self.connection.begin_nested()
        db.session.remove()
        self.now = self.make.now
        self.ended: dict[int, tuple[str, list[int]]] = {}
        self.applied: dict[int, int] = {}
        self.agreed: dict[tuple[int, int], rules.Shown] = {}

    def teardown(self) -> None:
        db.session.remove()
        self.savepoint.rollback()

    @initialize()
    def open_house(self) -> None:
        self.net = r.network(self.make, debts=((0, 1, 120_00), (1, 2, 200_00), (2, 0, 80_00)))
        with transaction():
            switch.switch(self.net.admin, turned_on=True, text_read=READ, now=self.now)
        self.numbers = {}
        for house in self.net.houses[:2]:
            with transaction():
                number = accounts.open_account(None, firm_id=house.firm_id, now=self.now)
            self.numbers[house.firm_id] = number

    @property
    def last(self) -> Round | None:
        return db.session.scalar(select(Round).order_by(Round.id.desc()).limit(1))

    def tries(self, act: Callable[[Round], Any]) -> None:
        """Do something to the last round; a refusal is an answer, anything else a fault."""
        found = self.last
        if found is None:
            return
        try:
            act(found)
        except Refusal:
            return

    @rule(debtor=WHO, creditor=WHO, cents=CENTS)
    def owe(self, debtor: int, creditor: int, cents: int) -> None:
        if debtor != creditor and len(self.net.invoices) < 6:
            self.net.owes(debtor, creditor, cents)

    @rule(mode=st.sampled_from(rules.MODES))
    def open_one(self, mode: str) -> None:
        try:
            self.net.opens(mode=mode)
        except Refusal:
            return

    @rule(mode=st.sampled_from(rules.MODES))
    def a_round_goes_through(self, mode: str) -> None:
        """As far as it can: opened, computed, shown, agreed to by all, executed."""
        self.open_one(mode)
        self.compute()
        self.show()
        for who in (0, 1, 2):
            self.accept(who, twice=False)
        self.execute(twice=False)

    @rule()
    def compute(self) -> None:
        self.tries(
            lambda one: solving.compute(self.net.admin, one.id, reason="again", now=self.now)
        )

    @rule()
    def show(self) -> None:
        self.tries(self.net.shows)

    @rule(who=WHO, twice=st.booleans())
    def accept(self, who: int, twice: bool) -> None:
        def agree(found: Round) -> None:
            for _ in range(1 + twice):
                self.net.accepts(found, who, at=self.now)
            told = self.net.notice(found, who)
            read = (told.payables_cleared, told.receivables_cleared, told.ledger_delta)
            self.agreed.setdefault((found.id, told.firm_id), rules.Shown(*read))

        self.tries(agree)

    @rule(who=WHO, at_once=st.booleans())
    def refuse(self, who: int, at_once: bool) -> None:
        def no(found: Round) -> None:
            self.net.refuses(found, who)
            if at_once:
                solving.compute_again(found.id, reason="refused", now=self.now)

        self.tries(no)

    @rule(who=WHO)
    def leave_and_return(self, who: int) -> None:
        self.net.leaves(who)
        r.takes_part(self.make, self.net[who])

    @rule(place=st.integers(0, 5), status=st.sampled_from(["contested", "received"]))
    def contest(self, place: int, status: str) -> None:
        if place < len(self.net.invoices):
            with transaction():
                invoice = db.session.get_one(Invoice, self.net.invoices[place].id)
                if invoice.status in {"issued", "received", "contested"}:
                    invoice.status = status

    @rule(place=st.integers(0, 5), cents=st.integers(1, 60_00))
    def pay(self, place: int, cents: int) -> None:
        if place < len(self.net.invoices):
            with transaction():
                invoice = db.session.get_one(Invoice, self.net.invoices[place].id)
                if invoice.status in {"issued", "received"} and invoice.left_cents > cents:
                    invoice.paid_cents += cents

    @rule(days=st.integers(1, 8))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)
        for round_id in clock.due(self.now):
            with transaction():
                clock.pass_hour(round_id, now=self.now)
            solving.compute_again(round_id, reason="silent", now=self.now)

    @rule(twice=st.booleans())
    def execute(self, twice: bool) -> None:
        for _ in range(1 + twice):
            self.tries(lambda one: solving.execute(self.net.admin, one.id, now=self.now))

    @rule()
    def publish(self) -> None:
        self.tries(self.net.publishes)

    @rule()
    def give_up(self) -> None:
        def stop(found: Round) -> None:
            with transaction():
                running.cancel(self.net.admin, found.id, words="Non", now=self.now)

        self.tries(stop)

    @rule(on=st.booleans())
    def turn(self, on: bool) -> None:
        r.turn(self.make, self.net.boss, on=on)
        r.turn(self.make, self.net.boss, on=True)

    @invariant()
    def what_is_cleared_is_even_agreed_and_owed(self) -> None:
        for found in db.session.scalars(select(Round).where(Round.state.in_(rules.DONE))):
            net: Counter[int] = Counter()
            lines = db.session.scalars(
                select(RoundLine).where(
                    RoundLine.round_id == found.id, RoundLine.revision == found.revision
                )
            ).all()
            for line in lines:
                assert 0 < line.cleared_cents <= line.owed_cents
                net[line.creditor_id] += line.cleared_cents
                net[line.debtor_id] -= line.cleared_cents
            moved = self.moved(found)
            assert {firm: cents for firm, cents in net.items() if cents} == moved
            asked = select(RoundNotice).where(RoundNotice.round_id == found.id)
            for notice in db.session.scalars(asked):
                told = rules.Shown(
                    notice.payables_cleared, notice.receivables_cleared, notice.ledger_delta
                )
                assert notice.ledger_delta == moved.get(notice.firm_id, 0)
                if notice.concerned:
                    assert not notice.out
                    assert rules.within(told, self.agreed[found.id, notice.firm_id])
            text = queries.file_for(self.net.admin, found.id)
            assert files.faults(text) == []

    def moved(self, found: Round) -> dict[int, int]:
        """What the ledger took of a round, by firm: nothing of one without credit."""
        query = (
            select(Account.firm_id, Entry.amount)
            .join(Entry, Entry.account_id == Account.id)
            .join(Txn, Txn.id == Entry.txn_id)
            .where(Txn.kind == "clearing", Txn.source_id == found.id)
        )
        told = {firm: cents for firm, cents in db.session.execute(query) if firm}
        assert found.mode == rules.CREDIT or not told
        return told

    @rule(who=st.integers(0, 1), line=st.sampled_from([0, 40_00, 500_00]))
    def a_line_is_set(self, who: int, line: int) -> None:
        by, number = self.net.admin, self.numbers[self.net[who].firm_id]
        told = {"account_id": number, "comment": "x", "upper": None, "now": self.now}
        with transaction():
            accounts.set_line(by, line=line, **told)

    @rule()
    def what_was_cleared_is_not_taken_back(self) -> None:
        for number in db.session.scalars(select(Txn.id).where(Txn.kind == "clearing")).all():
            with pytest.raises(Refusal), transaction():
                by = self.net.admin
                reversing.reverse(by, txn_id=number, reason="x", now=self.now)

    @invariant()
    def the_ledger_proves_itself(self) -> None:
        assert verifying.verify() == []

    @invariant()
    def what_is_set_off_stays_and_never_passes_what_is_owed(self) -> None:
        for invoice in db.session.scalars(select(Invoice)):
            assert invoice.applied_cents >= self.applied.get(invoice.id, 0)
            assert 0 <= invoice.left_cents <= invoice.ttc_cents
            self.applied[invoice.id] = invoice.applied_cents
        told: Counter[int] = Counter()
        for line in db.session.scalars(select(SetoffLine)):
            told[line.invoice_id] += line.applied_cents
        assert {number: cents for number, cents in self.applied.items() if cents} == told

    @invariant()
    def what_has_ended_stays_as_it_was(self) -> None:
        for found in db.session.scalars(select(Round)):
            if found.id in self.ended:
                state, cleared = self.ended[found.id]
                assert found.state == state or (state, found.state) == ("executed", "published")
                assert self.net.cleared(found)[: len(cleared)] == cleared
            if found.state in FINAL:
                self.ended[found.id] = found.state, self.net.cleared(found)


def test_no_history_breaks_a_round(make, connection) -> None:
    Rounds.make, Rounds.connection = make, connection
    run_state_machine_as_test(
        Rounds,
        settings=settings(
            max_examples=12,
            stateful_step_count=18,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
