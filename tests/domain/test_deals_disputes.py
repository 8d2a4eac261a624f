"""A delivery that is contested: what both say, who mediates, when somebody decides."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from incubator.domain.exchanges.deals import clock, disputes, queries, rules
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import Conflict, NotAllowed, NotFound, Refusal
from incubator.network.members import firm_people
from incubator.network.members.firm_models import Firm, FirmRole
from incubator.reactions.notifications.models import Notification
from tests.factories_deals import (
    House,
    accepts,
    actor_of,
    bound,
    contests,
    delivers,
    gives,
    house,
    looked_at,
    swap,
)
from tests.factories_members import works_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from incubator.domain.exchanges.deals.models import Deal
    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make

DAY = timedelta(days=1)


class Quarrel:
    """A deal between a giver and a receiver of which one leg is contested."""

    def __init__(self, make: Make, *, cents: int = 100_00) -> None:
        self.make = make
        self.site: Site = make.site()
        self.giver, self.receiver = house(make, "Donneuse", self.site), house(make, "Preneuse")
        self.manager: Account = make.member(self.site, role="manager")
        self.deal: Deal = bound(make, self.giver, self.receiver)
        self.leg = self.deal.legs[0]
        delivers(make, self.giver, self.deal, self.leg)
        self.dispute = contests(make, self.receiver, self.deal, self.leg, cents)

    def says(self, act: Callable[..., None], who: House | Account, **more: object) -> None:
        actor = actor_of(self.make, who) if isinstance(who, House) else self.make.actor(who)
        told = {"now": self.make.now} | more
        with transaction():
            act(actor, self.deal.id, self.dispute, **told)

    def refused(self, code: str, kind: type[Refusal] = Refusal) -> partial[None]:
        def says(act: Callable[..., None], who: House | Account, **more: object) -> None:
            with pytest.raises(kind) as found:
                self.says(act, who, **more)
            assert found.value.code == code

        return partial(says)

    @property
    def state(self) -> tuple[str, str, str]:
        deal = looked_at(self.deal)
        return deal.state, deal.legs[0].state, deal.disputes[0].state


@pytest.fixture
def quarrel(make: Make) -> Quarrel:
    return Quarrel(make)


def test_the_giver_agrees_and_the_part_holds(quarrel: Quarrel) -> None:
    assert quarrel.state == ("disputed", "contested", "opened")
    quarrel.refused("deals.stale_amount", Conflict)(disputes.agree, quarrel.giver, cents=1)
    quarrel.says(disputes.agree, quarrel.giver, cents=100_00)
    assert quarrel.state == ("running", "part_accepted", "resolved")
    leg = looked_at(quarrel.deal).legs[0]
    assert leg.accepted_cents == 100_00
    second = quarrel.deal.legs[1]
    delivers(quarrel.make, quarrel.receiver, quarrel.deal, second)
    accepts(quarrel.make, quarrel.giver, quarrel.deal, second)
    assert quarrel.state[0] == "part_settled"


def test_an_answer_puts_another_amount_on_the_table(quarrel: Quarrel) -> None:
    quarrel.says(disputes.answer, quarrel.giver, words="Il est là", cents=150_00)
    assert quarrel.state == ("disputed", "contested", "answered")
    quarrel.says(disputes.agree, quarrel.receiver, cents=150_00)
    assert quarrel.state == ("running", "part_accepted", "resolved")
    quarrel.refused("deals.state")(disputes.agree, quarrel.giver, cents=150_00)


def test_the_receiver_drops_it_and_all_is_accepted(quarrel: Quarrel) -> None:
    quarrel.refused("deals.not_yours", NotAllowed)(disputes.drop, quarrel.giver)
    quarrel.says(disputes.drop, quarrel.receiver)
    assert quarrel.state == ("running", "accepted", "withdrawn")


def test_nothing_accepted_on_both_sides_calls_the_deal_off(make: Make) -> None:
    quarrel = Quarrel(make, cents=0)
    quarrel.says(disputes.agree, quarrel.giver, cents=0)
    assert quarrel.state == ("running", "refused", "resolved")
    second = quarrel.deal.legs[1]
    delivers(make, quarrel.receiver, quarrel.deal, second)
    number = contests(make, quarrel.giver, quarrel.deal, second, 0)
    with transaction():
        disputes.agree(
            actor_of(make, quarrel.receiver), quarrel.deal.id, number, cents=0, now=make.now
        )
    assert quarrel.state[0] == "cancelled"


def test_a_mediator_proposes_and_after_three_weeks_decides(quarrel: Quarrel) -> None:
    told = {"words": "Coupons la poire en deux", "cents": 140_00}
    now = quarrel.make.now
    quarrel.refused("deals.too_early")(disputes.mediate, quarrel.manager, **told)
    week = now + rules.ANSWER_WITHIN
    quarrel.says(disputes.mediate, quarrel.manager, **told, now=week)
    quarrel.refused("deals.state")(disputes.answer, quarrel.giver, words="Non", cents=180_00)
    quarrel.says(disputes.agree, quarrel.giver, cents=140_00, now=week)
    assert quarrel.state == ("disputed", "contested", "mediated")
    early = now + rules.RESOLVE_WITHIN - timedelta(seconds=1)
    quarrel.refused("deals.too_early")(disputes.decide, quarrel.manager, **told, now=early)
    late = now + rules.RESOLVE_WITHIN
    quarrel.says(disputes.decide, quarrel.manager, **told, now=late)
    assert quarrel.state == ("running", "part_accepted", "resolved")
    manager = quarrel.make.actor(quarrel.manager)
    assert queries.visible_to(manager, quarrel.deal.id).mediates


def test_a_mediator_is_never_of_a_party(quarrel: Quarrel, make: Make) -> None:
    told = {"words": "Tout va bien", "cents": 0, "now": make.now + rules.RESOLVE_WITHIN}
    no = quarrel.refused("deals.no_mediator", NotAllowed)
    no(disputes.decide, quarrel.giver, **told)
    elsewhere = make.member(make.site(), role="manager")
    quarrel.refused("deals.deal", NotFound)(disputes.decide, elsewhere, **told)
    firm = queries.firms_of(quarrel.giver.account.id)[0]
    works_at(make, quarrel.manager, firm)
    no(disputes.decide, quarrel.manager, **told)
    assert queries.to_mediate(make.actor(quarrel.manager)) == []
    boss = make.member(role="administrator")
    assert [each.id for each in queries.to_mediate(make.actor(boss))] == [quarrel.dispute]
    quarrel.says(disputes.decide, boss, **told)
    assert quarrel.state == ("running", "refused", "resolved")


def test_who_ever_acted_for_a_firm_mediates_nothing(make: Make) -> None:
    quarrel = Quarrel(make)
    firm = queries.firms_of(quarrel.receiver.account.id)[0]
    # They contested for the receiver; a colleague acts after them, and they leave to run the site.
    gone, stays = make.member(quarrel.site, role="manager"), quarrel.receiver
    works_at(make, gone, firm)
    contested = bound(make, quarrel.giver, quarrel.receiver)
    leg = contested.legs[0]
    delivers(make, quarrel.giver, contested, leg)
    left = House(stays.firm_id, stays.name, gone)
    number = contests(make, left, contested, leg, 100_00)
    delivers(make, stays, contested, contested.legs[1])
    role = db.session.scalars(select(FirmRole).where(FirmRole.member_id == gone.id)).one()
    with transaction():
        firm_people.end_role(make.actor(gone), role_id=role.id, today=make.now.date(), unkept=True)
    late = {"words": "Rien", "cents": 0, "now": make.now + rules.RESOLVE_WITHIN}
    with pytest.raises(NotAllowed, match=r"deals\.no_mediator"), transaction():
        disputes.decide(make.actor(gone), contested.id, number, **late)
    assert number not in [each.id for each in queries.to_mediate(make.actor(gone))]
    assert not queries.visible_to(make.actor(gone), contested.id).mediates
    with transaction():
        disputes.decide(make.actor(quarrel.manager), contested.id, number, **late)


def test_administrators_mediate_and_are_called_where_nobody_else_can(make: Make) -> None:
    quarrel = Quarrel(make)
    firm = queries.firms_of(quarrel.giver.account.id)[0]
    boss, party = (make.member(role="administrator") for _ in range(2))
    for one in (quarrel.manager, party):
        works_at(make, one, firm)
    with transaction():
        clock.pass_hour(quarrel.deal.id, now=make.now + rules.ANSWER_WITHIN)
    told = select(Notification.member_id).where(Notification.what == "deal_mediate")
    called = set(db.session.scalars(told))
    assert boss.id in called
    assert not called & {party.id, quarrel.giver.account.id}
    with transaction():
        db.session.execute(update(Firm).values(site_id=None))
    late = {"words": "Rien", "cents": 0, "now": make.now + rules.RESOLVE_WITHIN}
    assert [each.id for each in queries.to_mediate(make.actor(boss))] == [quarrel.dispute]
    quarrel.refused("deals.no_mediator", NotAllowed)(disputes.decide, party, **late)
    quarrel.says(disputes.decide, boss, **late)
    assert quarrel.state == ("running", "refused", "resolved")


def test_managers_see_a_deal_only_while_it_is_contested(quarrel: Quarrel) -> None:
    manager = quarrel.make.actor(quarrel.manager)
    assert [each.id for each in queries.to_mediate(manager)] == [quarrel.dispute]
    quarrel.says(disputes.drop, quarrel.receiver)
    with pytest.raises(NotFound):
        queries.visible_to(manager, quarrel.deal.id)


def test_mediators_are_called_after_a_silent_week_and_after_three(quarrel: Quarrel) -> None:
    now = quarrel.make.now
    called = []
    for days in (6, 7, 8, 20, 21, 22, 40):
        with transaction():
            clock.pass_hour(quarrel.deal.id, now=now + days * DAY)
        verbs = [step.verb for step in queries.steps_of(quarrel.deal.id)]
        called.append(verbs.count("called"))
    assert called == [0, 1, 1, 1, 2, 2, 2]


def test_what_cannot_be_contested(make: Make, quarrel: Quarrel) -> None:
    twice = partial(contests, make, quarrel.receiver, quarrel.deal, quarrel.leg)
    with pytest.raises(Refusal, match=r"deals\.state"):
        twice()
    gift = swap(
        quarrel.giver,
        quarrel.receiver,
        gives(quarrel.giver, quarrel.receiver, (0, 0), mode="gift"),
        gives(quarrel.receiver, quarrel.giver, (5_00, 0), mode="cash"),
    )
    deal = bound(make, quarrel.giver, quarrel.receiver, gift)
    legs = deal.legs
    for leg, who in zip(legs, (quarrel.giver, quarrel.receiver), strict=True):
        delivers(make, who, deal, leg)
    with pytest.raises(Refusal, match=r"deals\.gift_as_it_is"):
        contests(make, quarrel.receiver, deal, legs[0])
    for cents, code in ((5_00, "deals.all_of_it"), (5_01, "deals.too_much"), (-1, "deals.cents")):
        with pytest.raises(Refusal, match=code):
            contests(make, quarrel.giver, deal, legs[1], cents)
