"""Third-party files are what their checksums say, with their licences, and hold what pages use."""

import json
import re
from hashlib import sha256
from pathlib import Path

from fontTools.ttLib import TTFont

import incubator

PACKAGE = Path(incubator.__file__).parent
FRONTEND = PACKAGE.parent / "frontend"
VENDOR = PACKAGE / "static" / "vendor"
SUMS = dict(reversed(line.split()) for line in (VENDOR / "SHA256SUMS").read_text().splitlines())
LICENSED = ("lucide", "hanken-grotesk", "bricolage-grotesque")
ICON_IN_TEMPLATE = re.compile(r"""\bicon\(\s*["']([a-z0-9-]+)["']""")
ICON_IN_CODE = re.compile(r"""\bicon=["']([a-z0-9-]+)["']""")


def drawn():
    return set(json.loads((VENDOR / "lucide.json").read_text(encoding="utf-8")))


def test_every_vendored_file_is_listed():
    assert {path.name for path in VENDOR.iterdir()} - {"SHA256SUMS"} == set(SUMS)


def test_no_vendored_file_was_touched():
    found = {name: sha256((VENDOR / name).read_bytes()).hexdigest() for name in SUMS}
    assert found == SUMS


def test_every_package_comes_with_its_licence():
    for name in LICENSED:
        assert "ermission" in (VENDOR / f"LICENSE-{name}.txt").read_text(encoding="utf-8")


def test_the_icons_drawn_are_the_icons_listed():
    assert drawn() == set((FRONTEND / "icons.txt").read_text().split())


def test_every_icon_that_a_template_names_is_drawn():
    pages = (PACKAGE / "templates").rglob("*.html")
    named = {n for p in pages for n in ICON_IN_TEMPLATE.findall(p.read_text(encoding="utf-8"))}
    assert named <= drawn(), sorted(named - drawn())


def test_every_icon_that_the_menu_names_is_drawn():
    code = (PACKAGE / "blueprints").rglob("*.py")
    named = {n for p in code for n in ICON_IN_CODE.findall(p.read_text(encoding="utf-8"))}
    assert named <= drawn(), sorted(named - drawn())


def test_the_lock_names_no_registry_and_checks_every_package():
    lock = json.loads((FRONTEND / "package-lock.json").read_text())
    packages = [entry for path, entry in lock["packages"].items() if path]
    assert packages
    assert all("resolved" not in entry and "integrity" in entry for entry in packages)


def test_the_fonts_have_the_narrow_space_of_french():
    """Read from the file itself: U+202F has a place in the character table."""
    for name in ("hanken-400-700.woff2", "bricolage-650.woff2"):
        with TTFont(VENDOR / name) as font:
            assert 0x202F in font.getBestCmap()
