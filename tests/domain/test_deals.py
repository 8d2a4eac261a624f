"""What firms do with a deal, from the proposal to the last acceptance, and who may do it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from incubator.domain.exchanges.deals import (
    clock,
    commands,
    disputes,
    performing,
    policy,
    queries,
    rules,
    terms,
)
from incubator.domain.exchanges.deals.events import DealBound, LegEnded
from incubator.domain.exchanges.deals.models import Deal, DealLeg, DealSignature
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import Conflict, NotAllowed, NotFound, Refusal
from incubator.kernel.events import joins
from incubator.kernel.keyset import Cursor
from tests.conftest import NOW
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
    proposed,
    signs,
    swap,
)
from tests.factories_members import works_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make

DAY = timedelta(days=1)


@pytest.fixture
def one(make: Make) -> House:
    return house(make, "Dervaux")


@pytest.fixture
def other(make: Make) -> House:
    return house(make, "Ndiaye")


def refused(code: str, act: Callable[[], object], kind: type[Refusal] = Refusal) -> Refusal:
    with pytest.raises(kind) as found, transaction():
        act()
    assert found.value.code == code
    return found.value


def countered(make: Make, who: House, deal: Deal, wish: terms.Terms, seen: str = "") -> Deal:
    with transaction():
        return commands.counter(
            actor_of(make, who),
            deal.id,
            wish=wish,
            seen_hash=seen or looked_at(deal).terms_hash,
            until=None,
            now=make.now,
        )


def tick(make: Make, deal: Deal, after: timedelta) -> Deal:
    with transaction():
        clock.pass_hour(deal.id, now=make.now + after)
    return looked_at(deal)


def test_a_swap_is_signed_delivered_accepted_and_fulfilled(
    make: Make, one: House, other: House
) -> None:
    deal = bound(make, one, other)
    assert deal.state == "signed"
    for leg, giver, receiver in zip(deal.legs, (one, other), (other, one), strict=True):
        delivers(make, giver, deal, leg)
        assert looked_at(deal).state == "running"
        accepts(make, receiver, deal, leg)
    done = looked_at(deal)
    assert done.state == "fulfilled"
    assert [leg.accepted_cents for leg in done.legs] == [180_00, 180_00]
    assert [step.verb for step in queries.steps_of(deal.id)] == [
        "proposed",
        "signed",
        "signed",
        "bound",
        "delivered",
        "accepted",
        "delivered",
        "accepted",
        "fulfilled",
    ]


def test_the_ledger_would_hear_when_to_reserve_and_when_to_post(
    make: Make, one: House, other: House
) -> None:
    heard: list[object] = []
    joins(DealBound, heard.append)
    joins(LegEnded, heard.append)
    deal = proposed(make, one, other)
    signs(make, one, deal)
    assert heard == []
    signs(make, other, deal)
    assert [type(each) for each in heard] == [DealBound]
    first, second = deal.legs
    delivers(make, one, deal, first)
    accepts(make, other, deal, first)
    delivers(make, other, deal, second)
    dispute = contests(make, one, deal, second, 100_00)
    with transaction():
        disputes.agree(actor_of(make, other), deal.id, dispute, cents=100_00, now=make.now)
    ended = [(e.leg_id, e.cents, e.released_cents) for e in heard if isinstance(e, LegEnded)]
    assert ended == [(first.id, 180_00, 0), (second.id, 100_00, 80_00)]


def test_an_edit_after_a_signature_voids_it(make: Make, one: House, other: House) -> None:
    deal = proposed(make, one, other)
    old = deal.terms_hash
    signs(make, one, deal)
    wish = swap(one, other, gives(one, other, (100_00, 0)), gives(other, one, (100_00, 0)))
    changed = countered(make, other, deal, wish)
    assert (changed.state, changed.revision) == ("countered", 2)
    assert commands.signers(changed) == set()
    refused("deals.stale", lambda: signs_inside(make, one, deal, old), Conflict)
    back = countered(make, one, deal, swap(one, other))
    assert back.terms_hash != old
    assert commands.signers(back) == set()
    signs(make, one, deal)
    assert signs(make, other, deal).state == "signed"


def signs_inside(make: Make, who: House, deal: Deal, seen: str) -> Deal:
    return commands.sign(actor_of(make, who), deal.id, seen_hash=seen, now=make.now)


def test_stale_terms_are_told_with_what_changed(make: Make, one: House, other: House) -> None:
    deal = proposed(make, one, other)
    old = deal.terms_hash
    countered(make, one, deal, swap(one, other, gives(one, other, (90_00, 0))))
    before = queries.worded(deal.id, old)
    assert before is not None
    now = terms.plain(queries.terms_of(looked_at(deal)))
    assert {each.name for each in terms.changes(before, now)} == {"ht_cents", "vat_bp", "gone"}
    assert queries.worded(deal.id, "0" * 64) is None
    wish = swap(one, other)
    refused(
        "deals.stale",
        lambda: commands.counter(
            actor_of(make, other), deal.id, wish=wish, seen_hash=old, until=None, now=make.now
        ),
        Conflict,
    )


def test_unequal_sides_are_signed_only_with_the_exact_soulte(
    make: Make, one: House, other: House
) -> None:
    uneven = swap(one, other, gives(one, other, (200_00, 0)), gives(other, one, (150_00, 0)))
    deal = proposed(make, one, other, uneven)
    refused("deals.unequal", lambda: signs_inside(make, one, deal, deal.terms_hash))
    almost = replace(uneven, soulte=terms.SoulteTerms(other.firm_id, one.firm_id, 49_99))
    deal = countered(make, one, deal, almost)
    refused("deals.unequal", lambda: signs_inside(make, one, deal, deal.terms_hash))
    deal = countered(make, one, deal, replace(uneven, soulte=terms.covering(uneven)))
    signs(make, one, deal)
    deal = signs(make, other, deal)
    for leg, giver, receiver in zip(deal.legs, (one, other), (other, one), strict=True):
        delivers(make, giver, deal, leg)
        accepts(make, receiver, deal, leg)
    assert looked_at(deal).state == "running"
    pays = partial(performing.note_paid, deal_id=deal.id, ref="V-7", now=make.now)
    refused("deals.not_yours", lambda: pays(actor_of(make, other)), NotAllowed)
    for _twice in range(2):
        with transaction():
            pays(actor_of(make, one))
    assert looked_at(deal).state == "fulfilled"


def test_a_proposal_is_declined_withdrawn_or_expires(make: Make, one: House, other: House) -> None:
    first, second, third = (proposed(make, one, other) for _ in range(3))
    own = partial(commands.decline, actor_of(make, one), first.id, words="", now=make.now)
    refused("deals.own_terms", own, NotAllowed)
    with transaction():
        commands.decline(actor_of(make, other), first.id, words="Trop tard", now=make.now)
    theirs = partial(commands.withdraw, actor_of(make, other), second.id, now=make.now)
    refused("deals.their_terms", theirs, NotAllowed)
    with transaction():
        commands.withdraw(actor_of(make, one), second.id, now=make.now)
    assert tick(make, third, 14 * DAY - timedelta(seconds=1)).state == "proposed"
    assert tick(make, third, 14 * DAY).state == "expired"
    assert [looked_at(each).state for each in (first, second)] == ["declined", "withdrawn"]
    for deal in (first, second, third):
        refused("deals.state", partial(signs_inside, make, one, deal, deal.terms_hash))
        assert looked_at(deal).due_at is None


def test_what_is_late_by_the_clock_is_not_signed(make: Make, one: House, other: House) -> None:
    deal = proposed(make, one, other)
    late = replace(make, now=make.now + 15 * DAY)
    refused("deals.expired", lambda: signs_inside(late, one, deal, deal.terms_hash))


def test_what_is_delivered_counts_as_accepted_after_three_days_unless_contested(
    make: Make, one: House, other: House
) -> None:
    deal = bound(make, one, other)
    first, second = deal.legs
    delivers(make, one, deal, first)
    delivers(make, other, deal, second)
    contests(make, one, deal, second)
    early = tick(make, deal, rules.REVIEW - timedelta(seconds=1))
    assert [leg.state for leg in early.legs] == ["delivered", "contested"]
    later = tick(make, deal, 60 * DAY)
    assert [leg.state for leg in later.legs] == ["accepted", "contested"]
    assert later.state == "disputed"
    assert queries.steps_of(deal.id)[-2].verb == "auto"


def test_all_agree_to_call_it_off_and_what_was_accepted_stays(
    make: Make, one: House, other: House
) -> None:
    deal = bound(make, one, other)
    off = partial(performing.call_off, deal_id=deal.id, now=make.now)
    with transaction():
        off(actor_of(make, one))
    assert looked_at(deal).state == "signed"
    with transaction():
        performing.go_on(actor_of(make, other), deal.id, now=make.now)
    with transaction():
        off(actor_of(make, other))
    assert looked_at(deal).state == "signed"
    with transaction():
        off(actor_of(make, one))
    gone = looked_at(deal)
    assert (gone.state, [leg.state for leg in gone.legs]) == ("cancelled", ["released"] * 2)
    half = bound(make, one, other)
    delivers(make, one, half, half.legs[0])
    accepts(make, other, half, half.legs[0])
    for who in (one, other):
        with transaction():
            performing.call_off(actor_of(make, who), half.id, now=make.now)
    assert looked_at(half).state == "part_settled"


def test_acts_twice_are_once_and_acts_of_others_are_refused(
    make: Make, one: House, other: House
) -> None:
    deal = bound(make, one, other)
    leg = deal.legs[0]
    refused("deals.state", lambda: accept_inside(make, other, deal, leg.id))
    refused("deals.not_yours", lambda: deliver_inside(make, other, deal, leg.id), NotAllowed)
    for _twice in range(2):
        delivers(make, one, deal, leg)
    refused("deals.not_yours", lambda: accept_inside(make, one, deal, leg.id), NotAllowed)
    for _twice in range(2):
        accepts(make, other, deal, leg)
    refused("deals.leg", lambda: accept_inside(make, other, deal, 10**9), NotFound)
    verbs = [step.verb for step in queries.steps_of(deal.id)]
    assert (verbs.count("delivered"), verbs.count("accepted")) == (1, 1)


def deliver_inside(make: Make, who: House, deal: Deal, leg_id: int) -> None:
    performing.deliver(actor_of(make, who), deal.id, leg_id, now=make.now)


def accept_inside(make: Make, who: House, deal: Deal, leg_id: int) -> None:
    performing.accept(actor_of(make, who), deal.id, leg_id, now=make.now)


def test_only_the_firms_and_administrators_see_a_deal(make: Make, one: House, other: House) -> None:
    deal = proposed(make, one, other)
    manager = make.member(make.site(), role="manager")
    stranger = house(make, "Roy")
    for account in (stranger.account, manager, make.member(make.site(), role="guest")):
        with pytest.raises(NotFound):
            queries.visible_to(make.actor(account), deal.id)
        assert queries.page_for(make.actor(account), "all", Cursor()).rows == []
    boss = make.member(role="administrator")
    assert queries.visible_to(make.actor(boss), deal.id).own == frozenset()
    refused(
        "deals.not_yours",
        lambda: commands.sign(make.actor(boss), deal.id, seen_hash=deal.terms_hash, now=make.now),
        NotAllowed,
    )
    assert [d.id for d in queries.page_for(actor_of(make, other), "open", Cursor()).rows] == [
        deal.id
    ]


def test_nobody_makes_a_deal_with_themselves_or_for_another(
    make: Make, one: House, other: House
) -> None:
    stranger = house(make, "Roy")
    new = commands.New(firm_id=one.firm_id, once="x")
    wish = swap(one, other)
    refused(
        "deals.not_yours",
        lambda: commands.propose(actor_of(make, stranger), new, wish=wish, now=make.now),
        NotAllowed,
    )
    firm = queries.firms_of(other.account.id)[0]
    works_at(make, one.account, firm)
    refused(
        "deals.both",
        lambda: commands.propose(actor_of(make, one), new, wish=wish, now=make.now),
        NotAllowed,
    )
    deal = proposed(make, other, stranger, swap(other, stranger))
    wrong = partial(commands.counter, actor_of(make, other), deal.id, seen_hash=deal.terms_hash)
    forged = partial(wrong, wish=wish, until=None, now=make.now)
    refused("deals.not_yours", forged, NotAllowed)
    same = partial(wrong, wish=swap(other, stranger), until=None, now=make.now)
    refused("deals.same_terms", same)


def test_a_firm_that_is_not_there_and_a_day_too_far_are_refused(
    make: Make, one: House, other: House
) -> None:
    nowhere = House(10**9, "Personne", other.account)
    new = commands.New(firm_id=one.firm_id, once="x")
    refused(
        "firms.firm",
        lambda: commands.propose(actor_of(make, one), new, wish=swap(one, nowhere), now=make.now),
        NotFound,
    )
    for days in (0, 181):
        late = replace(new, until=make.now + days * DAY)
        refused(
            "deals.until",
            lambda late=late: commands.propose(  # type: ignore[misc]
                actor_of(make, one), late, wish=swap(one, other), now=make.now
            ),
        )


def test_a_timeline_and_signatures_only_grow(make: Make, one: House, other: House) -> None:
    bound(make, one, other)
    for table, change in (
        ("exchanges_deal_event", "UPDATE exchanges_deal_event SET verb = 'x'"),
        ("exchanges_deal_event", "DELETE FROM exchanges_deal_event"),
        ("exchanges_deal_signature", "UPDATE exchanges_deal_signature SET terms_hash = 'x'"),
        ("exchanges_deal_signature", "DELETE FROM exchanges_deal_signature"),
    ):
        with pytest.raises(DatabaseError, match=f"{table} only grows"), transaction():
            db.session.execute(text(change))
    assert len(db.session.scalars(select(DealSignature)).all()) == 2


LEG = DealLeg


@pytest.mark.parametrize(
    "change",
    [
        {"ttc_cents": LEG.ttc_cents + 1},
        {"receiver_id": LEG.giver_id},
        {"ht_cents": -1, "ttc_cents": LEG.vat_cents - 1},
        {"vat_bp": None},
        {"mode": "gift"},
        {"state": "lost"},
        {"accepted_cents": LEG.ttc_cents + 1, "accepted_at": NOW, "delivered_at": NOW},
        {"accepted_cents": 1},
        {"accepted_at": NOW},
    ],
)
def test_the_database_refuses_a_leg_that_cannot_be(
    make: Make, one: House, other: House, change: dict[str, Any]
) -> None:
    deal = proposed(make, one, other)
    first = update(DealLeg).where(DealLeg.deal_id == deal.id, DealLeg.seq == 0)
    with pytest.raises(DatabaseError), transaction():
        db.session.execute(first.values(change).execution_options(synchronize_session=False))


def test_a_reminder_comes_once_the_day_before(make: Make, one: House, other: House) -> None:
    due = make.now.date() + 5 * DAY
    wish = swap(
        one,
        other,
        gives(one, other, (10_00, 0), due_on=due),
        gives(other, one, (10_00, 0)),
    )
    deal = bound(make, one, other, wish)
    assert tick(make, deal, 2 * DAY).legs[0].reminded_at is None
    told = tick(make, deal, 5 * DAY).legs[0].reminded_at
    assert told is not None
    assert tick(make, deal, 6 * DAY).legs[0].reminded_at == told
    assert policy.may_propose(actor_of(make, one), {one.firm_id}, one.firm_id)
