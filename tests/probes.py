"""Coverage by probes: the product's modules are compiled with marks that cost almost nothing.

Python 3.11 has but one way to trace, and it slows every line of every package to less than
half. A probe is one store into a common array, before each statement and behind each way out of
a branch. At the end they are told to coverage.py as if it had traced, and it judges by its rules.

A pytest plugin for ``-p``: it must come before the first import of the product. The array is a
file in memory beside COVERAGE_FILE: forks share it, and so do the programs that tests start,
which find their probes by ``probed/sitecustomize.py``.
"""

from __future__ import annotations

import ast
import marshal
import mmap
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from coverage import CoverageData
from coverage.parser import PythonParser

from tests.probed.probing import SEEN, Finder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import CodeType

PACKAGE = "incubator"
# What every program of the run imports, and where it finds its probes.
PROBED, SHARED = Path(__file__).with_name("probed"), "PROBES_OF_TESTS"
# How many probes there may be.
MOST = 1 << 20
NOWHERE = -1
NAME = "probes at work"

# A line that was run; or a branch (its line, the first of its body, whether it went there).
Mark = int | tuple[int, int, bool]


def lines(node: ast.stmt) -> list[int]:
    """Where coverage.py sees a statement: at its decorators too."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return sorted({node.lineno, *(each.lineno for each in decorators)})


class Prober(ast.NodeTransformer):
    """Writes probes into a module; ``marks`` says what each stands for, counted from ``first``."""

    def __init__(self, first: int = 0) -> None:
        self.first, self.marks = first, list[tuple[Mark, ...]]()

    def probe(self, where: ast.stmt, *marks: Mark) -> ast.stmt:
        """A new probe at a place."""
        number = self.first + len(self.marks)
        self.marks.append(marks)
        array = ast.Name(SEEN, ast.Load())
        spot = ast.Subscript(array, ast.Constant(number), ast.Store())
        made = ast.Assign([spot], ast.Constant(1))
        for node in ast.walk(made):
            ast.copy_location(node, where)
        return made

    def block(self, body: list[ast.stmt], *marks: Mark) -> list[ast.stmt]:
        """A probe before each statement; the first tells these marks too."""
        done: list[ast.stmt] = []
        late: list[ast.stmt] = []
        for statement in body:
            probe = self.probe(statement, *lines(statement), *marks)
            marks = ()
            visited = self.visit(statement)
            if _must_be_first(statement, body):
                done.append(visited)
                late.append(probe)
            else:
                done += [*late, probe, visited]
                late = []
        return done + late

    def branch(self, node: Any) -> Any:
        """What an ``if`` or a loop leads to."""
        line, into = node.lineno, lines(node.body[0])[0]
        node.body = self.block(node.body, (line, into, True))
        aside = (line, into, False)
        node.orelse = self.block(node.orelse, aside) or [self.probe(node, aside)]
        return node

    visit_If = visit_For = visit_While = branch  # noqa: N815 - names of ast

    def visit_Match(self, node: ast.Match) -> ast.Match:
        """A case that fits says that none before it did."""
        before: list[Mark] = []
        for case in node.cases:
            line, into = case.pattern.lineno, lines(case.body[0])[0]
            case.body = self.block(case.body, *before, line, (line, into, True))
            before += [line, (line, into, False)]
        last = node.cases[-1]
        if last.guard or not isinstance(last.pattern, ast.MatchAs) or last.pattern.pattern:
            node.cases.append(ast.match_case(ast.MatchAs(), None, [self.probe(node, *before)]))
            ast.fix_missing_locations(ast.copy_location(node.cases[-1].pattern, node))
        return node

    def visit_Try(self, node: ast.Try) -> ast.Try:
        """A handler that fits was asked after those before it."""
        node.body = self.block(node.body)
        asked: list[Mark] = []
        for handler in node.handlers:
            asked.append(handler.lineno)
            handler.body = self.block(handler.body, *asked)
        node.orelse, node.finalbody = self.block(node.orelse), self.block(node.finalbody)
        return node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Functions, classes, ``with``: their body."""
        if isinstance(getattr(node, "body", None), list):
            node.body = self.block(node.body)  # type: ignore[attr-defined]
        return node


def _must_be_first(statement: ast.stmt, body: list[ast.stmt]) -> bool:
    """A docstring and ``from __future__`` stand before everything else."""
    docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
    return future or (docstring and statement is body[0])


def instrumented(source: str, name: str, first: int) -> tuple[ast.Module, list[tuple[Mark, ...]]]:
    """A module with probes, and what they stand for."""
    prober = Prober(first)
    tree = ast.parse(source, name)
    tree.body = prober.block(tree.body)
    return tree, prober.marks


def arcs(source: str, marks: Iterable[Mark]) -> set[tuple[int, int]]:
    """What coverage.py would have traced, were these marks all that was run."""
    parser = PythonParser(text=source or "\n")
    parser.parse_source()
    ways: dict[int, set[int]] = {}
    for line, led in parser.arcs():
        ways.setdefault(line, set()).add(led)
    found = set()
    for mark in marks:
        if isinstance(mark, int):
            found.add((NOWHERE, mark))
        elif mark[2]:
            found.add(mark[:2])
        else:
            line, into, _ = mark
            found |= {(line, led) for led in ways[line] - {parser.first_line(into)}}
    return found


@dataclass
class Probed:
    """A module's file with its code and what its probes stand for."""

    source: str
    code: CodeType
    first: int
    marks: list[tuple[Mark, ...]]


class Probes(Finder):
    """Finds the modules of a package and gives them probes; ``folder`` is what programs share."""

    def __init__(self, package: str, root: Path, folder: Path) -> None:
        array = folder / "array"
        array.write_bytes(bytes(MOST))
        with array.open("r+b") as file:
            self.array = mmap.mmap(file.fileno(), 0)
        super().__init__(package, self.array, lambda file: self.probed(Path(file)).code)
        self.root, self.folder, self._used = root, folder, 0
        self.files: dict[Path, Probed] = {}

    def probed(self, file: Path) -> Probed:
        """A file with probes; the same in all forks of a process that asked for it."""
        if file not in self.files:
            source = file.read_text("utf-8")
            tree, marks = instrumented(source, str(file), self._used)
            code = compile(tree, str(file), "exec", dont_inherit=True)
            self.files[file] = Probed(source, code, self._used, marks)
            self._used += len(marks)
            assert self._used <= MOST
        return self.files[file]

    def share(self) -> None:
        """Give probes to what is yet to be imported, so that all processes agree on them."""
        for file in sorted((self.root / self.package).rglob("*.py")):
            self.probed(file)
        codes = {str(file): one.code for file, one in self.files.items()}
        (self.folder / "codes").write_bytes(marshal.dumps((self.package, codes)))
        path = filter(None, (str(PROBED), os.environ.get("PYTHONPATH")))
        os.environ |= {SHARED: str(self.folder), "PYTHONPATH": os.pathsep.join(path)}

    def rest(self) -> None:
        """Let probes be lost from now on, here and in programs that are started."""
        self.count(bytearray(MOST))
        os.environ.pop(SHARED, None)

    def write(self, file: Path) -> None:
        """Tell coverage.py what was run, in a file of its own kind."""
        data = CoverageData(str(file))
        for path, one in self.files.items():
            seen = (marks for n, marks in enumerate(one.marks, one.first) if self.array[n])
            name = path.relative_to(self.root).as_posix()
            data.add_arcs({name: arcs(one.source, {mark for marks in seen for mark in marks})})
            data.touch_file(name)
        data.write()


class Plugin:
    """What pytest calls: from before the first import to the end of the last fork."""

    def __init__(self, data: Path) -> None:
        self.pid, self.data = os.getpid(), data
        folder = data.with_name("probes")
        folder.mkdir()
        self.probes = Probes(PACKAGE, Path.cwd(), folder)
        sys.meta_path.insert(0, self.probes)

    def pytest_collection_finish(self) -> None:
        self.probes.share()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """Tests marked ``no_cover`` do not count."""
        if item.get_closest_marker("no_cover") is None:
            return (yield)
        before, shared = self.probes.counted, os.environ.get(SHARED)
        self.probes.rest()
        try:
            return (yield)
        finally:
            self.probes.count(before)
            os.environ |= {SHARED: shared} if shared else {}

    def pytest_sessionfinish(self) -> None:
        """The first process has the last word: its forks are over."""
        if os.getpid() == self.pid:
            self.probes.write(self.data.with_name(".coverage.probes"))


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Begin before anything of the product is imported."""
    early_config.pluginmanager.register(Plugin(Path(os.environ["COVERAGE_FILE"])), NAME)
