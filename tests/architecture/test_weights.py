"""What a first page weighs, each file as gzip carries it: the budget of decision 0004."""

import gzip
import re
from pathlib import Path

import incubator
from incubator.edge.assets import COMMON, TOGETHER, Assets

PACKAGE = Path(incubator.__file__).parent
STATIC = PACKAGE / "static"
EVERYWHERE = {Path(name).name for name in COMMON}
IMPORT = re.compile(r'(?:from|import) "(\.[^"]+)";')
FETCHED = re.compile(r'import\("(\.[^"]+)"\)')
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


def test_the_scripts_that_a_room_begins_with_keep_to_30_kilobytes():
    assert weight(*modules_from(STATIC / "js" / "chat" / "app.js")) <= 30


def test_the_layout_loads_the_styles_weighed_here():
    layout = (PACKAGE / "templates" / "layouts" / "base.html").read_text(encoding="utf-8")
    assert f'["{Path(TOGETHER).stem}"] + css' in layout


def test_sheets_that_travel_together_share_a_folder_and_begin_with_the_order_of_layers():
    sent = Assets().files[TOGETHER].decode()
    assert {Path(name).parent for name in COMMON} == {Path(TOGETHER).parent}
    assert re.search(r"@layer [^;{]*[;{]", sent)[0].startswith("@layer reset, tokens, base,")


def test_remarks_are_not_sent_and_no_line_moves():
    written = (STATIC / "js" / "lib" / "swap.js").read_text(encoding="utf-8").splitlines()
    sent = Assets().files["js/lib/swap.js"].decode().splitlines()
    assert [(was, now) for was, now in zip(written, sent, strict=True) if was != now] == [
        (was, "") for was in written if was.lstrip().startswith("//")
    ]


def test_no_text_of_several_lines_could_be_taken_for_a_remark():
    for module in (STATIC / "js").rglob("*.js"):
        for text in module.read_text(encoding="utf-8").split("`")[1::2]:
            assert "\n" not in text, f"{module.name}: a remark inside a text would be lost"


def test_every_module_imports_files_that_exist():
    for module in (STATIC / "js").rglob("*.js"):
        text = module.read_text(encoding="utf-8")
        for target in IMPORT.findall(text) + FETCHED.findall(text):
            assert (module.parent / target).is_file(), f"{module.name}: {target}"


def test_text_becomes_html_in_one_module_only():
    modules = (STATIC / "js").rglob("*.js")
    makers = {m.name for m in modules if HTML_MAKERS.search(m.read_text(encoding="utf-8"))}
    assert makers == {"swap.js"}


def test_every_file_that_a_stylesheet_names_exists():
    for sheet in (STATIC / "css").rglob("*.css"):
        for target in re.findall(r'url\("([^"]+)"\)', sheet.read_text(encoding="utf-8")):
            assert (sheet.parent / target).is_file(), f"{sheet.name}: {target}"
