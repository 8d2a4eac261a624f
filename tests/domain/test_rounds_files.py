"""The file of a round: whoever changes a cent of it is found out, by anybody and without us."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from incubator.domain.exchanges.rounds import files, netting, rules
from incubator.domain.exchanges.rounds.netting import CIRCLES, OPTIMUM, Debt, Problem, Room
from tests.domain.test_rounds_netting import DEBTS, ROOMS

NO_FILE = ["this is no file of a round of netting"]


def a_file(problem: Problem, solver: str = OPTIMUM) -> str:
    told = {
        "round": 7,
        "cutoff": "2026-11-12",
        "mode": rules.CREDIT if problem.rooms else rules.PURE,
        "seed": problem.seed,
        "solver": solver,
        "solver_version": netting.version_of(solver),
    }
    return files.file_of(told, *netting.narrowed(problem, solver))


def sealed_anew(document: dict[str, Any]) -> str:
    """The file of somebody who changed it and knows how fingerprints are made."""
    told = {name: value for name, value in document.items() if name != "sha256"}
    asked = {"mode": document["mode"], "seed": document["seed"]}
    asked |= {name: [line[:-1] for line in document[name]] for name in ("debts", "firms")}
    told["input_sha256"] = rules.fingerprint(asked)
    return rules.canonical({**told, "sha256": rules.fingerprint(told)})


RING = Problem(
    debts=(Debt(1, 1, 2, 900, 900), Debt(2, 2, 3, 1200, 1200), Debt(3, 3, 1, 1000, 950)), seed=4
)
CHAIN = Problem(
    debts=(Debt(1, 1, 2, 900, 900), Debt(2, 2, 3, 800, 800)),
    seed=4,
    rooms={1: Room(500, 0), 3: Room(0, 500)},
)
BOTH = pytest.mark.parametrize("problem", [RING, CHAIN], ids=["pure", "credit"])


@given(debts=DEBTS, rooms=ROOMS, seed=st.integers(0, 9), solver=st.sampled_from([CIRCLES, OPTIMUM]))
def test_a_round_as_it_was_computed_is_well_and_solved_again_the_same(
    debts, rooms, seed, solver
) -> None:
    text = a_file(Problem(debts=debts, seed=seed, rooms=rooms), solver)
    assert files.faults(text) == []
    assert files.solved_again(text) == []


def numbers_of(document: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to every number of a document."""
    if isinstance(document, dict):
        return [one for key, value in document.items() for one in numbers_of(value, (*way, key))]
    if isinstance(document, list):
        return [one for n, value in enumerate(document) for one in numbers_of(value, (*way, n))]
    return [way] if isinstance(document, int) else []


def changed(document: Any, way: tuple[Any, ...], by: int) -> None:
    for step in way[:-1]:
        document = document[step]
    document[way[-1]] += by


@BOTH
@given(data=st.data())
def test_no_number_of_a_file_can_be_changed(problem, data) -> None:
    document = json.loads(a_file(problem))
    way = data.draw(st.sampled_from(numbers_of(document)))
    by = data.draw(st.integers(-1000, 1000).filter(bool))
    changed(document, way, by)
    assert files.faults(json.dumps(document))


@BOTH
@given(data=st.data())
def test_a_cent_cleared_otherwise_is_found_though_the_file_is_sealed_anew(problem, data) -> None:
    document = json.loads(a_file(problem))
    place = data.draw(st.integers(0, len(document["debts"]) - 1))
    document["debts"][place][-1] += data.draw(st.sampled_from([-1, 1]))
    assert files.faults(sealed_anew(document))


@BOTH
def test_a_file_sealed_anew_and_unchanged_is_well(problem) -> None:
    assert files.faults(sealed_anew(json.loads(a_file(problem)))) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d["debts"][0].__setitem__(5, -1), "debt 1: more is cleared than may be"),
        (lambda d: d["debts"][0].__setitem__(4, 901), "debt 1: more is cleared than may be"),
        (lambda d: d["debts"][0].__setitem__(2, 1), "debt 1: more is cleared than may be"),
        (lambda d: d["debts"][1].__setitem__(0, 1), "a number stands for two"),
        (lambda d: d["firms"][0].__setitem__(3, -501), "firm 1: its account moves further"),
        (lambda d: d["firms"][0].__setitem__(3, -499), "firm 1: -1 cents too much"),
        (lambda d: d["firms"][1].__setitem__(0, 1), "a number stands for two"),
    ],
)
def test_each_fault_is_told_in_a_line(change, words) -> None:
    document = json.loads(a_file(CHAIN))
    change(document)
    assert any(line.startswith(words) for line in files.faults(sealed_anew(document)))


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.pop("seed"),
        lambda d: d.update(more=1),
        lambda d: d.update(format="incubator-netting-2"),
        lambda d: d.update(mode="free"),
        lambda d: d.update(solver="guess"),
        lambda d: d.update(seed="4"),
        lambda d: d.update(debts={}),
        lambda d: d["debts"][0].append(1),
        lambda d: d["debts"][0].__setitem__(5, 1.0),
        lambda d: d["debts"][0].__setitem__(5, True),
        lambda d: d.update(firms=[[1, 0, 0, 0]]),
    ],
)
def test_what_is_no_file_of_a_round_is_told_so(change) -> None:
    document = json.loads(a_file(RING))
    change(document)
    assert files.faults(sealed_anew({"seed": 0, **document}) if "seed" in document else "{}") == (
        NO_FILE
    )


@pytest.mark.parametrize("text", ["", "[]", "1", "nothing", "[" * 100_000, '{"seed":1,"seed":1}'])
def test_what_is_no_document_is_told_so(text) -> None:
    assert files.faults(text) == NO_FILE


def test_a_name_written_twice_is_no_file() -> None:
    text = a_file(RING)
    assert files.faults(text.replace('"seed":4', '"seed":5,"seed":4')) == NO_FILE


def test_another_solution_than_the_solvers_is_told_with_both_sums() -> None:
    document = json.loads(a_file(RING))
    for debt in document["debts"]:
        debt[-1] = 800
    text = sealed_anew(document)
    assert files.faults(text) == []
    assert files.solved_again(text)[0] == "debt 1: 800 cents are cleared, the solver says 900"


def test_a_solver_that_is_not_here_is_told() -> None:
    document = json.loads(a_file(RING))
    document["solver_version"] = "1.0"
    assert files.solved_again(sealed_anew(document)) == ["optimum 1.0 is not installed here"]


@given(
    before=st.tuples(st.integers(0, 9), st.integers(0, 9)),
    told=st.tuples(st.integers(0, 9), st.integers(0, 9)),
)
def test_whoever_agreed_to_more_agreed_to_less_and_never_to_another_way(before, told) -> None:
    first = rules.Shown(*before, before[1] - before[0])
    then = rules.Shown(*told, told[1] - told[0])
    assume(rules.within(then, first))
    assert then.payables <= first.payables
    assert then.receivables <= first.receivables
    assert then.delta * first.delta >= 0
    assert abs(then.delta) <= abs(first.delta)
