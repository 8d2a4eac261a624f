"""A device in words, from what its browser says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _

if TYPE_CHECKING:
    from incubator.network.accounts.models import Session

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


@dataclass(frozen=True)
class Device:
    """A signed-in browser as its owner knows it."""

    session: Session
    words: str
    icon: str
    here: bool


def describe(session: Session, *, current_id: int) -> Device:
    """The words for a session; ``current_id`` is the one that asks."""
    browser, system = _first(BROWSERS, session.device), _first(SYSTEMS, session.device)
    if browser and system:
        words = _("%(browser)s on %(system)s", browser=browser, system=system)
    else:
        words = browser or system or _("Unknown browser")
    icon = "phone" if system in POCKET else "monitor"
    return Device(session, words, icon, session.id == current_id)


def _first(table: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for mark, name in table if mark in text), "")
