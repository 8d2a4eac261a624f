"""The search for rings: each short simple ring once, and the best that share nothing."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from incubator.domain.exchanges.rings import search

FIRMS = st.integers(1, 9)
GRAPHS = st.dictionaries(FIRMS, st.frozensets(FIRMS, max_size=9), max_size=9).map(
    lambda graph: {firm: others - {firm} for firm, others in graph.items()}
)


def by_hand(graph: dict[int, frozenset[int]]) -> set[search.Ring]:
    """Every ring of 2 to 4 firms by trying all of them."""
    firms = sorted(set(graph) | {other for others in graph.values() for other in others})
    return {
        ring
        for size in (2, 3, 4)
        for ring in permutations(firms, size)
        if ring[0] == min(ring)
        and all(ring[n] in graph.get(ring[n - 1], frozenset()) for n in range(size))
    }


@given(GRAPHS)
def test_every_short_ring_comes_once_and_nothing_else(graph: dict[int, frozenset[int]]) -> None:
    found = search.all_rings(graph)
    assert len(found) == len(set(found))
    assert set(found) == by_hand(graph)


@given(GRAPHS)
def test_a_ring_is_simple_and_short(graph: dict[int, frozenset[int]]) -> None:
    for ring in search.all_rings(graph):
        assert 2 <= len(ring) == len(set(ring)) <= search.LONGEST
        assert search.named(ring) == ring


@given(GRAPHS, FIRMS)
def test_rings_through_a_firm_are_all_rings_with_it(
    graph: dict[int, frozenset[int]], firm: int
) -> None:
    gives = {each: graph.get(each, frozenset()) for each in range(1, 10)}
    turned = search.turned(graph)
    takes = {each: turned.get(each, set()) for each in range(1, 10)}
    expected = [ring for ring in search.all_rings(graph) if firm in ring]
    assert search.through(firm, gives, takes) == expected


@given(GRAPHS, st.permutations(range(1, 10)))
def test_other_numbers_give_the_same_rings(
    graph: dict[int, frozenset[int]], numbers: list[int]
) -> None:
    def new(firm: int) -> int:
        return numbers[firm - 1]

    renamed = {new(firm): frozenset(map(new, others)) for firm, others in graph.items()}
    expected = {search.named(tuple(map(new, ring))) for ring in search.all_rings(graph)}
    assert set(search.all_rings(renamed)) == expected


WEIGHED = st.lists(
    st.builds(
        search.Weighed,
        ring=st.tuples(st.integers(1, 5), st.integers(6, 9)),
        score=st.integers(0, 50),
        units=st.frozensets(st.integers(1, 12), min_size=1, max_size=4),
    ),
    max_size=12,
)


@given(WEIGHED)
def test_chosen_rings_share_no_unit_and_none_is_left_that_fits(
    candidates: list[search.Weighed],
) -> None:
    chosen = search.packed(candidates)
    units = [unit for each in chosen for unit in each.units]
    assert len(units) == len(set(units))
    left = [each for each in candidates if each not in chosen]
    assert all(each.units & set(units) for each in left)


@given(WEIGHED.flatmap(lambda known: st.tuples(st.just(known), st.permutations(known))))
def test_the_choice_does_not_depend_on_the_order(
    both: tuple[list[search.Weighed], list[search.Weighed]],
) -> None:
    known, shuffled = both
    assert search.packed(shuffled) == search.packed(known)


def test_the_better_ring_is_chosen_and_a_longer_one_must_be_worth_more() -> None:
    def weight(size: int, cents: int = 1000_00, trust: int = 500, nearness: int = 1000) -> int:
        return search.weight(cents, trust=trust, nearness=nearness, size=size)

    assert weight(2) == 500_00
    assert weight(2) > weight(3) > weight(4)
    assert weight(4, 1300_00) == weight(2)
    assert weight(3, trust=900) > weight(3)
    assert weight(3, nearness=800) < weight(3)
