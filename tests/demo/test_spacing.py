"""French signs of the demo hang on no-break spaces, in texts of data and of code alike."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from incubator import demo

if TYPE_CHECKING:
    from collections.abc import Iterator

DEMO = Path(demo.__path__[0])
LOOSE = re.compile(r" (?:[;!?»]|:(?!\w))|« ")


def told_in_code() -> Iterator[str]:
    """The texts that stand in the steps of the loader, without what explains the code."""
    for file in sorted(DEMO.glob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        explained = {docstring(node) for node in ast.walk(tree)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from () if node.value in explained else (node.value,)


def docstring(node: ast.AST) -> str | None:
    told = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
    return ast.get_docstring(node, clean=False) if told else None


def told_in_data(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from told_in_data(each)


def test_no_sign_of_the_demo_hangs_on_an_ordinary_space():
    files = sorted((DEMO / "data").rglob("*.toml"))
    texts = [*told_in_code(), *told_in_data([tomllib.loads(f.read_text("utf-8")) for f in files])]
    assert len(texts) > 2500
    assert [text for text in texts if LOOSE.search(text)] == []
