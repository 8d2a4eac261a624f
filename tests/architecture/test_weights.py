"""What a first page weighs, each file as gzip carries it: the budget of decision 0004."""

import gzip
import re
from pathlib import Path

import incubator

PACKAGE = Path(incubator.__file__).parent
STATIC = PACKAGE / "static"
EVERYWHERE = ("tokens.css", "base.css", "ui/controls.css", "ui/content.css")
IMPORT = re.compile(r'(?:from|import) "(\.[^"]+)";')
HTML_MAKERS = re.compile(r"createPolicy|DOMParser|innerHTML|outerHTML|insertAdjacentHTML")


def weight(*paths):
    """In kB."""
    return sum(len(gzip.compress(path.read_bytes(), mtime=0)) for path in paths) / 1000


def modules_from(entry, found=frozenset()):
    """A module and all it imports."""
    found |= {entry.resolve()}
    for target in IMPORT.findall(entry.read_text(encoding="utf-8")):
        path = (entry.parent / target).resolve()
        if path not in found:
            found = modules_from(path, found)
    return found


def test_the_styles_of_the_heaviest_page_keep_to_18_kilobytes():
    sheets = {path for path in (STATIC / "css").glob("*.css") if path.name not in EVERYWHERE}
    features = sorted((weight(path) for path in sheets), reverse=True)
    everywhere = weight(*(STATIC / "css" / name for name in EVERYWHERE))
    assert everywhere + sum(features[:2]) <= 18


def test_the_scripts_of_every_page_keep_to_8_kilobytes():
    assert weight(*modules_from(STATIC / "js" / "app.js")) <= 8


def test_the_fonts_keep_to_40_kilobytes():
    assert weight(*(STATIC / "vendor").glob("*.woff2")) <= 40


def test_the_chat_client_keeps_to_13_kilobytes():
    assert weight(STATIC / "vendor" / "socket.io.esm.min.js") <= 13


def test_the_layout_loads_the_styles_weighed_here():
    layout = (PACKAGE / "templates" / "layouts" / "base.html").read_text(encoding="utf-8")
    assert all(f'"{name.removesuffix(".css")}"' in layout for name in EVERYWHERE)


def test_every_module_imports_files_that_exist():
    for module in (STATIC / "js").rglob("*.js"):
        for target in IMPORT.findall(module.read_text(encoding="utf-8")):
            assert (module.parent / target).is_file(), f"{module.name}: {target}"


def test_text_becomes_html_in_one_module_only():
    modules = (STATIC / "js").rglob("*.js")
    makers = {m.name for m in modules if HTML_MAKERS.search(m.read_text(encoding="utf-8"))}
    assert makers == {"swap.js"}


def test_every_file_that_a_stylesheet_names_exists():
    for sheet in (STATIC / "css").rglob("*.css"):
        for target in re.findall(r'url\("([^"]+)"\)', sheet.read_text(encoding="utf-8")):
            assert (sheet.parent / target).is_file(), f"{sheet.name}: {target}"
