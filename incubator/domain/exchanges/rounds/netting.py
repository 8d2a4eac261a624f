"""What a round of netting clears of each debt. Pure; amounts are whole cents of euros.

The same debts, seed and solver give the same round. Clearing only lowers debts, and leaves each
firm with as much less to pay as to receive, or with the difference that its ledger account takes.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from incubator.domain.exchanges.rounds import circles, flow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from incubator.domain.exchanges.rounds.circles import Pair

CIRCLES, OPTIMUM = "circles", "optimum"
SOLVERS: Final = (CIRCLES, OPTIMUM)
CIRCLES_VERSION: Final = "1"


class Debt(NamedTuple):
    """A debt of a round: ``most`` of what is ``owed`` may be cleared, in cents."""

    no: int
    debtor: int
    creditor: int
    owed: int
    most: int


class Room(NamedTuple):
    """By how many cents the ledger account of a firm may fall and rise."""

    down: int
    up: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """The debts of a round in the order of their numbers, and rooms where credit may help."""

    debts: tuple[Debt, ...]
    seed: int
    rooms: Mapping[int, Room] = field(default_factory=dict)


class Figures(NamedTuple):
    """What a firm has less to pay and less to receive, in cents."""

    payables: int = 0
    receivables: int = 0

    @property
    def delta(self) -> int:
        """What its ledger account rises by, or falls by below 0."""
        return self.receivables - self.payables


def best() -> str:
    """The best solver that is installed."""
    return OPTIMUM if flow.version() else CIRCLES


def version_of(solver: str) -> str | None:
    """Which version of a solver is installed; None where it is not."""
    return flow.version() if solver == OPTIMUM else CIRCLES_VERSION


def solve(problem: Problem, solver: str) -> dict[int, int]:
    """The cents cleared by number of debt, those of nothing left out; debts before later ones."""
    if solver == OPTIMUM:
        rooms = {firm: (room.down, room.up) for firm, room in _rooms(problem)}
        pairs = flow.most(by_pair(problem), rooms)
    else:
        pairs, _used = _in_circles(problem)
    return _shared(problem.debts, pairs)


def narrowed(problem: Problem, solver: str) -> tuple[Problem, dict[int, int]]:
    """A problem whose accounts go no further than a round needs, and what is cleared of it.

    As much as of the whole problem, and its solver says so again: whoever reads it learns by how
    much an account moved, and not how far it could have gone.
    """
    if not problem.rooms:
        return problem, solve(problem, solver)
    if solver == OPTIMUM:
        told = figures(problem.debts, solve(problem, solver))
        used = {firm: Room(max(0, -one.delta), max(0, one.delta)) for firm, one in told.items()}
    else:
        _pairs, used = _in_circles(problem)
    narrow = replace(problem, rooms={firm: room for firm, room in used.items() if any(room)})
    # Of several ways to clear as much, the one that the narrow problem gives is the one kept.
    return narrow, solve(narrow, solver)


def figures(debts: Iterable[Debt], cleared: Mapping[int, int]) -> dict[int, Figures]:
    """What each firm has less to pay and to receive, by its number."""
    pays: Counter[int] = Counter()
    gets: Counter[int] = Counter()
    for debt in debts:
        pays[debt.debtor] += cleared.get(debt.no, 0)
        gets[debt.creditor] += cleared.get(debt.no, 0)
    return {firm: Figures(pays[firm], gets[firm]) for firm in pays.keys() | gets.keys()}


def by_length(debts: Iterable[Debt], cleared: Mapping[int, int]) -> dict[int, int]:
    """The cents that are cleared in circles of two, three and four firms; 0 stands for the rest."""
    pairs: Counter[Pair] = Counter()
    for debt in debts:
        pairs[debt.debtor, debt.creditor] += cleared.get(debt.no, 0)
    found = circles.clear_short(circles.Net(pairs))
    return found | {0: sum(pairs.values()) - sum(found.values())}


def _rank(problem: Problem, firm: int) -> bytes:
    return hashlib.sha256(f"{problem.seed}:{firm}".encode()).digest()


def by_pair(problem: Problem) -> dict[Pair, int]:
    """Debts of a pair as one, in an order that the seed decides: no firm is always first."""
    summed: Counter[Pair] = Counter()
    for debt in problem.debts:
        summed[debt.debtor, debt.creditor] += debt.most
    ranks = {firm: _rank(problem, firm) for pair in summed for firm in pair}
    order = sorted(summed, key=lambda pair: (ranks[pair[0]], ranks[pair[1]]))
    return {pair: summed[pair] for pair in order}


def _rooms(problem: Problem) -> list[tuple[int, Room]]:
    return sorted(problem.rooms.items(), key=lambda item: _rank(problem, item[0]))


def _in_circles(problem: Problem) -> tuple[dict[Pair, int], dict[int, Room]]:
    """What circles clear, then the ledger; and how far each account went on the way."""
    owed = by_pair(problem)
    net = circles.Net(owed)
    circles.clear_short(net)
    circles.clear_long(net)
    return net.cleared, _by_credit(owed, net.cleared, problem.rooms)


def _by_credit(
    owed: Mapping[Pair, int], cleared: dict[Pair, int], rooms: Mapping[int, Room]
) -> dict[int, Room]:
    """Clear what no circle did by the ledger: who owes falls, who is owed rises."""
    left, least = dict(rooms), dict(rooms)
    for pair, cents in owed.items():
        payer, payee = (left.get(firm, Room(0, 0)) for firm in pair)
        more = min(cents - cleared.get(pair, 0), payer.down, payee.up)
        if more > 0:
            cleared[pair] = cleared.get(pair, 0) + more
            left[pair[0]] = Room(payer.down - more, payer.up + more)
            left[pair[1]] = Room(payee.down + more, payee.up - more)
            for firm in pair:
                least[firm] = Room(*map(min, least[firm], left[firm]))
    return {
        firm: Room(room.down - least[firm].down, room.up - least[firm].up)
        for firm, room in rooms.items()
    }


def _shared(debts: Iterable[Debt], pairs: Mapping[Pair, int]) -> dict[int, int]:
    """What a pair clears, taken from its debts in their order."""
    left, found = dict(pairs), {}
    for debt in debts:
        pair = (debt.debtor, debt.creditor)
        if cents := min(debt.most, left.get(pair, 0)):
            left[pair] -= cents
            found[debt.no] = cents
    return found
