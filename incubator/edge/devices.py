"""A browser in words, from what it says of itself."""

from __future__ import annotations

from flask_babel import gettext as _

# The first that fits: later browsers also carry the names of earlier ones.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
POCKET = frozenset({"iPhone", "Android"})


def words_and_icon(agent: str) -> tuple[str, str]:
    """What its owner calls a browser, and the drawing for its kind of device."""
    browser, system = _first(BROWSERS, agent), _first(SYSTEMS, agent)
    if browser and system:
        words = _("%(browser)s on %(system)s", browser=browser, system=system)
    else:
        words = browser or system or _("Unknown browser")
    return words, "phone" if system in POCKET else "monitor"


def _first(table: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for mark, name in table if mark in text), "")
