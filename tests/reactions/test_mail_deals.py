"""Who hears of a deal: of one delivery its giver and its receiver, of the whole deal every firm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select

from incubator.domain.exchanges.deals import clock, disputes, performing, queries, rules
from incubator.domain.exchanges.invoices import answering, settling
from incubator.kernel.db import db, transaction
from incubator.reactions.notifications.models import Notification
from tests import factories_deals as f
from tests import factories_invoices as i
from tests import factories_rings as r
from tests.factories_accounts import letters

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from incubator.domain.exchanges.deals.models import Deal, DealLeg
    from tests.factories import Make

pytestmark = pytest.mark.usefixtures("present")


@dataclass
class Round:
    """A ring A → B → C → A that all have signed, and who hears what of it."""

    app: Flask
    make: Make
    a: f.House
    b: f.House
    c: f.House
    deal: Deal

    @property
    def leg(self) -> DealLeg:
        """What A gives B: C has no part in it."""
        return self.leg_of(self.a)

    def leg_of(self, giver: f.House) -> DealLeg:
        """What a firm gives to the next."""
        return next(leg for leg in self.deal.legs if leg.giver_id == giver.firm_id)

    def told_by(self, act: Callable[[], object]) -> str:
        """The firms that hear of an act, as their letters; their bells are the same."""
        with transaction():
            db.session.execute(delete(Notification))
        letters(self.app, self.make)
        act()
        rung = set(db.session.scalars(select(Notification.member_id)))
        written = {each["To"] for each in letters(self.app, self.make)}
        firms = {"A": self.a, "B": self.b, "C": self.c}
        heard = [name for name, one in firms.items() if one.account.id in rung]
        assert heard == [name for name, one in firms.items() if one.account.email in written]
        return "".join(heard)


def whats(one: f.House) -> list[str]:
    """What the bell of a firm says."""
    rows = select(Notification.what).where(Notification.member_id == one.account.id)
    return list(db.session.scalars(rows))


@pytest.fixture
def ring(app: Flask, make: Make) -> Round:
    turns = r.ringed(make)
    deal_id = r.complete(make, turns).deal_id
    assert deal_id
    deal = queries.whole(deal_id)
    houses = {
        turn.trader.firm.id: f.House(
            turn.trader.firm.id, turn.trader.firm.name, turn.trader.account
        )
        for turn in turns
    }
    for one in houses.values():
        f.signs(make, one, deal)
    deal = f.looked_at(deal)
    follows = {leg.giver_id: leg.receiver_id for leg in deal.legs}
    a = houses[deal.legs[0].giver_id]
    b = houses[follows[a.firm_id]]
    return Round(app, make, a, b, houses[follows[b.firm_id]], deal)


def test_a_delivery_is_told_to_who_receives_it_and_its_acceptance_to_who_gave(ring: Round) -> None:
    told, make, deal, leg = ring.told_by, ring.make, ring.deal, ring.leg
    assert told(partial(f.delivers, make, ring.a, deal, leg)) == "B"
    assert told(partial(f.accepts, make, ring.b, deal, leg)) == "A"


def test_silence_is_told_to_both_firms_of_the_delivery(ring: Round) -> None:
    f.delivers(ring.make, ring.a, ring.deal, ring.leg)

    def passes() -> None:
        with transaction():
            clock.pass_hour(ring.deal.id, now=ring.make.now + rules.REVIEW)

    assert ring.told_by(passes) == "AB"


def test_a_quarrel_is_told_to_its_two_firms(ring: Round) -> None:
    make, deal, leg = ring.make, ring.deal, ring.leg
    f.delivers(make, ring.a, deal, leg)
    assert ring.told_by(partial(f.contests, make, ring.b, deal, leg)) == "A"
    dispute = f.looked_at(deal).disputes[0].id

    def says(act: Callable[..., None], who: f.House, **more: object) -> None:
        with transaction():
            act(f.actor_of(make, who), deal.id, dispute, now=make.now, **more)

    answered = partial(says, disputes.answer, ring.a, words="Il est là", cents=leg.ttc_cents)
    assert ring.told_by(answered) == "B"
    # Agreed to, it is resolved: both hear of that.
    agreed = partial(says, disputes.agree, ring.b, cents=leg.ttc_cents)
    assert ring.told_by(agreed) == "AB"


def test_that_it_never_came_is_told_to_its_giver(ring: Round) -> None:
    make, deal, leg = ring.make, ring.deal, ring.leg
    late = make.now + rules.NEVER_CAME_AFTER
    assert ring.told_by(partial(f.never_came, make, ring.b, deal, leg, now=late)) == "A"
    assert whats(ring.a) == ["deal_never_came"]


def test_without_a_day_the_giver_is_told_before_it_may_be_said_never_to_have_come(
    ring: Round,
) -> None:
    def looks(early: timedelta = timedelta(0)) -> None:
        at = ring.make.now + rules.NEVER_CAME_AFTER - rules.NEVER_CAME_TOLD - early
        with transaction():
            clock.pass_hour(ring.deal.id, now=at)

    f.delivers(ring.make, ring.b, ring.deal, ring.leg_of(ring.b))
    f.accepts(ring.make, ring.c, ring.deal, ring.leg_of(ring.b))
    assert ring.told_by(partial(looks, timedelta(seconds=1))) == ""
    assert ring.told_by(looks) == "AC"
    assert whats(ring.a) == ["deal_undelivered"]
    assert ring.told_by(looks) == ""


def test_an_invoice_is_told_to_who_may_open_it(ring: Round) -> None:
    make, deal, leg = ring.make, ring.deal, ring.leg
    i.detailed(make, ring.a, ring.b, ring.c)
    f.delivers(make, ring.a, deal, leg)
    f.accepts(make, ring.b, deal, leg)
    assert ring.told_by(partial(i.issued, make, leg, ring.a)) == "B"
    invoice = settling.live_of(deal.id)[leg.id]

    def accepted() -> None:
        with transaction():
            answering.receive(f.actor_of(make, ring.b), invoice.id, now=make.now)

    assert ring.told_by(accepted) == "A"


def test_what_is_of_the_whole_deal_is_told_to_every_other_firm(ring: Round) -> None:
    def asks() -> None:
        with transaction():
            performing.call_off(f.actor_of(ring.make, ring.b), ring.deal.id, now=ring.make.now)

    assert ring.told_by(asks) == "AC"
