"""What a first page weighs, as gzip carries it: the budget of docs/decisions/0004."""

import gzip
import re
from pathlib import Path

import pytest

import incubator

STATIC = Path(incubator.__file__).parent / "static"
KILO = 1000
BUDGETS = {  # kB
    "css/**/*.css": 18,
    "js/app.js js/lib/*.js js/ui/*.js": 8,
    "vendor/*.woff2": 40,
    "vendor/socket.io.esm.min.js": 13,
}
IMPORT = re.compile(r'(?:from|import) "(\.[^"]+)";')


def weight(patterns):
    files = [path for pattern in patterns.split() for path in STATIC.glob(pattern)]
    return sum(len(gzip.compress(path.read_bytes(), mtime=0)) for path in files) / KILO


@pytest.mark.parametrize(("patterns", "most"), BUDGETS.items())
def test_each_part_of_a_page_keeps_to_its_weight(patterns, most):
    assert 0 < weight(patterns) <= most


def test_every_module_imports_files_that_exist():
    for module in (STATIC / "js").rglob("*.js"):
        for target in IMPORT.findall(module.read_text(encoding="utf-8")):
            assert (module.parent / target).is_file(), f"{module.name}: {target}"


def test_text_becomes_html_in_one_module_only():
    makers = {
        module.name
        for module in (STATIC / "js").rglob("*.js")
        if re.search(r"createPolicy|DOMParser|innerHTML|insertAdjacentHTML", module.read_text())
    }
    assert makers == {"swap.js"}


def test_every_file_that_a_stylesheet_names_exists():
    for sheet in (STATIC / "css").rglob("*.css"):
        for target in re.findall(r'url\("([^"]+)"\)', sheet.read_text(encoding="utf-8")):
            assert (sheet.parent / target).is_file(), f"{sheet.name}: {target}"
