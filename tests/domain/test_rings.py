"""Rings of live listings: suggested, answered, complete or lapsed, and what becomes of listings."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DatabaseError

from incubator.domain.chat.models import Message, Room, Seat
from incubator.domain.exchanges.deals import commands as deals
from incubator.domain.exchanges.deals import disputes, performing
from incubator.domain.exchanges.deals import queries as deal_queries
from incubator.domain.exchanges.deals.models import Deal
from incubator.domain.exchanges.listings import commands as listings
from incubator.domain.exchanges.listings.models import Listing
from incubator.domain.exchanges.rings import commands, queries, records, rules, seeking
from incubator.domain.exchanges.rings.models import Ring, RingHold, RingMember
from incubator.kernel.db import as_of, db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.reactions.bridges import rooms_of_deals
from tests import factories_deals as f_deals
from tests import factories_listings as listed
from tests import factories_rings as f
from tests.factories_members import works_at

if TYPE_CHECKING:
    from tests.factories import Make

pytestmark = pytest.mark.usefixtures("present")


@pytest.fixture
def turns(make: Make) -> list[f.Turn]:
    return f.ringed(make)


def held() -> set[int]:
    return set(db.session.scalars(select(RingHold.listing_id)))


def test_a_ring_of_three_cities_is_found_and_suggested(make: Make, turns: list[f.Turn]) -> None:
    ring = f.suggested(make, turns)
    assert (ring.state, ring.size, ring.value_cents) == ("suggested", 3, 1000_00)
    assert ring.expires_at == make.now + timedelta(days=7)
    told = {
        member.firm_id: (member.offer_id, member.need_id, member.said) for member in ring.members
    }
    assert told == {turn.trader.firm.id: (turn.offer.id, turn.need.id, "") for turn in turns}
    for giver, receiver in zip(ring.members, [*ring.members[1:], ring.members[0]], strict=True):
        given = {turn.trader.firm.id: turn.gives.id for turn in turns}
        assert giver.skill_id == given[giver.firm_id]
        taken = {turn.trader.firm.id: turn.takes.id for turn in turns}
        assert giver.skill_id == taken[receiver.firm_id]


def test_the_search_of_the_night_finds_what_that_of_a_firm_finds(
    make: Make, turns: list[f.Turn]
) -> None:
    found = seeking.everywhere(now=make.now)
    assert found == seeking.through(turns[1].trader.firm.id, now=make.now)
    assert len(found) == 1


def test_the_search_costs_as_many_statements_for_ten_firms_as_for_three(
    make: Make, turns: list[f.Turn], count_queries: Any
) -> None:
    def cost() -> int:
        with count_queries() as found:
            seeking.everywhere(now=make.now)
        return len(found)

    few = cost()
    f.ringed(make, 4)
    f.ringed(make, 3)
    assert cost() == few
    assert len(turns) == 3


@pytest.mark.parametrize("act", ["pause", "fill", "withdraw"])
def test_what_is_not_live_makes_no_ring_and_ends_the_one_it_is_in(
    make: Make, turns: list[f.Turn], act: str
) -> None:
    ring = f.suggested(make, turns)
    listed.moved(make, turns[1].trader, turns[1].offer, act)
    ring = f.again(ring)
    assert (ring.state, ring.cause) == ("lapsed", "listing")
    assert f.sought(make, turns[0]) == []


def test_what_has_expired_makes_no_ring(make: Make, turns: list[f.Turn]) -> None:
    assert f.sought(make, turns[0], days=31) == []
    assert f.sought(make, turns[0], days=1)


def test_a_listing_that_says_another_price_ends_its_rings_and_a_title_does_not(
    make: Make, turns: list[f.Turn]
) -> None:
    ring, turn = f.suggested(make, turns), turns[2]
    actor = make.actor(turn.trader.account)

    def rewrite(**more: Any) -> None:
        terms = listed.terms(turn.trader.site, turn.gives, remote=True, **more)
        with transaction():
            listings.rewrite(
                actor, turn.offer.id, terms=terms, once="again", publish=True, now=make.now
            )

    rewrite(title="Autrement dit", min_cents=900_00, max_cents=1_100_00)
    assert f.again(ring).state == "suggested"
    rewrite(min_cents=900_00, max_cents=1_000_00)
    assert f.again(ring).cause == "listing"
    # It is another ring now, and may be suggested.
    assert f.sought(make, turns[0])


def test_the_same_ring_is_never_suggested_again(make: Make, turns: list[f.Turn]) -> None:
    ring = f.suggested(make, turns)
    assert f.sought(make, turns[1]) == []
    f.says_no(make, turns[2], ring)
    assert f.sought(make, turns[1]) == []
    assert seeking.everywhere(now=make.now) == []


def test_a_firm_has_at_most_three_ideas_at_once(make: Make) -> None:
    turns = f.ringed(make, 2)
    for _more in range(4):
        f.rival_of(make, turns[0])
    found = seeking.through(turns[0].trader.firm.id, now=make.now)
    assert len(found) == 5
    for each in found:
        with transaction():
            seeking.suggest(each, now=make.now)
    assert seeking.open_ideas([turns[0].trader.firm.id]) == {turns[0].trader.firm.id: 3}


def test_a_candidate_whose_listing_moved_meanwhile_is_not_suggested(
    make: Make, turns: list[f.Turn]
) -> None:
    (found,) = seeking.everywhere(now=make.now)
    listed.moved(make, turns[0].trader, turns[0].offer, "pause")
    with transaction():
        assert seeking.suggest(found, now=make.now) is None


def test_who_works_in_two_of_the_firms_is_in_no_ring_with_both(
    make: Make, turns: list[f.Turn]
) -> None:
    works_at(make, turns[0].trader.account, turns[1].trader.firm)
    assert f.sought(make, turns[2]) == []


def test_all_interested_make_a_deal_of_equal_totals_to_the_cent(
    make: Make, turns: list[f.Turn]
) -> None:
    ring = f.suggested(make, turns)
    for turn, rate, state in zip(
        turns, (2000, None, 550), ("opened", "opened", "became_deal"), strict=True
    ):
        assert f.says_yes(make, turn, ring, rate).state == state
    ring = f.again(ring)
    assert ring.deal_id
    deal = deal_queries.whole(ring.deal_id)
    assert (deal.kind, deal.state) == ("ring", "proposed")
    assert len({leg.ttc_cents for leg in deal.legs}) == 1
    assert sorted(leg.vat_bp or -1 for leg in deal.legs) == [-1, 550, 2000]
    assert {leg.title for leg in deal.legs} == {turn.offer.title for turn in turns}
    assert held() == {each.id for turn in turns for each in (turn.offer, turn.need)}
    for turn in turns:
        with transaction():
            deals.sign(
                make.actor(turn.trader.account), deal.id, seen_hash=deal.terms_hash, now=make.now
            )
    assert deal_queries.whole(deal.id).state == "signed"


def test_two_yes_of_one_firm_are_one(make: Make, turns: list[f.Turn]) -> None:
    ring = f.suggested(make, turns)
    colleague = make.member(turns[0].trader.site)
    works_at(make, colleague, turns[0].trader.firm)
    f.says_yes(make, turns[0], ring)
    with transaction():
        commands.interested(make.actor(colleague), ring.id, vat_bp=0, now=make.now)
    said = [member for member in f.again(ring).members if member.said]
    assert [(each.said_by_id, each.vat_bp) for each in said] == [(turns[0].trader.account.id, 2000)]


def test_a_no_ends_it_and_is_final(make: Make, turns: list[f.Turn]) -> None:
    ring = f.suggested(make, turns)
    f.says_yes(make, turns[0], ring)
    f.says_no(make, turns[1], ring, "Nous n’avons plus de bois")
    f.says_no(make, turns[1], ring)
    ring = f.again(ring)
    assert (ring.state, ring.cause) == ("refused", "refused")
    with pytest.raises(Refusal, match=r"rings\.state"):
        f.says_yes(make, turns[2], ring)
    with pytest.raises(Refusal, match=r"rings\.state"):
        f.says_yes(make, turns[1], ring)


def test_a_yes_may_become_a_no_before_all_agree(make: Make, turns: list[f.Turn]) -> None:
    ring = f.suggested(make, turns)
    f.says_yes(make, turns[0], ring)
    f.says_no(make, turns[0], ring)
    assert f.again(ring).state == "refused"


def test_an_idea_lapses_after_seven_days(make: Make, turns: list[f.Turn]) -> None:
    ring, week = f.suggested(make, turns), make.now + timedelta(days=7)
    assert commands.due(week - timedelta(seconds=1)) == []
    assert commands.due(week) == [ring.id]
    with pytest.raises(Refusal, match=r"rings\.state"):
        f.says_yes(make, turns[0], ring, days=7)
    for _twice in range(2):
        with transaction():
            commands.expire(ring.id, now=week)
    ring = f.again(ring)
    assert (ring.state, ring.cause) == ("lapsed", "time")
    assert commands.due(week) == []


def test_two_rings_with_one_listing_the_first_complete_takes_it(make: Make) -> None:
    turns = f.ringed(make, 2)
    first = f.suggested(make, turns)
    rival = f.rival_of(make, turns[0])
    second = f.suggested(make, [rival, turns[0]])
    assert second.id != first.id
    f.says_yes(make, rival, second)
    for turn in turns:
        f.says_yes(make, turn, first)
    assert f.again(first).state == "became_deal"
    assert (f.again(second).state, f.again(second).cause) == ("lapsed", "taken")
    # What the deal holds is in no other ring.
    assert f.sought(make, rival) == []


@pytest.mark.parametrize(
    ("act", "state", "cause"),
    [("withdraw", "refused", "refused"), ("decline", "refused", "refused")],
)
def test_who_leaves_at_the_last_step_frees_the_listings_of_all(
    make: Make, turns: list[f.Turn], act: str, state: str, cause: str
) -> None:
    ring = f.complete(make, turns)
    assert ring.deal_id
    deal = deal_queries.whole(ring.deal_id)
    leaves = turns[2] if act == "withdraw" else turns[0]
    actor = make.actor(leaves.trader.account)
    with transaction():
        if act == "withdraw":
            deals.withdraw(actor, deal.id, now=make.now)
        else:
            deals.decline(actor, deal.id, words="", now=make.now)
    ring = f.again(ring)
    assert (ring.state, ring.cause) == (state, cause)
    assert held() == set()
    assert f.sought(make, turns[0]) == []


def test_a_deal_that_expires_frees_them_too(make: Make, turns: list[f.Turn]) -> None:
    ring = f.complete(make, turns)
    assert ring.deal_id
    with as_of(make.now), transaction():
        commands.deal_moved(ring.deal_id, "signed", now=make.now)
        assert len(held()) == 6
        commands.deal_moved(ring.deal_id, "expired", now=make.now)
    assert (f.again(ring).state, held()) == ("lapsed", set())


def test_a_deal_that_was_kept_frees_what_was_offered_and_not_what_was_needed(
    make: Make, turns: list[f.Turn]
) -> None:
    ring = f.complete(make, turns)
    assert ring.deal_id
    with transaction():
        commands.deal_moved(ring.deal_id, "fulfilled", now=make.now)
    assert f.again(ring).state == "became_deal"
    assert held() == {turn.need.id for turn in turns}


def in_part(make: Make, turns: list[f.Turn]) -> Deal:
    """The deal of a ring of which the first firm's delivery alone was accepted."""
    ring = f.complete(make, turns)
    assert ring.deal_id
    deal = deal_queries.whole(ring.deal_id)
    houses = {
        turn.trader.firm.id: f_deals.House(turn.trader.firm.id, "", turn.trader.account)
        for turn in turns
    }
    for party in deal.parties:
        f_deals.signs(make, houses[party.firm_id], deal)
    legs = {leg.giver_id: leg for leg in deal.legs}
    first, second, third = (legs[turn.trader.firm.id] for turn in turns)
    for leg in (first, second):
        f_deals.delivers(make, houses[leg.giver_id], deal, leg)
    f_deals.accepts(make, houses[first.receiver_id], deal, first)
    contested = f_deals.contests(make, houses[second.receiver_id], deal, second)
    with transaction():
        answered = make.actor(houses[second.giver_id].account)
        disputes.agree(answered, deal.id, contested, cents=0, now=make.now)
    assert deal_queries.whole(deal.id).state == "running"
    for house in houses.values():
        with transaction():
            performing.call_off(make.actor(house.account), deal.id, now=make.now)
    assert [leg.state for leg in (first, second, third)] == ["accepted", "refused", "released"]
    return deal_queries.whole(deal.id)


def test_a_need_stays_taken_only_where_it_was_met(make: Make, turns: list[f.Turn]) -> None:
    deal = in_part(make, turns)
    assert deal.state == "part_settled"
    assert held() == {turns[1].need.id}


@pytest.mark.parametrize("said", ["renewed", "renewed late", "rewritten"])
def test_a_need_that_was_met_is_free_again_once_its_firm_says_it_anew(
    make: Make, turns: list[f.Turn], said: str
) -> None:
    in_part(make, turns)
    turn = turns[1]
    actor, need = make.actor(turn.trader.account), listed.again(turn.need)
    if said == "renewed late":
        listed.moved(make, turn.trader, need, "expire")
    with transaction():
        if said.startswith("renewed"):
            listings.renew(actor, need.id, seen_until=need.until, now=make.now)
        else:
            terms = listed.terms(turn.trader.site, turn.takes, title="Encore une fois")
            listings.rewrite(actor, need.id, terms=terms, once="again", publish=True, now=make.now)
    assert held() == set()


def test_what_a_deal_still_needs_is_not_freed_by_saying_it_anew(
    make: Make, turns: list[f.Turn]
) -> None:
    f.complete(make, turns)
    need = listed.again(turns[1].need)
    with transaction():
        actor = make.actor(turns[1].trader.account)
        listings.renew(actor, need.id, seen_until=need.until, now=make.now)
    assert len(held()) == 6


def test_a_listing_that_is_gone_at_the_last_yes_ends_the_ring(
    make: Make, turns: list[f.Turn]
) -> None:
    ring = f.suggested(make, turns)
    for turn in turns[:2]:
        f.says_yes(make, turn, ring)
    gone = update(Listing).where(Listing.id == turns[0].need.id)
    db.session.execute(gone.values(live=False))
    f.says_yes(make, turns[2], ring)
    assert (f.again(ring).state, f.again(ring).cause) == ("lapsed", "listing")
    assert db.session.scalar(select(func.count()).select_from(Deal)) == 0


def test_only_its_firms_see_a_ring_whatever_others_run(make: Make, turns: list[f.Turn]) -> None:
    ring = f.suggested(make, turns)
    stranger = make.member(turns[0].trader.site)
    manager = make.member(turns[0].trader.site, role="manager")
    administrator = make.member(turns[0].trader.site, role="administrator")
    for account in (stranger, manager, administrator):
        with pytest.raises(NotFound, match=r"rings\.ring"):
            queries.visible_to(make.actor(account), ring.id)
        with pytest.raises(NotFound, match=r"rings\.ring"), transaction():
            commands.interested(make.actor(account), ring.id, vat_bp=0, now=make.now)


def test_a_firm_sees_cities_and_skills_and_its_own_listings_alone(
    make: Make, turns: list[f.Turn]
) -> None:
    ring = f.suggested(make, turns)
    idea = queries.visible_to(make.actor(turns[0].trader.account), ring.id)
    assert [place.city for place in idea.places] == ["Lyon", "Dakar", "Nantes"]
    assert (idea.giver.city, idea.receiver.city) == ("Nantes", "Dakar")
    told = repr(idea)
    for other in turns[1:]:
        firm, person = other.trader.firm, other.trader.account
        for secret in (firm.name, firm.slug, person.email, other.offer.title, other.need.title):
            assert secret not in told
    assert turns[0].offer.title in told


def test_who_came_to_work_in_two_firms_of_a_ring_acts_for_neither(
    make: Make, turns: list[f.Turn]
) -> None:
    ring = f.suggested(make, turns)
    works_at(make, turns[0].trader.account, turns[1].trader.firm)
    with pytest.raises(NotAllowed, match=r"rings\.both"):
        f.says_yes(make, turns[0], ring)


def test_a_rate_that_no_law_knows_is_refused_beside_its_field(
    make: Make, turns: list[f.Turn]
) -> None:
    ring = f.suggested(make, turns)
    with pytest.raises(Refusal, match=r"deals\.rate") as refused:
        f.says_yes(make, turns[0], ring, 1234)
    assert refused.value.field == "vat"


CHANGES = (
    "UPDATE exchanges_ring SET input_hash = 'x'",
    "UPDATE exchanges_ring SET state = 'opened', cause = ''",
    "DELETE FROM exchanges_ring",
    "UPDATE exchanges_ring_member SET firm_id = 1",
    "UPDATE exchanges_ring_member SET need_id = offer_id",
    "UPDATE exchanges_ring_member SET said = '', said_at = NULL",
    "DELETE FROM exchanges_ring_member",
    "UPDATE exchanges_ring SET value_cents = 0",
)


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_keeps_a_ring_what_it_was(
    make: Make, turns: list[f.Turn], change: str
) -> None:
    ring = f.suggested(make, turns)
    f.says_no(make, turns[0], ring)
    with pytest.raises(DatabaseError), db.session.begin_nested():
        db.session.execute(text(change))


def test_every_state_is_reached_and_ends_have_no_exit() -> None:
    reached = {state for ways in rules.EXITS.values() for state in ways.values()}
    assert reached | {"suggested"} == set(rules.EXITS)
    assert rules.ENDED == ("lapsed", "refused")
    with pytest.raises(Refusal, match=r"rings\.state"):
        rules.after("lapsed", "open")


def test_a_long_reason_is_refused_beside_its_field(make: Make, turns: list[f.Turn]) -> None:
    ring = f.suggested(make, turns)
    with pytest.raises(Refusal, match=r"rings\.reason") as refused:
        f.says_no(make, turns[0], ring, "x" * 301)
    assert refused.value.field == "reason"
    assert records.whole(ring.id).state == "suggested"


def test_trust_is_what_firms_kept_of_their_word(make: Make, turns: list[f.Turn]) -> None:
    first = f.suggested(make, turns).score
    assert first == 1000_00 * 500 * 800 // (1000 * 1000) * 100 // 115
    assert db.session.scalar(select(func.count()).select_from(Ring)) == 1
    assert db.session.scalar(select(func.count()).select_from(RingMember)) == 3


def test_the_firms_of_a_ring_find_their_room_with_their_deal(
    make: Make, turns: list[f.Turn]
) -> None:
    ring = f.suggested(make, turns)
    for turn in turns:
        assert db.session.scalar(select(Room.id).where(Room.key.startswith("deal."))) is None
        f.says_yes(make, turn, ring)
    deal_id = f.again(ring).deal_id
    room = db.session.scalars(select(Room).where(Room.key == f"deal.{deal_id}")).one()
    seats = db.session.scalars(select(Seat.member_id).where(Seat.room_id == room.id)).all()
    assert set(seats) >= {turn.trader.account.id for turn in turns}
    # Whoever speaks first says which deal it is about; the second adds nothing.
    for turn in turns[:2]:
        with transaction():
            who = make.actor(turn.trader.account)
            rooms_of_deals.enter(who, deal_id or 0, note="{path}", now=make.now)
    said = db.session.scalars(select(Message.body_md).where(Message.room_id == room.id)).all()
    assert said == [f"/accords/{deal_id}"]
