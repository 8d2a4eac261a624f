"""The ledger under random histories, beside a model of a few lines: all proofs hold at every step.

The model says beforehand whether a step is refused, and by which rule; the ledger has to agree to
the cent. Then the same is asked of the rows themselves, chain and all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from incubator.domain.exchanges.ledger import switch, verifying
from incubator.domain.exchanges.ledger.models import Account, Txn
from incubator.domain.exchanges.ledger.rules import Policy, grown, shrunk
from incubator.kernel.db import db
from incubator.kernel.errors import Refusal
from tests.factories import Make
from tests.factories_credit import Market, a_market

if TYPE_CHECKING:
    from sqlalchemy import Connection

FIRMS = 4
WHO = st.integers(0, FIRMS - 1)
CENTS = st.one_of(st.integers(1, 800_00), st.sampled_from([1, 400_00, 500_00, 500_01]))
OK = ""


@dataclass
class Known:
    """What the model knows of an account."""

    balance: int = 0
    given: int = 0
    line: int = 500_00
    upper: int | None = 10_000_00
    frozen: bool = False
    reserved: int = 0

    def refuses(self, cents: int, *, over: bool = False) -> str:
        """The rule that keeps its balance from changing by so much."""
        if cents < 0 and self.frozen:
            return "ledger.frozen"
        if over:
            return OK
        if cents < 0 and self.balance - self.reserved + cents < -self.line:
            return "ledger.short"
        too_high = cents > 0 and self.upper is not None and self.balance + cents > self.upper
        return "ledger.full" if too_high else OK

    def moves(self, cents: int, *, delivers: bool) -> None:
        self.balance += cents
        if delivers and cents > 0:
            before, self.given = self.given, self.given + cents
            self.line = grown(Policy(), self.line, before=before, after=self.given) or self.line

    def takes_back_a_delivery(self, cents: int) -> None:
        before, self.given = self.given, self.given - cents
        shorter = shrunk(Policy(), self.line, before=before, after=self.given)
        self.line = self.line if shorter is None else shorter


def ends(act: Any) -> str:
    """How an act ended: the code of its refusal, or nothing."""
    try:
        act()
    except Refusal as refusal:
        return refusal.code
    return OK


class Trades(RuleBasedStateMachine):
    """Four firms and what may happen between them."""

    connection: Connection
    make: Make

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = self.connection.begin_nested()
        db.session.remove()
        self.on, self.keys = True, 0
        self.posted: list[tuple[int, str, dict[int, int], str]] = []
        self.reversed: set[int] = set()
        self.kept: dict[str, tuple[int, int]] = {}

    def teardown(self) -> None:
        db.session.remove()
        self.savepoint.rollback()

    @initialize()
    def open_market(self) -> None:
        self.market: Market = a_market(self.make, firms=FIRMS)
        self.known = [Known() for _ in range(FIRMS)]
        self.fund = 0

    def key(self) -> str:
        self.keys += 1
        return f"step:{self.keys}"

    def expected(self, amounts: dict[int, int], *, over: bool = False) -> str:
        told = (self.known[who].refuses(cents, over=over) for who, cents in amounts.items())
        return next((code for code in told if code), OK)

    def moves(self, kind: str, amounts: dict[int, int], *, fund: int = 0) -> None:
        """Post, and agree with the model about what comes of it."""
        expected = self.expected(amounts) if self.on else "ledger.off"
        parts = {self.market.accounts[who]: cents for who, cents in amounts.items()}
        if fund:
            parts[self.market.fund] = fund
        key, made = self.key(), []
        ended = ends(lambda: made.append(self.market.post(parts, kind=kind, idem=key)))
        assert ended == expected
        if made:
            for who, cents in amounts.items():
                self.known[who].moves(cents, delivers=kind in {"settle", "fee"})
            self.fund += fund
            self.posted.append((made[0].id, kind, parts, key))

    @rule(giver=WHO, step=st.integers(1, FIRMS - 1), cents=CENTS)
    def gives(self, giver: int, step: int, cents: int) -> None:
        self.moves("settle", {giver: cents, (giver + step) % FIRMS: -cents})

    @rule(giver=WHO, step=st.integers(1, FIRMS - 1), cents=CENTS, fee=st.integers(1, 50_00))
    def gives_with_a_fee(self, giver: int, step: int, cents: int, fee: int) -> None:
        amounts = {giver: cents, (giver + step) % FIRMS: -cents - fee}
        self.moves("fee", amounts, fund=fee)

    @rule(cents=st.lists(st.integers(-600_00, 600_00), min_size=2, max_size=FIRMS - 1))
    def clears(self, cents: list[int]) -> None:
        amounts = {who: one for who, one in enumerate([*cents, -sum(cents)]) if one}
        if len(amounts) > 1:
            self.moves("clearing", amounts)

    @rule(who=WHO, cents=CENTS)
    def reserves(self, who: int, cents: int) -> None:
        known, key = self.known[who], self.key()
        expected = known.refuses(-cents) if self.on else "ledger.off"
        assert ends(lambda: self.market.reserve(self.market.accounts[who], cents, key)) == expected
        if expected == OK:
            known.reserved += cents
            self.kept[key] = (who, cents)

    @rule(data=st.data(), giver=WHO, part=st.integers(1, 100))
    def receives_what_was_reserved(self, data: st.DataObject, giver: int, part: int) -> None:
        if not (self.kept and self.on):
            return
        key = data.draw(st.sampled_from(sorted(self.kept)))
        who, left = self.kept[key]
        cents = max(1, left * part // 100)
        if who == giver:
            return
        known = self.known[who]
        known.reserved -= cents
        expected = self.expected({giver: cents, who: -cents})
        parts = {self.market.accounts[giver]: cents, self.market.accounts[who]: -cents}
        idem = self.key()
        made: list[Any] = []
        post = self.market.post
        ended = ends(lambda: made.append(post(parts, idem=idem, releases={key: cents})))
        assert ended == expected
        if ended:
            known.reserved += cents
            return
        self.known[giver].moves(cents, delivers=True)
        known.moves(-cents, delivers=True)
        self.posted.append((made[0].id, "settle", parts, idem))
        self.kept[key] = (who, left - cents)
        if left == cents:
            del self.kept[key]

    @rule(data=st.data())
    def releases(self, data: st.DataObject) -> None:
        if self.kept:
            key = data.draw(st.sampled_from(sorted(self.kept)))
            who, left = self.kept.pop(key)
            assert self.market.release(key) == left
            self.known[who].reserved -= left

    @rule(data=st.data(), over=st.booleans())
    def takes_back(self, data: st.DataObject, over: bool) -> None:
        if not self.posted:
            return
        txn, kind, parts, _ = data.draw(st.sampled_from(self.posted))
        back = {
            self.market.accounts.index(one): -cents
            for one, cents in parts.items()
            if one in self.market.accounts
        }
        # Looked at by account: whoever comes first says why it is refused.
        back = dict(sorted(back.items()))
        fund = -parts.get(self.market.fund, 0)
        expected = self.expected(back, over=over)
        if txn in self.reversed:
            expected = "ledger.reversed"
        if kind == "clearing":
            expected = "ledger.not_reversible"
        assert ends(lambda: self.market.reverses(txn, over_limit=over)) == expected
        if expected == OK:
            self.reversed.add(txn)
            self.fund += fund
            for who, cents in back.items():
                self.known[who].moves(cents, delivers=False)
                if kind in {"settle", "fee"} and cents < 0:
                    self.known[who].takes_back_a_delivery(-cents)

    @rule(data=st.data())
    def is_told_again(self, data: st.DataObject) -> None:
        if self.posted and self.on:
            txn, kind, parts, key = data.draw(st.sampled_from(self.posted))
            again = self.market.post(parts, kind=kind, idem=key)
            assert (again.id, again.new) == (txn, False)

    @rule(who=WHO, line=st.sampled_from([0, 100_00, 900_00]), upper=st.sampled_from([None, 300_00]))
    def is_given_another_line(self, who: int, line: int, upper: int | None) -> None:
        self.market.line(self.market.accounts[who], line, upper)
        self.known[who].line, self.known[who].upper = line, upper

    @rule(who=WHO)
    def is_frozen_or_thawed(self, who: int) -> None:
        self.known[who].frozen = not self.known[who].frozen
        self.market.freeze(self.market.accounts[who], frozen=self.known[who].frozen)

    @rule(hard=st.integers(0, 9))
    def is_switched(self, hard: int) -> None:
        """Rarely off, and soon on again."""
        if hard == 0 or not self.on:
            self.on = not self.on
            self.market.turn(on=self.on)

    @rule(giver=WHO, cents=st.sampled_from([1.0, 2.5, float("nan"), float("inf"), True, "5"]))
    def types_a_float(self, giver: int, cents: Any) -> None:
        other = self.market.accounts[(giver + 1) % FIRMS]
        amounts = {self.market.accounts[giver]: cents, other: -5}
        assert ends(lambda: self.market.post(amounts, idem=self.key())) == "ledger.cents"

    @invariant()
    def the_ledger_is_what_the_model_says(self) -> None:
        rows = db.session.execute(
            select(
                Account.balance,
                Account.given,
                -Account.lower_limit,
                Account.upper_limit,
                Account.frozen,
                Account.reserved,
            )
            .where(Account.kind == "firm")
            .order_by(Account.id)
        )
        assert [Known(*row) for row in rows] == self.known
        fund = db.session.scalar(select(Account.balance).where(Account.kind == "fund"))
        assert fund == self.fund
        assert switch.is_on() == self.on
        told = db.session.scalar(select(func.count()).select_from(Txn))
        assert told == len(self.posted) + len(self.reversed)

    @invariant()
    def every_proof_holds(self) -> None:
        assert verifying.verify() == []


def test_the_ledger_agrees_with_the_model_after_every_step(
    make: Make, connection: Connection, session: object
) -> None:
    Trades.make, Trades.connection = make, connection
    run_state_machine_as_test(
        Trades,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            # A history is short enough to be read; making it shorter takes minutes.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
