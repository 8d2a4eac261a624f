"""A delivery that was signed and never comes: when its receiver may say so, and what follows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.exchanges.deals import clock, disputes, performing, queries, rules
from incubator.domain.exchanges.deals.terms import Terms
from incubator.kernel.db import transaction
from incubator.kernel.errors import NotAllowed, Refusal
from tests import factories_deals as f

if TYPE_CHECKING:
    from incubator.domain.exchanges.deals.models import Deal
    from tests.factories import Make

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture
def one(make: Make) -> f.House:
    """Who gives; it is 22:41 there, while it is 10:41 in Paris."""
    return f.house(make, "Donneuse", make.site("Auckland", time_zone="Pacific/Auckland"))


@pytest.fixture
def other(make: Make) -> f.House:
    return f.house(make, "Preneuse")


def signed(make: Make, one: f.House, other: f.House, **more: Any) -> Deal:
    """What one gives the other, in euros, and nothing else; all have signed."""
    leg = f.gives(one, other, f.POSTER, **({"mode": "cash"} | more))
    return f.bound(make, one, other, Terms(legs=(leg,)))


def missed(make: Make, who: f.House, deal: Deal, **more: Any) -> int | None:
    """Somebody says that the first delivery of a deal never came."""
    return f.never_came(make, who, deal, f.looked_at(deal).legs[0], **more)


def states(deal: Deal) -> tuple[str, ...]:
    found = f.looked_at(deal)
    return found.state, *(leg.state for leg in found.legs)


def test_it_may_be_said_once_its_day_is_over_where_the_giver_is(
    make: Make, one: f.House, other: f.House
) -> None:
    deal = signed(make, one, other, due_on=make.now.date())
    # At 10:59 UTC it is still that day in Auckland, 13 hours ahead; a minute later it is the next.
    midnight = make.now.replace(hour=11, minute=0)
    with pytest.raises(Refusal, match=r"deals\.not_overdue"):
        missed(make, other, deal, now=midnight - SECOND)
    missed(make, other, deal, now=midnight)
    assert states(deal) == ("disputed", "contested")


def test_without_a_day_it_may_be_said_thirty_days_after_the_last_signature(
    make: Make, one: f.House, other: f.House
) -> None:
    leg = f.gives(one, other, f.POSTER, mode="cash")
    deal = f.proposed(make, one, other, Terms(legs=(leg,)))
    f.signs(make, one, deal)
    make.now += DAY
    deal = f.signs(make, other, deal)
    end = make.now + rules.NEVER_CAME_AFTER
    with pytest.raises(Refusal, match=r"deals\.not_overdue"):
        missed(make, other, deal, now=end - SECOND)
    missed(make, other, deal, now=end)
    assert states(deal) == ("disputed", "contested")


def test_only_the_receiver_says_it_of_what_is_signed_and_nobody_delivered(
    make: Make, one: f.House, other: f.House
) -> None:
    late = make.now + rules.NEVER_CAME_AFTER
    talking = f.proposed(make, one, other)
    with pytest.raises(Refusal, match=r"deals\.state"):
        missed(make, other, talking, now=late)
    deal = signed(make, one, other)
    leg = deal.legs[0]
    with pytest.raises(NotAllowed, match=r"deals\.not_yours"):
        missed(make, one, deal, now=late)
    with pytest.raises(Refusal, match=r"deals\.words"):
        missed(make, other, deal, reason=" ", now=late)
    f.delivers(make, one, deal, leg)
    with pytest.raises(Refusal, match=r"deals\.state"):
        missed(make, other, deal, now=late)


def test_the_giver_agrees_that_it_never_came_and_the_deal_is_called_off(
    make: Make, one: f.House, other: f.House
) -> None:
    deal = signed(make, one, other)
    make.now += rules.NEVER_CAME_AFTER
    number = missed(make, other, deal)
    # What comes while it is contested is told in the answer; the receiver accepts it there.
    with pytest.raises(Refusal, match=r"deals\.state"):
        f.delivers(make, one, deal, deal.legs[0])
    with transaction():
        disputes.agree(f.actor_of(make, one), deal.id, number or 0, cents=0, now=make.now)
    assert states(deal) == ("cancelled", "refused")
    assert f.looked_at(deal).legs[0].delivered_at is None
    verbs = [step.verb for step in queries.steps_of(deal.id)]
    assert verbs[-4:] == ["never_came", "agreed", "resolved", "cancelled"]


def test_what_came_after_all_is_accepted_whole_as_of_that_moment(
    make: Make, one: f.House, other: f.House
) -> None:
    deal = signed(make, one, other)
    make.now += rules.NEVER_CAME_AFTER
    number = missed(make, other, deal)
    make.now += DAY
    with transaction():
        disputes.drop(f.actor_of(make, other), deal.id, number or 0, now=make.now)
    assert states(deal) == ("fulfilled", "accepted")
    leg = f.looked_at(deal).legs[0]
    assert (leg.accepted_cents, leg.delivered_at) == (leg.ttc_cents, make.now)


def test_a_silent_week_calls_a_mediator_who_decides_after_three(
    make: Make, one: f.House, other: f.House
) -> None:
    deal = signed(make, one, other)
    boss = make.actor(make.member(role="administrator"))
    make.now += rules.NEVER_CAME_AFTER
    number = missed(make, other, deal)
    assert [each.id for each in queries.to_mediate(boss)] == [number]
    with transaction():
        clock.pass_hour(deal.id, now=make.now + rules.ANSWER_WITHIN)
    assert queries.steps_of(deal.id)[-1].verb == "called"
    told: dict[str, Any] = {"words": "Un tiers est venu", "cents": 60_00}
    with transaction():
        late = make.now + rules.RESOLVE_WITHIN
        disputes.decide(boss, deal.id, number or 0, **told, now=late)
    assert states(deal) == ("part_settled", "part_accepted")


def test_a_gift_that_never_came_is_let_go_of_at_once(
    make: Make, one: f.House, other: f.House
) -> None:
    gift = f.gives(one, other, (0, 0), mode="gift")
    back = f.gives(other, one, (5_00, 0), mode="cash")
    deal = f.bound(make, one, other, Terms(legs=(gift, back)))
    make.now += rules.NEVER_CAME_AFTER
    assert missed(make, other, deal) is None
    assert states(deal) == ("running", "released", "committed")
    f.delivers(make, other, deal, deal.legs[1])
    f.accepts(make, one, deal, deal.legs[1])
    assert states(deal) == ("part_settled", "released", "accepted")


def test_a_deal_of_gifts_that_never_came_is_called_off(
    make: Make, one: f.House, other: f.House
) -> None:
    deal = signed(make, one, other, ht_cents=0, vat_bp=0, mode="gift")
    make.now += rules.NEVER_CAME_AFTER
    missed(make, other, deal)
    assert states(deal) == ("cancelled", "released")


def test_a_deal_is_not_called_off_while_a_delivery_is_said_never_to_have_come(
    make: Make, one: f.House, other: f.House
) -> None:
    deal = signed(make, one, other)
    make.now += rules.NEVER_CAME_AFTER
    missed(make, other, deal)
    with pytest.raises(Refusal, match=r"deals\.state"), transaction():
        performing.call_off(f.actor_of(make, one), deal.id, now=make.now)
