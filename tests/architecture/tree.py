"""What the rules look at: the files of the project and their syntax."""

from __future__ import annotations

import ast
import functools
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "incubator"
TESTS = ROOT / "tests"
TEMPLATES = PACKAGE / "templates"
TRANSLATIONS = PACKAGE / "translations"


@functools.cache
def tracked() -> tuple[Path, ...]:
    """The files that are in git or about to be, relative to the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = listed.stdout.decode().split("\0")
    return tuple(Path(name) for name in sorted(names) if name and (ROOT / name).is_file())


def place(path: Path) -> str:
    """How a finding names a file."""
    return path.relative_to(ROOT).as_posix() if path.is_absolute() else path.as_posix()


@functools.cache
def modules(folder: Path = PACKAGE) -> dict[str, ast.Module]:
    """The syntax of every module below ``folder``, by its place in the tree."""
    return {
        place(path): ast.parse(path.read_text("utf-8"), str(path))
        for path in sorted(folder.rglob("*.py"))
    }


def nothing(findings: Iterable[str]) -> None:
    """Fail with every finding on a line of its own."""
    found = list(findings)
    assert not found, "\n" + "\n".join(found)


def percentile(numbers: list[int], share: float) -> int:
    """The number that ``share`` of all do not exceed; 0 of none."""
    return sorted(numbers)[max(0, -(-int(len(numbers) * share * 100) // 100) - 1)] if numbers else 0
