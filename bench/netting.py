"""Netting 100,000 debts of 10,000 firms: what circles clear, what the optimum clears, the time.

Made up as in the design (exchange.md, 5.1): heavy-tailed firms in twenty cities, 70 % of trade
inside a city, log-normal amounts. The floor, in the same run: to read the debts and add them up.
"""

from __future__ import annotations

import json
import math
import random
import resource
import time
from collections.abc import Callable
from itertools import accumulate
from typing import TypeVar

from incubator.domain.exchanges.rounds import circles, flow, netting
from incubator.domain.exchanges.rounds.netting import CIRCLES, OPTIMUM, Debt, Problem, Room

FIRMS, DEBTS, CITIES, LOCAL = 10_000, 100_000, 20, 0.7
TAIL, MIDDLE_CENTS, SPREAD, SEED = 1.3, 800_00, 1.1, 20
LINES = (500_00, 2_000_00)
T = TypeVar("T")


def made(firms: int = FIRMS, debts: int = DEBTS, seed: int = SEED) -> tuple[Debt, ...]:
    """Debts between firms, the same for the same seed."""
    chance = random.Random(seed)
    weight = [chance.paretovariate(TAIL) for _ in range(firms + 1)]
    cities: list[list[int]] = [list(range(1 + city, firms + 1, CITIES)) for city in range(CITIES)]
    sums = [list(accumulate(weight[firm] for firm in city)) for city in cities]
    everybody, all_sums = range(1, firms + 1), list(accumulate(weight[1:]))
    found: list[Debt] = []
    while len(found) < debts:
        (debtor,) = chance.choices(everybody, cum_weights=all_sums)
        city = (debtor - 1) % CITIES
        near = chance.random() < LOCAL
        (creditor,) = chance.choices(
            cities[city] if near else everybody, cum_weights=sums[city] if near else all_sums
        )
        if creditor != debtor:
            cents = max(1, round(chance.lognormvariate(math.log(MIDDLE_CENTS), SPREAD)))
            found.append(Debt(len(found) + 1, debtor, creditor, cents, cents))
    return tuple(found)


def measure() -> dict[str, float]:
    """Shares of all that is owed (``…_share``), seconds (``…_s``) and peak memory (``…_mb``)."""
    debts = made()
    text = json.dumps(debts)
    gross, floor = _timed(lambda: sum(each[3] for each in json.loads(text)))
    figures = {"debts_read_and_summed_s": floor}
    pairs = netting.by_pair(Problem(debts=debts, seed=SEED))
    net, took = _timed(lambda: _short(pairs))
    figures |= {
        "rings_to_4_share": sum(net.cleared.values()) / gross,
        "rings_to_4_s": took,
    }
    figures |= _solved("circles", Problem(debts=debts, seed=SEED), CIRCLES)
    if flow.version():
        figures |= _solved("optimum", Problem(debts=debts, seed=SEED), OPTIMUM)
        for line in LINES:
            rooms = dict.fromkeys(range(1, FIRMS + 1), Room(line, line))
            with_credit = Problem(debts=debts, seed=SEED, rooms=rooms)
            figures |= _solved(f"credit_{line // 100}", with_credit, OPTIMUM)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return figures | {"netting_peak_mb": peak}


def _short(pairs: dict[tuple[int, int], int]) -> circles.Net:
    net = circles.Net(pairs)
    circles.clear_short(net)
    return net


def _solved(name: str, problem: Problem, solver: str) -> dict[str, float]:
    gross = sum(each.owed for each in problem.debts)
    cleared, took = _timed(lambda: netting.solve(problem, solver))
    for firm, told in netting.figures(problem.debts, cleared).items():
        room = problem.rooms.get(firm, Room(0, 0))
        assert -room.down <= told.delta <= room.up
    assert all(0 < cleared.get(each.no, 1) <= each.most for each in problem.debts)
    return {f"{name}_share": sum(cleared.values()) / gross, f"{name}_s": took}


def _timed(act: Callable[[], T]) -> tuple[T, float]:
    begun = time.perf_counter()
    found = act()
    return found, time.perf_counter() - begun


if __name__ == "__main__":
    for key, figure in measure().items():
        print(f"{key:<28}{figure:>10.3f}")
