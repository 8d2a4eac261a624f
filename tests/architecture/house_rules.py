"""The rules of the house that no tool knows, each a function from syntax to findings."""

from __future__ import annotations

import ast
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}
WAITS = {"sleep", "wait_for_timeout"}
SUPPRESSION = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma:\s*no|nosec|mypy:|pyright:|djlint:)")
EXPLAINED = re.compile(
    r"#\s*(?:noqa: [A-Z]+\d+(?:, ?[A-Z]+\d+)*|type: ignore\[[\w, -]+\])"
    r"(?:\s+#\s*type: ignore\[[\w, -]+\])?(?:\s+[-#]+\s+\w.*)$"
)


def functions(tree: ast.Module) -> Iterator[Function]:
    """Every function and method of a module."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def length(function: Function) -> int:
    """Lines from ``def`` to the last one."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def body_length(function: Function) -> int:
    """Lines of the body, its docstring left out."""
    first = function.body[0]
    told = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    body = function.body[1:] if told else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def tests(tree: ast.Module) -> Iterator[Function]:
    """The test functions of a module."""
    return (one for one in functions(tree) if one.name.startswith("test_"))


def called(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call with the last part of the name it calls."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.func.attr, node
            elif isinstance(node.func, ast.Name):
                yield node.func.id, node


def calls_of(names: set[str], place: str, tree: ast.Module) -> Iterator[str]:
    """Where a module calls something of one of these names."""
    for name, node in called(tree):
        if name in names and not _is_super(node.func):
            yield f"{place}:{node.lineno}: calls {name}()"


def _is_super(target: ast.expr) -> bool:
    """Whether a call hands on to the parent class, as a transport must."""
    value = target.value if isinstance(target, ast.Attribute) else None
    return isinstance(value, ast.Call) and getattr(value.func, "id", "") == "super"


def late_imports(place: str, tree: ast.Module) -> Iterator[str]:
    """Imports inside functions: they hide a cycle."""
    for function in functions(tree):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield f"{place}:{node.lineno}: an import inside {function.name}()"


def shapeless_names(place: str) -> Iterator[str]:
    """Files and folders whose name says nothing."""
    for part in PurePosixPath(place).parts:
        stem = part.partition(".")[0]
        if BANNED_NAMES & set(re.split(r"[_-]", stem.lower())):
            yield f"{place}: the name {part} says nothing"


def suppressions(place: str, text: str) -> Iterator[str]:
    """Lines on which a check is told to be silent."""
    for number, line in enumerate(text.splitlines(), 1):
        if SUPPRESSION.search(line):
            yield f"{place}:{number}: {line.strip()}"


def unexplained(findings: Iterable[str]) -> list[str]:
    """Of these suppressions, those without a code or a reason."""
    return [finding for finding in findings if not EXPLAINED.search(finding)]
