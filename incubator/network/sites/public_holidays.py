"""Public holidays of a country or one of its parts, by the ``holidays`` library."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import holidays

if TYPE_CHECKING:
    from datetime import date


@lru_cache(maxsize=512)
def of_year(country: str, subdivision: str, *, year: int, language: str = "fr") -> dict[date, str]:
    """Day to name, in «fr» or «en» where the library speaks it; empty for an unknown country.

    ``country`` is ISO 3166-1 alpha-2, ``subdivision`` the part after the dash of ISO 3166-2.
    """
    kind = _calendar(country)
    if kind is None:
        return {}
    part = subdivision if subdivision in kind.subdivisions else None
    spoken = _language(kind.supported_languages, language)
    found = holidays.country_holidays(country, subdiv=part, years=year, language=spoken)
    # The house writes the curved apostrophe.
    return {day: name.replace("'", "’") for day, name in sorted(found.items())}


def subdivisions(country: str) -> tuple[str, ...]:
    """The parts of a country that the library knows."""
    kind = _calendar(country)
    return tuple(kind.subdivisions) if kind else ()


def between(
    country: str, subdivision: str, *, span: tuple[date, date], language: str = "fr"
) -> dict[date, str]:
    """The holidays from a day to another (excluded)."""
    start, end = span
    return {
        day: name
        for year in range(start.year, end.year + 1)
        for day, name in of_year(country, subdivision, year=year, language=language).items()
        if start <= day < end
    }


def _calendar(country: str) -> type[holidays.HolidayBase] | None:
    if country not in holidays.list_supported_countries():
        return None
    found: type[holidays.HolidayBase] = getattr(holidays, country)
    return found


def _language(spoken: tuple[str, ...], wanted: str) -> str | None:
    order = (f"{wanted}_GB", f"{wanted}_US", wanted)
    return next(
        (code for code in (*order, *spoken) if code in spoken and code.startswith(wanted)), None
    )
