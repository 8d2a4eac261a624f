"""The contracts on imports: kept by the code, and each able to fail."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGE, ROOT

LINT = (str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache")
# One wrong import for each contract: the file it is written into, and what it imports.
PLANTS = {
    "layers": ("kernel/planted.py", "incubator.network.sites"),
    "network": ("network/sites/planted.py", "incubator.network.members"),
    "domain-independence": ("domain/help/planted.py", "incubator.domain.chat"),
    "blueprint-independence": ("blueprints/help/planted.py", "incubator.blueprints.chat"),
    "no-web-below": ("domain/chat/planted.py", "flask"),
    "no-sql-above": ("edge/planted.py", "sqlalchemy"),
    "pure-rules": ("domain/help/rules.py", "flask_sqlalchemy"),
    "edge-below-features": ("edge/planted.py", "incubator.reactions"),
    "live": ("blueprints/chat/planted.py", "incubator.reactions.live"),
    "no-cycles": ("kernel/hours.py", "incubator.kernel.planted"),
}


def contracts() -> dict[str, str]:
    """The contracts of pyproject.toml: id to name."""
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return {one["id"]: one["name"] for one in stated["tool"]["importlinter"]["contracts"]}


def lint(folder: Path) -> str:
    done = subprocess.run(LINT, cwd=folder, capture_output=True, text=True, check=False)
    return f"{done.stdout}{done.stderr}"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says of a copy of the package with every wrong import in it."""
    folder = tmp_path_factory.mktemp("planted")
    others = shutil.ignore_patterns("static", "templates", "translations", "__pycache__")
    shutil.copytree(PACKAGE, folder / "incubator", ignore=others)
    shutil.copy(ROOT / "pyproject.toml", folder)
    for place, target in PLANTS.values():
        path = folder / "incubator" / place
        old = path.read_text("utf-8") if path.exists() else ""
        path.write_text(f"{old}\nimport {target}\n", "utf-8")
    planted = folder / "incubator/kernel/planted.py"
    planted.write_text(planted.read_text("utf-8") + "import incubator.kernel.hours\n", "utf-8")
    return lint(folder)


def test_the_code_keeps_every_contract() -> None:
    said = lint(ROOT)
    assert re.search(r"Contracts: \d+ kept, 0 broken", said), said


def test_every_contract_has_an_example_that_breaks_it() -> None:
    assert PLANTS.keys() == contracts().keys()


@pytest.mark.parametrize("contract", sorted(PLANTS))
def test_a_wrong_import_breaks_its_contract(report: str, contract: str) -> None:
    assert f"{contracts()[contract]} BROKEN" in report
