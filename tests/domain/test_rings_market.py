"""Which offers and needs make a ring: live, fitting, worth the same, of firms that may meet."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from incubator.domain.exchanges.listings.fitting import Side
from incubator.domain.exchanges.listings.places import City
from incubator.domain.exchanges.rings.market import Candidate, Lot, Market, link_of

LYON, DAKAR = City("Lyon", "FR"), City("Dakar", "SN")


def lot(
    number: int,
    kind: str,
    firm: int,
    *skills: int,
    home: int = 1,
    site: int | None = None,
    **more: Any,
) -> Lot:
    said: dict[str, Any] = {
        "city": LYON,
        "remote": False,
        "radius_km": 30,
        "modes": frozenset({"barter"}),
        "min_cents": 500_00,
        "max_cents": 900_00,
    }
    side = Side(firm_id=firm, skill_ids=frozenset(skills), **said | more)
    return Lot(id=number, kind=kind, side=side, home_id=home, site_id=site)


def round_of(size: int, **more: Any) -> list[Lot]:
    """Firms 1 to n; each offers the skill of its number and needs the one before."""
    lots = []
    for firm in range(1, size + 1):
        lots.append(lot(firm * 2, "offer", firm, firm, **more))
        lots.append(lot(firm * 2 + 1, "need", firm, firm - 1 or size, **more))
    return lots


def only(lots: list[Lot], **more: Any) -> Candidate | None:
    market = Market(lots=lots, parents={}, **more)
    rings = market.rings()
    assert len(rings) <= 1
    return market.candidate(rings[0]) if rings else None


def test_what_goes_round_is_a_ring() -> None:
    found = only(round_of(3))
    assert found
    assert (found.firm_ids, found.value_cents) == ((1, 2, 3), 700_00)
    assert found.units == {2, 3, 4, 5, 6, 7}


def test_five_firms_are_too_many() -> None:
    assert only(round_of(4))
    assert only(round_of(5)) is None


def test_an_amount_that_one_of_them_cannot_meet_makes_no_ring() -> None:
    dear = round_of(3)
    dear[0] = lot(2, "offer", 1, 1, min_cents=850_00, max_cents=None)
    assert only(dear)
    dear[3] = lot(5, "need", 2, 1, min_cents=None, max_cents=849_99)
    assert only(dear) is None


def test_ranges_that_meet_two_by_two_but_not_all_make_no_ring() -> None:
    lots = round_of(3)
    lots[0] = lot(2, "offer", 1, 1, min_cents=500_00, max_cents=600_00)
    lots[4] = lot(6, "offer", 3, 3, min_cents=700_00, max_cents=900_00)
    market = Market(lots=lots, parents={})
    assert market.rings() == [(1, 2, 3)]
    assert market.candidate((1, 2, 3)) is None


def test_without_any_amount_there_is_nothing_to_sign() -> None:
    assert only(round_of(3, min_cents=None, max_cents=None)) is None


def test_only_barter_goes_round() -> None:
    lots = round_of(3)
    lots[0] = lot(2, "offer", 1, 1, modes=frozenset({"cash", "gift"}))
    assert only(lots) is None


def test_a_family_fits_its_terms_both_ways() -> None:
    offer, need = lot(1, "offer", 1, 7), lot(2, "need", 2, 8)
    assert link_of(offer, need, {}) is None
    for parents in ({7: 8, 8: None}, {8: 7, 7: None}):
        market = Market(lots=[offer, need], parents=parents)
        assert list(market.given(1)) == [2]
        assert market.taken(2) == {1}


def test_far_away_only_what_works_at_a_distance() -> None:
    lots = round_of(2)
    lots[2] = lot(4, "offer", 2, 2, city=DAKAR)
    assert only(lots) is None
    lots[2] = lot(4, "offer", 2, 2, city=DAKAR, remote=True)
    found = only(lots)
    assert found
    assert found.links[1].why.how == "remote"


def test_what_only_one_site_may_see_goes_round_there_alone() -> None:
    lots = round_of(3)
    lots[0] = lot(2, "offer", 1, 1, site=1)
    assert only(lots)
    # The third firm neither gives it nor gets it, yet would read of it in the deal.
    lots[5] = lot(7, "need", 3, 2, home=2)
    assert only(lots) is None


def test_firms_that_one_person_works_in_are_in_no_ring_together() -> None:
    assert only(round_of(3), apart=frozenset({(1, 3)})) is None
    assert only(round_of(3), apart=frozenset({(1, 4)}))


def test_the_weakest_word_is_the_trust_of_a_ring() -> None:
    plain, weak = only(round_of(3)), only(round_of(3), trust={1: 900, 2: 200, 3: 900})
    assert plain
    assert weak
    assert weak.score == plain.score * 2 // 5


def test_another_price_is_another_ring() -> None:
    first, again = only(round_of(3)), only(round_of(3))
    other = only(round_of(3, max_cents=901_00))
    assert first
    assert again
    assert other
    assert first.input_hash == again.input_hash != other.input_hash


def test_the_best_of_several_offers_is_taken_and_always_the_same() -> None:
    lots = [*round_of(2), lot(20, "offer", 1, 1, min_cents=800_00), lot(21, "offer", 1, 1)]
    found = only(lots)
    assert found
    assert found.links[0].offer.id == 20
    assert only(lots[::-1]) == found


LOTS = st.lists(
    st.builds(
        lot,
        st.integers(1, 60),
        st.sampled_from(["need", "offer"]),
        st.integers(1, 6),
        st.integers(1, 4),
        st.integers(1, 4),
        home=st.integers(1, 2),
        site=st.sampled_from([None, None, 1]),
        remote=st.booleans(),
        city=st.sampled_from([LYON, DAKAR]),
        modes=st.sampled_from(
            [frozenset({"barter"}), frozenset({"barter", "gift"}), frozenset({"cash"})]
        ),
        min_cents=st.sampled_from([None, 100, 400]),
        max_cents=st.sampled_from([None, 500, 900]),
    ),
    max_size=16,
    unique_by=lambda each: each.id,
)
FAMILIES = {1: None, 2: 1, 3: 1, 4: None}


@given(LOTS)
def test_every_candidate_is_made_of_links_that_hold(lots: list[Lot]) -> None:
    market = Market(lots=lots, parents=FAMILIES)
    for ring in market.rings():
        found = market.candidate(ring)
        if found is None:
            continue
        assert found.firm_ids == ring
        assert len(found.units) == 2 * len(ring)
        for link in found.links:
            assert link_of(link.offer, link.need, FAMILIES)
            low, high = link.span.low or 0, link.span.high
            assert low <= found.value_cents
            assert high is None or found.value_cents <= high


@given(LOTS, st.integers(1, 6))
def test_through_one_firm_the_market_finds_what_it_finds_everywhere(
    lots: list[Lot], firm: int
) -> None:
    everywhere = [ring for ring in Market(lots=lots, parents=FAMILIES).rings() if firm in ring]
    assert Market(lots=lots, parents=FAMILIES).rings_through(firm) == everywhere


@given(LOTS)
def test_the_indexes_lose_no_edge(lots: list[Lot]) -> None:
    market = Market(lots=lots, parents=FAMILIES)
    edges = {
        (offer.side.firm_id, need.side.firm_id)
        for offer in lots
        for need in lots
        if (offer.kind, need.kind) == ("offer", "need") and link_of(offer, need, FAMILIES)
    }
    firms = {each.side.firm_id for each in lots}
    assert {(one, other) for one in firms for other in market.given(one)} == edges
    assert {(other, one) for one in firms for other in market.taken(one)} == edges
