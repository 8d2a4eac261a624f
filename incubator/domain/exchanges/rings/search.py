"""All short rings of a graph, each once, and which of them to choose. Pure.

A ring is a tuple of 2 to 4 distinct firms, each giving to the next and the last to the first; it
begins with its smallest number, so that one ring has one name. Annex B of the exchange design.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

Ring = tuple[int, ...]
LONGEST: Final = 4


def all_rings(gives: Mapping[int, Collection[int]]) -> list[Ring]:
    """Every ring of a graph, sorted. ``gives`` says to whom each firm may give, never to itself."""
    out = {firm: frozenset(others) for firm, others in gives.items()}
    into = turned(out)
    found: list[Ring] = []
    for first in sorted(out):
        back = {firm for firm in into.get(first, ()) if firm > first}
        if back:
            found.extend(_from(first, out, into, back=back))
    return sorted(found)


def _befores(first: int, back: set[int], into: Mapping[int, set[int]]) -> dict[int, list[int]]:
    """By which last firm each greater one reaches the first in two steps."""
    found: dict[int, list[int]] = {}
    for last in back:
        for third in into.get(last, ()):
            if third > first:
                found.setdefault(third, []).append(last)
    return found


def _from(
    first: int,
    out: Mapping[int, frozenset[int]],
    into: Mapping[int, set[int]],
    *,
    back: set[int],
) -> Iterator[Ring]:
    """The rings whose smallest firm is ``first``: both halves meet at the third.

    ``back`` are the greater firms that give to it.
    """
    befores = _befores(first, back, into)
    reached = back | befores.keys()
    for second in out[first]:
        if second <= first:
            continue
        if second in back:
            yield (first, second)
        # An intersection walks the smaller of the two.
        for third in out.get(second, frozenset()) & reached:
            if third in back:
                yield (first, second, third)
            for last in befores.get(third, ()):
                if last != second:
                    yield (first, second, third, last)


def through(
    firm: int, gives: Mapping[int, Collection[int]], takes: Mapping[int, Collection[int]]
) -> list[Ring]:
    """Every ring in which one firm stands, sorted; ``takes`` says from whom each may take.

    Only the neighbours of the firm and theirs are asked for.
    """
    back = frozenset(takes[firm]) - {firm}
    before = {last: frozenset(takes[last]) for last in back}
    found: set[Ring] = set()
    for second in gives[firm]:
        if second == firm:
            continue
        if second in back:
            found.add(named((firm, second)))
        for third in gives[second]:
            if third in (firm, second):
                continue
            if third in back:
                found.add(named((firm, second, third)))
            found.update(
                named((firm, second, third, last))
                for last, givers in before.items()
                if third in givers and last not in (second, third)
            )
    return sorted(found)


def named(ring: Ring) -> Ring:
    """A ring as it is written: from its smallest firm on."""
    start = ring.index(min(ring))
    return ring[start:] + ring[:start]


def turned(gives: Mapping[int, Collection[int]]) -> dict[int, set[int]]:
    """The same graph the other way round: from whom each may take."""
    takes: dict[int, set[int]] = defaultdict(set)
    for firm, others in gives.items():
        for other in others:
            takes[other].add(firm)
    return takes


@dataclass(frozen=True, slots=True)
class Weighed:
    """A ring with its score and the units of listings that it would use up."""

    ring: Ring
    score: int
    units: frozenset[int]


def packed(candidates: Iterable[Weighed]) -> list[Weighed]:
    """The best rings that share no unit, greedily: the highest score first, then the first name."""
    used: set[int] = set()
    chosen: list[Weighed] = []
    for each in sorted(candidates, key=lambda one: (-one.score, one.ring, sorted(one.units))):
        if used.isdisjoint(each.units):
            used |= each.units
            chosen.append(each)
    return chosen


def weight(cents: int, *, trust: int, nearness: int, size: int) -> int:
    """Balanced value × trust × nearness ÷ (1 + 0.15 (size − 2)), whole.

    ``trust`` and ``nearness`` are thousandths.
    """
    return cents * trust * nearness // (1000 * 10 * (100 + 15 * (size - 2)))
