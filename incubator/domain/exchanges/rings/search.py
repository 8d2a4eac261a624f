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
    """Every ring of a graph, sorted. ``gives`` says to whom each firm may give."""
    out = {firm: frozenset(others) for firm, others in gives.items()}
    into = turned(out)
    found: list[Ring] = []
    for first in sorted(out):
        back = frozenset(firm for firm in into.get(first, ()) if firm > first)
        if back:
            found.extend(_from(first, out, back))
    return sorted(found)


def _from(first: int, out: Mapping[int, frozenset[int]], back: frozenset[int]) -> Iterator[Ring]:
    """The rings whose smallest firm is ``first``; ``back`` are the greater ones that give to it."""
    nobody: frozenset[int] = frozenset()
    for second in out[first]:
        if second <= first:
            continue
        if second in back:
            yield (first, second)
        for third in out.get(second, nobody):
            if third > first:
                # The intersection walks the smaller of the two.
                lasts = out.get(third, nobody) & back
                yield from _closed((first, second, third), lasts, whole=third in back)


def _closed(three: Ring, lasts: frozenset[int], *, whole: bool) -> Iterator[Ring]:
    """The rings that begin with three firms: themselves if ``whole``, and with a fourth."""
    if whole:
        yield three
    for fourth in lasts:
        if fourth != three[1]:
            yield (*three, fourth)


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
