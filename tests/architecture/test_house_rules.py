"""Sizes, single places and names: the rules of docs/ARCHITECTURE.md that a machine can see."""

from __future__ import annotations

import ast

import pytest

from tests.architecture import house_rules as rules
from tests.architecture.tree import PACKAGE, ROOT, TESTS, modules, nothing, percentile, tracked

COMMITS = "incubator/kernel/db.py"
EMITS = "incubator/reactions/live"
BAD = ast.parse(
    """
def late():
    import json
    db.session.commit()
    socketio.emit("x")
    return super().emit("x")
"""
)
# The crowd of the torture: people pause before they speak, and servers stay away for a while.
PEOPLE = "tests/torture/"


def longer_than(limit: int, sizes: dict[str, int]) -> list[str]:
    return [f"{place}: {size} lines" for place, size in sizes.items() if size > limit]


def function_sizes() -> dict[str, int]:
    return {
        f"{place}:{function.lineno} {function.name}": rules.length(function)
        for place, tree in modules().items()
        for function in rules.functions(tree)
    }


def module_sizes() -> dict[str, int]:
    return {place: len((ROOT / place).read_text("utf-8").splitlines()) for place in modules()}


def test_a_function_has_at_most_45_lines_and_most_have_22() -> None:
    sizes = function_sizes()
    assert not longer_than(45, sizes)
    assert percentile(list(sizes.values()), 0.9) <= 22


def test_a_module_has_at_most_400_lines_and_most_have_200() -> None:
    sizes = module_sizes()
    assert not longer_than(400, sizes)
    assert percentile(list(sizes.values()), 0.9) <= 200


def test_only_the_kernel_commits() -> None:
    elsewhere = {place: tree for place, tree in modules().items() if place != COMMITS}
    nothing(
        found
        for place, tree in elsewhere.items()
        for found in rules.calls_of({"commit"}, place, tree)
    )


def test_only_live_emits() -> None:
    elsewhere = {p: tree for p, tree in modules().items() if not p.startswith(EMITS)}
    nothing(
        found
        for place, tree in elsewhere.items()
        for found in rules.calls_of({"emit"}, place, tree)
    )


def test_no_import_hides_in_a_function() -> None:
    nothing(found for place, tree in modules().items() for found in rules.late_imports(place, tree))


def test_every_name_says_something() -> None:
    nothing(found for path in tracked() for found in rules.shapeless_names(path.as_posix()))


def test_checks_are_rarely_silenced_and_never_without_a_reason() -> None:
    texts = {path: path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py"))}
    found = [
        line
        for path, text in texts.items()
        for line in rules.suppressions(path.relative_to(ROOT).as_posix(), text)
    ]
    lines = sum(len(text.splitlines()) for text in texts.values())
    assert not rules.unexplained(found)
    assert len(found) <= -(-lines // 1000), "\n".join(found)


def test_most_tests_fit_in_20_lines() -> None:
    sizes = [
        rules.body_length(test) for tree in modules(TESTS).values() for test in rules.tests(tree)
    ]
    assert percentile(sizes, 0.9) <= 20


def test_no_test_waits_for_the_clock() -> None:
    nothing(
        found
        for place, tree in modules(TESTS).items()
        if not place.startswith(PEOPLE)
        for found in rules.calls_of(rules.WAITS, place, tree)
    )


def test_the_rules_see_a_commit_an_emit_and_a_late_import() -> None:
    assert list(rules.calls_of({"commit"}, "x.py", BAD)) == ["x.py:4: calls commit()"]
    assert list(rules.calls_of({"emit"}, "x.py", BAD)) == ["x.py:5: calls emit()"]
    assert list(rules.late_imports("x.py", BAD)) == ["x.py:3: an import inside late()"]


@pytest.mark.parametrize("place", ["a/utils.py", "a/date_helpers.py", "common/x.css"])
def test_the_rules_see_a_name_that_says_nothing(place: str) -> None:
    assert list(rules.shapeless_names(place))


def test_the_rules_see_a_silenced_check() -> None:
    text = "x = 1  # noqa: S101 - the example\ny = 2  # type: ignore\nz = 3  # noqa\n"
    found = list(rules.suppressions("x.py", text))
    assert len(found) == 3
    assert rules.unexplained(found) == found[1:]


def test_the_rules_see_length_and_waiting() -> None:
    tree = ast.parse('def test_x(page):\n    "says"\n    page.wait_for_timeout(5)\n    sleep(1)\n')
    (test,) = rules.tests(tree)
    assert (rules.length(test), rules.body_length(test)) == (4, 2)
    assert len(list(rules.calls_of(rules.WAITS, "x.py", tree))) == 2
    assert longer_than(3, {"x": 4, "y": 3}) == ["x: 4 lines"]


def test_a_percentile_is_a_size_that_occurs() -> None:
    assert percentile(list(range(1, 11)), 0.9) == 9
    assert percentile([7], 0.9) == 7
    assert percentile([], 0.9) == 0
