"""Documents: every setting and every command is explained, decisions are short."""

from __future__ import annotations

import dataclasses
import re

import pytest

from incubator.cli.main import main
from incubator.kernel.settings import Settings
from tests.architecture.tree import ROOT, nothing

DOCS = ROOT / "docs"
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def named(text: str) -> set[str]:
    """The names in code type that a table row or a heading of a page begins with."""
    return set(re.findall(r"^(?:\| *|#+ *)`(?:incubator )?([\w-]+)", text, re.MULTILINE))


def test_every_setting_is_explained() -> None:
    # Where the folder lies is said by its place.
    known = {one.name for one in dataclasses.fields(Settings)} - {"instance_dir"}
    assert named((DOCS / "CONFIGURATION.md").read_text("utf-8")) == known


def test_every_command_is_explained_with_its_options() -> None:
    text = (DOCS / "COMMANDS.md").read_text("utf-8")
    assert named(text) == set(main.commands)
    options = {
        option
        for command in main.commands.values()
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--")
    }
    assert {option for option in options if f"`{option}" not in text} == set()


@pytest.mark.parametrize("page", ["HOURS.md", "DIRECTORY.md", "HELP.md", "EXCHANGES.md"])
def test_every_proof_that_a_page_names_is_a_test(page: str) -> None:
    text = (DOCS / page).read_text("utf-8")
    named_there = re.findall(r"`(\w+)`", text.split("\n## ", 1)[1])
    known = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def test_(\w+)", path.read_text("utf-8"), re.MULTILINE)
    }
    nothing(name for name in named_there if name not in known)


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_is_numbered_titled_and_short(path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert re.fullmatch(r"\d{4}-[a-z0-9-]+", path.stem)
    assert lines[0].startswith("# ")
    assert len(lines) <= 25


def test_decisions_are_numbered_once_each() -> None:
    numbers = [path.stem[:4] for path in DECISIONS]
    assert len(set(numbers)) == len(numbers)


def test_every_link_between_documents_leads_somewhere() -> None:
    pages = [*DOCS.rglob("*.md"), *ROOT.glob("*.md"), *(ROOT / "incubator/guide").rglob("*.md")]
    nothing(
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in LINK.findall(page.read_text("utf-8"))
        if not (page.parent / target).exists()
    )


def test_the_rules_read_names_from_rows_and_headings() -> None:
    text = "| `one` | x |\n## `incubator two FILE`\ntext `three`\n| `four-five FILE` |"
    assert named(text) == {"one", "two", "four-five"}
    assert LINK.findall("[a](b.md#c) [d](https://e) [f](#g)") == ["b.md"]
