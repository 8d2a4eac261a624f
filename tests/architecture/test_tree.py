"""The tree: what lies at its top, how big files are, and what must never be committed."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, nothing, tracked

TOP = {
    *{".ci", ".editorconfig", ".gitignore", "CHANGELOG.md", "LICENSE", "Makefile", "README.md"},
    *{"bench", "bin", "docs", "frontend", "incubator", "instance", "migrations", "pyproject.toml"},
    *{"requirements", "ruff.toml", "tests", "typings", "wsgi.py"},
}
LARGEST = 500_000
TEXT = {".css", ".cfg", ".html", ".ini", ".js", ".json", ".mako", ".md", ".po", ".py", ".pyi"}
TEXT |= {"", ".sh", ".svg", ".toml", ".txt", ".yml", ".yaml", ".csv"}
# Split, so that this file does not name what it forbids.
HOSTS = ["pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "npmjs" + ".com"]
HOSTS += ["debian" + ".org/debian", "yarnpkg" + ".com"]
PATHS = ["/" + name for name in ("work/", "root/", "opt/wheels", "opt/pypi", "etc/xdg/pip")]
FORBIDDEN = re.compile(
    "|".join(re.escape(one) for one in HOSTS)
    + "|"
    + "|".join(rf"(?<![\w.]){re.escape(one)}" for one in PATHS)
)
PIN = re.compile(r'[a-z0-9.-]+==[\w.]+(?: ; python_(?:full_)?version [<>=]+ "[\d.]+")? \\')
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")


def strangers(text: str) -> list[str]:
    """Registry addresses and paths of a machine that a text names."""
    return [line.strip()[:100] for line in text.splitlines() if FORBIDDEN.search(line)]


def odd_lines(lock: str) -> list[str]:
    """Lines of a lock that are neither a pin, nor a hash, nor a comment."""
    lines = [line for line in lock.splitlines() if not line.startswith("#")]
    return [line for line in lines if not PIN.fullmatch(line) and not HASH.fullmatch(line)]


def pinned(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9.-]+)==([\w.]+)", lock, re.MULTILINE))


def locks() -> dict[str, str]:
    return {path.stem: path.read_text("utf-8") for path in (ROOT / "requirements").glob("*.txt")}


def wanted() -> set[str]:
    """The packages that pyproject.toml names, spelt as the index does."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    stated = [one for group in groups for one in group]
    return {re.match(r"[\w.-]+", one)[0].lower().replace("_", "-") for one in stated}


def test_the_top_level_holds_what_it_should() -> None:
    assert {path.parts[0] for path in tracked()} <= TOP


def test_no_file_is_large() -> None:
    sizes = {path: (ROOT / path).stat().st_size for path in tracked()}
    assert not {str(path): size for path, size in sizes.items() if size > LARGEST}


def test_no_registry_and_no_machine_is_named() -> None:
    texts = [path for path in tracked() if path.suffix in TEXT]
    nothing(
        f"{path}: {line}" for path in texts for line in strangers((ROOT / path).read_text("utf-8"))
    )


def test_scripts_can_be_executed() -> None:
    scripts = [path for path in tracked() if path.parts[0] in {"bin", ".ci"}]
    nothing(str(path) for path in scripts if not os.access(ROOT / path, os.X_OK))


def test_instance_is_not_in_git() -> None:
    nothing(str(path) for path in tracked() if path.parts[0] == "instance" and path.suffix)


def test_a_lock_holds_versions_and_hashes_only() -> None:
    assert locks().keys() == {"run", "netting", "test", "check", "mutate"}
    assert not {name: odd for name, text in locks().items() if (odd := odd_lines(text))}


def test_the_locks_hold_every_package_once() -> None:
    names = [name for text in locks().values() for name in pinned(text)]
    assert len(names) == len(set(names))
    assert wanted() <= set(names)


def test_servers_that_break_the_transport_are_never_locked() -> None:
    assert not {"eventlet", "gevent-websocket"} & pinned("".join(locks().values())).keys()


@pytest.mark.parametrize("text", [f"https://{HOSTS[0]}/simple", f"see {PATHS[0]}main", HOSTS[2]])
def test_the_rules_see_a_registry_and_a_machine(text: str) -> None:
    assert strangers(f"first\n{text}\nlast")


@pytest.mark.parametrize(
    "text", ["https://example.org", "the network/accounts", "/home", "a/root/b"]
)
def test_the_rules_let_other_addresses_pass(text: str) -> None:
    assert not strangers(text)


@pytest.mark.parametrize(
    "line", ["--index-url x", "flask @ file:///x", "flask>=3 \\", "flask==3.1", "    --hash=md5:1"]
)
def test_the_rules_see_an_odd_line_in_a_lock(line: str) -> None:
    assert odd_lines(f"# made\nflask==3.1 \\\n    --hash=sha256:{'a' * 64}\n{line}\n") == [line]


def test_the_tree_is_read_from_git() -> None:
    assert Path("pyproject.toml") in tracked()
