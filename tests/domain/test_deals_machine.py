"""Deals under random histories: whatever firms, mediators and the clock do, the rules hold.

Three firms, so that somebody is always a stranger; every step may be refused, none may break.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
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
from sqlalchemy import select

from incubator.domain.exchanges.deals import (
    clock,
    commands,
    disputes,
    missing,
    performing,
    queries,
    rules,
    terms,
)
from incubator.domain.exchanges.deals.events import DealBound, LegEnded
from incubator.domain.exchanges.deals.models import Deal
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import Refusal
from incubator.kernel.events import joins
from tests import factories_deals as f
from tests.factories import Make

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

WHO = st.integers(0, 2)
LEG = st.integers(0, 3)
PRICE = st.sampled_from([50_00, 100_00, 100_01])
CENTS = st.sampled_from([0, 1, 50_00, 100_00, 120_00, 10**7])
ENDS = {state for state, exits in rules.DEAL.items() if not exits}
HEARD: list[object] = []


def _hear(event: DealBound | LegEnded) -> None:
    HEARD.append(event)


class Deals(RuleBasedStateMachine):
    """A few firms, their deals, and time."""

    connection: Connection
    make: Make

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = self.connection.begin_nested()
        db.session.remove()
        HEARD.clear()
        self.now = self.make.now
        self.was: dict[int, str] = {}

    def teardown(self) -> None:
        db.session.remove()
        self.savepoint.rollback()

    @initialize()
    def open_house(self) -> None:
        site = self.make.site()
        self.houses = [f.house(self.make, name, site) for name in ("A", "B", "C")]
        self.boss = self.make.member(site, role="manager")
        joins(DealBound, _hear)
        joins(LegEnded, _hear)

    def tries(self, act: Callable[..., Any], who: int, *args: Any, **more: Any) -> None:
        actor = f.actor_of(self.make, self.houses[who])
        self.run(partial(act, actor, *args, now=self.now, **more))

    def run(self, act: Callable[[], Any]) -> None:
        try:
            with transaction():
                act()
        except Refusal:
            db.session.expire_all()

    def wish(self, mine: int, theirs: int, *, even: bool) -> terms.Terms:
        one, other = self.houses[0], self.houses[1]
        legs = (f.gives(one, other, (mine, 2000)), f.gives(other, one, (theirs, None)))
        bare = f.swap(one, other, *legs)
        return terms.Terms(legs=legs, soulte=terms.covering(bare)) if even else bare

    def deal(self) -> Deal | None:
        last = db.session.scalar(select(Deal.id).order_by(Deal.id.desc()).limit(1))
        return queries.whole(last) if last else None

    @rule(mine=PRICE, theirs=PRICE, even=st.booleans(), who=WHO)
    def propose(self, mine: int, theirs: int, even: bool, who: int) -> None:
        found = self.deal()
        if found is not None and found.state not in ENDS | {"fulfilled"}:
            return
        new = commands.New(firm_id=self.houses[who].firm_id, once=f"{self.now}")
        self.tries(commands.propose, who, new, wish=self.wish(mine, theirs, even=even))

    @rule(mine=PRICE, theirs=PRICE, even=st.booleans(), who=WHO)
    def counter(self, mine: int, theirs: int, even: bool, who: int) -> None:
        if deal := self.deal():
            wish = self.wish(mine, theirs, even=even)
            more = {"wish": wish, "seen_hash": deal.terms_hash, "until": None}
            self.tries(commands.counter, who, deal.id, **more)

    @rule(who=WHO, stale=st.sampled_from([False, False, False, True]))
    def sign(self, who: int, stale: bool) -> None:
        if deal := self.deal():
            seen = "0" * 64 if stale else deal.terms_hash
            self.tries(commands.sign, who, deal.id, seen_hash=seen)

    @rule()
    def both_sign(self) -> None:
        for who in (0, 1):
            self.sign(who, stale=False)

    @rule(who=WHO, rare=st.integers(0, 4))
    def end_it(self, who: int, rare: int) -> None:
        if (deal := self.deal()) and rare < 2:
            if rare:
                self.tries(commands.withdraw, who, deal.id)
            else:
                self.tries(commands.decline, who, deal.id, words="Non")

    @rule(who=WHO, act=st.sampled_from([performing.deliver, performing.accept]), leg=LEG)
    def move_leg(self, who: int, act: Callable[..., None], leg: int) -> None:
        if deal := self.deal():
            number = deal.legs[leg].id if leg < len(deal.legs) else 10**9
            self.tries(act, who, deal.id, number)

    @rule(who=WHO)
    def pay_or_call_off(self, who: int) -> None:
        if deal := self.deal():
            self.tries(performing.note_paid, who, deal.id, ref="")
            if deal.revision % 2 == 0:
                self.tries(performing.call_off, who, deal.id)

    @rule(who=WHO)
    def go_on(self, who: int) -> None:
        if deal := self.deal():
            self.tries(performing.go_on, who, deal.id)

    @rule(who=WHO, leg=LEG, cents=CENTS)
    def contest(self, who: int, leg: int, cents: int) -> None:
        if deal := self.deal():
            number = deal.legs[leg].id if leg < len(deal.legs) else 10**9
            self.tries(disputes.contest, who, deal.id, number, reason="x", cents=cents)

    @rule(who=WHO, leg=LEG)
    def never_came(self, who: int, leg: int) -> None:
        if deal := self.deal():
            number = deal.legs[leg].id if leg < len(deal.legs) else 10**9
            self.tries(missing.never_came, who, deal.id, number, reason="x")

    @rule(mine=PRICE, leg=st.integers(0, 1))
    def wait_in_vain(self, mine: int, leg: int) -> None:
        """Of a deal that both have signed, who receives waits as long as it takes."""
        self.propose(mine, mine, even=True, who=0)
        self.both_sign()
        deal = self.deal()
        if deal is None or deal.state not in rules.BOUND or deal.legs[leg].state != "committed":
            return
        self.time_passes(24 * 31)
        firms = [house.firm_id for house in self.houses]
        self.never_came(firms.index(deal.legs[leg].receiver_id), leg)

    @rule(
        who=WHO, cents=CENTS, what=st.sampled_from(["answer", "agree", "drop", "mediate", "decide"])
    )
    def argue(self, who: int, cents: int, what: str) -> None:
        deal = self.deal()
        if deal is None or not deal.disputes:
            return
        last = deal.disputes[-1]
        more: dict[str, Any] = {} if what == "drop" else {"cents": cents}
        if what == "agree":
            more = {"cents": last.cents}
        if what in {"answer", "mediate", "decide"}:
            more["words"] = "x"
        self.tries(getattr(disputes, what), who, deal.id, last.id, **more)
        if what in {"mediate", "decide"}:
            act = getattr(disputes, what)
            boss = self.make.actor(self.boss)
            self.run(partial(act, boss, deal.id, last.id, now=self.now, **more))

    @rule(hours=st.sampled_from([1, 30, 24 * 4, 24 * 8, 24 * 22]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        for deal_id in clock.due(self.now):
            self.run(partial(clock.pass_hour, deal_id, now=self.now))

    @invariant()
    def signed_on_these_terms_before_anything_moves(self) -> None:
        for deal in self.deals():
            moved = [leg for leg in deal.legs if leg.state != "committed"]
            both = {party.firm_id for party in deal.parties}
            if moved or deal.state in (*rules.BOUND, "fulfilled", "part_settled"):
                assert commands.signers(deal) == both
                assert not terms.difference(queries.terms_of(deal))

    @invariant()
    def what_was_posted_and_let_go_is_the_whole(self) -> None:
        bound = {each.deal_id for each in HEARD if isinstance(each, DealBound)}
        ended: dict[int, LegEnded] = {}
        for each in HEARD:
            if isinstance(each, LegEnded):
                assert each.leg_id not in ended
                assert each.deal_id in bound
                ended[each.leg_id] = each
        for deal in self.deals():
            for leg in deal.legs:
                told = ended.get(leg.id)
                assert (told is not None) == (leg.state in rules.ENDED_LEGS)
                if told is not None:
                    assert told.cents + told.released_cents == leg.ttc_cents
                    assert told.cents == (leg.accepted_cents or 0)

    @invariant()
    def fulfilled_nets_to_the_soulte(self) -> None:
        for deal in self.deals():
            if deal.state != "fulfilled":
                continue
            for party in deal.parties:
                gave = sum(
                    leg.accepted_cents or 0 for leg in deal.legs if leg.giver_id == party.firm_id
                )
                got = sum(
                    leg.accepted_cents or 0 for leg in deal.legs if leg.receiver_id == party.firm_id
                )
                soulte = deal.soulte
                paid = 0
                if soulte is not None:
                    assert soulte.paid_at is not None
                    paid = soulte.cents if party.firm_id == soulte.payer_id else -soulte.cents
                assert gave + paid == got

    @invariant()
    def ends_are_ends_and_nothing_waits_in_them(self) -> None:
        for deal in self.deals():
            before = self.was.get(deal.id)
            assert before not in ENDS or before == deal.state
            self.was[deal.id] = deal.state
            if deal.state in ENDS:
                assert deal.due_at is None
                assert not [d for d in deal.disputes if d.state in rules.DISPUTED]
            assert (deal.state == "disputed") == any(leg.state == "contested" for leg in deal.legs)

    @invariant()
    def what_is_delivered_or_missed_is_said_once_and_what_is_accepted_came(self) -> None:
        for deal in self.deals():
            for leg in deal.legs:
                assert leg.delivered_at is not None or leg.accepted_at is None
            missed = [
                step.leg_id for step in queries.steps_of(deal.id) if step.verb == "never_came"
            ]
            assert sorted(missed) == sorted(set(missed))
            assert not set(missed) & {
                step.leg_id for step in queries.steps_of(deal.id) if step.verb == "delivered"
            }

    @invariant()
    def a_mediator_is_of_no_party(self) -> None:
        for deal in self.deals():
            for dispute in deal.disputes:
                assert dispute.mediator_id in {None, self.boss.id}

    def deals(self) -> list[Deal]:
        return [queries.whole(each) for each in db.session.scalars(select(Deal.id)).all()]


def test_no_history_breaks_a_deal(connection: Connection, make: Make) -> None:
    Deals.connection, Deals.make = connection, make
    run_state_machine_as_test(
        Deals,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
