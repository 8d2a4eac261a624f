"""Rings of trade among 10,000 firms: a synthetic network, and what finding its rings costs.

Each firm offers two skills and needs two, in one of twenty cities; who trades much, and which
skills are common, is heavy-tailed. Two firms are joined where an offer meets a need and both are
in one city, or by chance in another: 116,000 edges, as in the exchange design.
"""

from __future__ import annotations

import random
import time
from collections import defaultdict
from typing import NamedTuple

from incubator.domain.exchanges.rings import search

FIRMS, EDGES, CITIES, SKILLS = 10_000, 116_000, 20, 400
SEED = 1_347
PROBES = 2_000


class Found(NamedTuple):
    """What the search of one network cost, in seconds, and what it found."""

    edges: int
    rings: int
    chosen: int
    firms: int
    all_s: float
    packing_s: float
    through_median_s: float
    through_p95_s: float


def network(firms: int = FIRMS, edges: int = EDGES) -> dict[int, set[int]]:
    """Who may give to whom."""
    dice = random.Random(SEED)
    tail = [1 / (rank + 1) ** 0.6 for rank in range(SKILLS)]
    cities = dice.choices(range(CITIES), [1 / (n + 1) for n in range(CITIES)], k=firms)
    wanted: dict[int, list[int]] = defaultdict(list)
    offered = []
    for firm in range(firms):
        offered.append(set(dice.choices(range(SKILLS), tail, k=2)))
        for skill in set(dice.choices(range(SKILLS), tail, k=2)) - offered[firm]:
            wanted[skill].append(firm)
    pairs = []
    for firm in range(firms):
        # Some are known far away, most are not.
        far = min(0.9, 0.02 * dice.paretovariate(1.2))
        for skill in sorted(offered[firm]):
            for other in wanted[skill]:
                near = cities[other] == cities[firm]
                if other != firm and dice.random() < (0.7 if near else far):
                    pairs.append((firm, other))
    gives: dict[int, set[int]] = {firm: set() for firm in range(firms)}
    for firm, other in dice.sample(pairs, min(edges, len(pairs))):
        gives[firm].add(other)
    return gives


def measure() -> Found:
    """Find all rings, choose among them, and look through single firms."""
    gives = network()
    begun = time.perf_counter()
    rings = search.all_rings(gives)
    all_s = time.perf_counter() - begun
    weighed = _weighed(rings)
    begun = time.perf_counter()
    chosen = search.packed(weighed)
    packing_s = time.perf_counter() - begun
    times = _through(gives)
    return Found(
        edges=sum(map(len, gives.values())),
        rings=len(rings),
        chosen=len(chosen),
        firms=sum(len(each.ring) for each in chosen),
        all_s=all_s,
        packing_s=packing_s,
        through_median_s=times[len(times) // 2],
        through_p95_s=times[len(times) * 95 // 100],
    )


def _weighed(rings: list[search.Ring]) -> list[search.Weighed]:
    """Each ring with a value as sums of trade are, and what it uses up of each firm."""
    dice = random.Random(SEED)
    return [
        search.Weighed(
            ring=ring,
            score=search.weight(
                int(dice.lognormvariate(11, 1)), trust=500, nearness=900, size=len(ring)
            ),
            units=frozenset(ring),
        )
        for ring in rings
    ]


def _through(gives: dict[int, set[int]]) -> list[float]:
    """Seconds that the rings through one firm take, sorted, of many firms."""
    takes = search.turned(gives)
    known = {firm: takes.get(firm, set()) for firm in gives}
    times = []
    for firm in random.Random(SEED).sample(sorted(gives), PROBES):
        begun = time.perf_counter()
        search.through(firm, gives, known)
        times.append(time.perf_counter() - begun)
    return sorted(times)


def report(found: Found) -> None:
    """What was measured, in words."""
    print(f"{FIRMS} firms, {found.edges} edges: {found.rings} rings in {found.all_s:.2f} s")
    print(
        f"greedy packing: {found.chosen} rings of {found.firms} firms in {found.packing_s:.3f} s;"
        f" through one firm: median {found.through_median_s * 1000:.2f} ms,"
        f" p95 {found.through_p95_s * 1000:.2f} ms"
    )


if __name__ == "__main__":
    report(measure())
