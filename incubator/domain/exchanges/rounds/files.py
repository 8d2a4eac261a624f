"""The file of a round that anybody of the network may check, and what is wrong with one. Pure.

Firms and invoices are numbers that mean something in this round alone. ``debts`` are lines of
number, debtor, creditor, cents owed, cents that could be cleared at most, cents cleared; ``firms``
lines of number, cents by which its account may fall and rise, and by which it did (with credit
only): the round is solved within what it uses of accounts, so that the file tells of no balance.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from incubator.domain.exchanges.rounds import netting, rules
from incubator.domain.exchanges.rounds.netting import Debt, Problem, Room

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT: Final = "incubator-netting-1"
DEBT_WIDTH, FIRM_WIDTH = 6, 4
NAMES: Final = {
    "format", "round", "cutoff", "mode", "seed", "solver", "solver_version", "debts", "firms",
    "input_sha256", "sha256",
}  # fmt: skip


def file_of(told: Mapping[str, Any], problem: Problem, cleared: Mapping[int, int]) -> str:
    """A round as a file; ``told`` says its number, cut-off, mode, seed, solver and version."""
    deltas = netting.figures(problem.debts, cleared)
    debts = [[*debt, cleared.get(debt.no, 0)] for debt in problem.debts]
    firms = [
        [firm, *room, deltas[firm].delta if firm in deltas else 0]
        for firm, room in sorted(problem.rooms.items())
    ]
    document = {"format": FORMAT, **told, "debts": debts, "firms": firms}
    document["input_sha256"] = input_sha(told["mode"], problem)
    return rules.canonical({**document, "sha256": rules.fingerprint(document)})


def input_sha(mode: str, problem: Problem) -> str:
    """The fingerprint of all that a solver is given."""
    firms = [[firm, *room] for firm, room in sorted(problem.rooms.items())]
    asked = {"mode": mode, "seed": problem.seed, "debts": problem.debts, "firms": firms}
    return rules.fingerprint(asked)


def faults(text: str) -> list[str]:
    """Each thing that is wrong with a file, in a line; none is well."""
    try:
        document = json.loads(text, object_pairs_hook=_once_each)
        if not _is_shaped(document):
            return ["this is no file of a round of netting"]
    except (ValueError, RecursionError):
        return ["this is no file of a round of netting"]
    debts, firms = document["debts"], document["firms"]
    told = {name: value for name, value in document.items() if name != "sha256"}
    asked = {"mode": document["mode"], "seed": document["seed"]}
    asked |= {name: [line[:-1] for line in document[name]] for name in ("debts", "firms")}
    found = []
    if document["sha256"] != rules.fingerprint(told):
        found.append("the file is not the one that its fingerprint is of")
    if document["input_sha256"] != rules.fingerprint(asked):
        found.append("the debts are not those that their fingerprint is of")
    return found + _unjust(debts, firms)


def solved_again(text: str) -> list[str]:
    """What a file without faults clears otherwise than its solver does; none is well.

    A line too where that solver, or that version of it, is not installed here.
    """
    document = json.loads(text)
    version = netting.version_of(document["solver"])
    if version != document["solver_version"]:
        return [f"{document['solver']} {document['solver_version']} is not installed here"]
    problem = Problem(
        debts=tuple(Debt(*debt[:-1]) for debt in document["debts"]),
        seed=document["seed"],
        rooms={firm[0]: Room(firm[1], firm[2]) for firm in document["firms"]},
    )
    cleared = netting.solve(problem, document["solver"])
    return [
        f"debt {debt[0]}: {debt[-1]} cents are cleared, the solver says {cleared.get(debt[0], 0)}"
        for debt in document["debts"]
        if debt[-1] != cleared.get(debt[0], 0)
    ]


def _unjust(debts: list[list[int]], firms: list[list[int]]) -> list[str]:
    """What no round may do: clear more than is owed, or take from one what another gains."""
    found, net = [], Counter[int]()
    for no, debtor, creditor, owed, most, cleared in debts:
        if not 0 <= cleared <= most <= owed or debtor == creditor:
            found.append(f"debt {no}: more is cleared than may be")
        net[creditor] += cleared
        net[debtor] -= cleared
    for firm, down, up, delta in firms:
        if not -down <= delta <= up:
            found.append(f"firm {firm}: its account moves further than it may")
        net[firm] -= delta
    found += [f"firm {firm}: {cents} cents too much" for firm, cents in net.items() if cents]
    if len({debt[0] for debt in debts}) != len(debts) or len({f[0] for f in firms}) != len(firms):
        found.append("a number stands for two")
    return found


def _is_shaped(document: Any) -> bool:
    """Whether it has the lines of such a file, and whole numbers where cents are."""
    if not isinstance(document, dict) or document.keys() != NAMES or document["format"] != FORMAT:
        return False
    told = all(isinstance(document[name], list) for name in ("debts", "firms"))
    return (
        told
        and document["mode"] in rules.MODES
        and document["solver"] in netting.SOLVERS
        and all(_is_line(debt, DEBT_WIDTH) for debt in document["debts"])
        and all(_is_line(firm, FIRM_WIDTH) for firm in document["firms"])
        and _is_line([document["seed"], document["round"]], 2)
        and (document["mode"] == rules.CREDIT or not document["firms"])
    )


def _is_line(line: object, width: int) -> bool:
    return isinstance(line, list) and len(line) == width and all(type(one) is int for one in line)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("one name twice")
    return found
