"""The time zones of the world by their IANA names."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones


def zone_named(text: str) -> str | None:
    """The IANA name of a zone, written in upper or lower case, with blanks or not; None if none."""
    return _by_spelling().get(text.strip().lower().replace(" ", "_"))


@cache
def all_zones() -> frozenset[str]:
    """Every zone this machine knows; looked up once, since that reads a folder of 600 files."""
    return frozenset(available_timezones())


@cache
def _by_spelling() -> dict[str, str]:
    return {zone.lower(): zone for zone in all_zones()}
