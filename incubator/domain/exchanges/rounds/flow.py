"""The most that can be netted: a circulation of greatest value, by OR-Tools where it is installed.

Pure. An optional extra of the project (`netting`): without it ``circles`` does what it can.
"""

from __future__ import annotations

from importlib import import_module, metadata
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incubator.domain.exchanges.rounds.circles import Pair

# A cleared cent is worth more than any way through the ledger, and a short way than a long one.
DEBT_COST, LEDGER_COST = -1000, 1


class NoOptimum(RuntimeError):
    """The solver gave no answer: more cents than it can count."""


def version() -> str | None:
    """Which OR-Tools is installed; None where there is none."""
    return metadata.version("ortools") if find_spec("ortools") else None


def most(owed: Mapping[Pair, int], rooms: Mapping[int, tuple[int, int]]) -> dict[Pair, int]:
    """The cents to clear of each debt by (debtor, creditor), as much as can be in all.

    ``rooms`` says by how many cents a firm's ledger account may fall and rise; a firm that is
    not named clears as much as it is owed. Firms are numbers from 1 on. Raise NoOptimum.
    """
    solver = import_module("ortools.graph.python.min_cost_flow").SimpleMinCostFlow()
    arcs = {
        solver.add_arc_with_capacity_and_unit_cost(debtor, creditor, cents, DEBT_COST): pair
        for pair, cents in owed.items()
        for debtor, creditor in [pair]
        if cents > 0
    }
    for firm, (down, up) in rooms.items():
        solver.add_arc_with_capacity_and_unit_cost(0, firm, down, LEDGER_COST)
        solver.add_arc_with_capacity_and_unit_cost(firm, 0, up, LEDGER_COST)
    if arcs and solver.solve() != solver.OPTIMAL:
        raise NoOptimum
    flows = {pair: int(solver.flow(arc)) for arc, pair in arcs.items()}
    return {pair: cents for pair, cents in flows.items() if cents}
