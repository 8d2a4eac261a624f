"""Words of the sites' pages: refusals, countries, days of the week, hours as people type them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from babel.dates import get_day_names
from flask_babel import lazy_gettext as _l

from incubator.edge.formats import clock_minutes
from incubator.edge.locale import LOCALES, language
from incubator.kernel.errors import Refusal
from incubator.kernel.hours import format_minutes
from incubator.kernel.zones import all_zones

if TYPE_CHECKING:
    from collections.abc import Sequence

REFUSALS = {
    "sites.open": _l("Only an administrator of the network opens a site."),
    "sites.change": _l("Only the managers of this site may change it."),
    "sites.slug_taken": _l("There is already a site in %(city)s: add the quarter to the city."),
    "sites.empty": _l("Write something here."),
    "sites.time_zone": _l("Choose a time zone of the list."),
    "sites.country": _l("Choose a country of the list."),
    "sites.subdivision": _l("Write the code of a region of that country, or leave it empty."),
    "sites.capacity": _l("Write a number of desks from 0 to %(most)s."),
    "sites.cutoff": _l("Choose an hour of the list."),
    "sites.auto_close": _l("Choose a length of the list."),
    "sites.too_many_spans": _l("Write at most %(most)s spans a day."),
    "sites.hours_order": _l("Each span must end after it begins, at midnight at the latest."),
    "sites.hours_overlap": _l("These two spans overlap."),
    "sites.hours_unreadable": _l("Write for example “8:30 – 12:00, 13:00 – 19:00”."),
    "sites.closure_order": _l("The last day cannot come before the first."),
    "sites.closure_long": _l("A closure lasts at most %(most)s days."),
    "sites.already_closed": _l("The site is already closed from that day: remove that one first."),
}

REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian")
_ZONES = sorted(z for z in all_zones() if z.partition("/")[0] in {*REGIONS, "Pacific"})
_CLOCK = r"(\d{1,2})\s*(?:[h:.]\s*(\d{2})?)?\s*(?:min)?"
_SPAN = re.compile(rf"\s*{_CLOCK}\s*(?:-|–|—|à|to|until)\s*{_CLOCK}\s*", re.IGNORECASE)
HOUR = 60


def time_zones() -> list[tuple[str, str]]:
    """Every zone that a place may live in."""
    return [(zone, zone.replace("_", " ")) for zone in _ZONES]


def cutoffs() -> list[tuple[str, str]]:
    """The half hours at which a site may say that nobody is in any more; midnight is the last."""
    return [
        (str(at), clock_minutes(at % (24 * HOUR))) for at in range(12 * HOUR, 24 * HOUR + 1, 30)
    ]


def longest_stays() -> list[tuple[str, str]]:
    """After how long one may be presumed gone, in hours."""
    return [(str(hours * HOUR), format_minutes(hours * HOUR)) for hours in range(4, 25)]


def weekdays() -> list[str]:
    """Monday to Sunday in the reader's language, with a capital."""
    names = get_day_names("wide", locale=LOCALES[language()])
    return [str(names[day]).capitalize() for day in range(7)]


def parse_spans(text: str, field: str) -> list[tuple[int, int]]:
    """Opening spans as people type them, in minutes; raise Refusal ``sites.hours_unreadable``.

    «8 h 30 – 12 h, 13 h – 19 h», «9:00-18:00», or nothing for a closed day.
    """
    spans = []
    for part in re.split(
        r"[,;/]|\bet\b|\band\b", text.replace("\u00a0", " ").replace("\u202f", " ")
    ):
        if not part.strip():
            continue
        match = _SPAN.fullmatch(part)
        if match is None:
            raise Refusal("sites.hours_unreadable", field=field)
        first, first_minutes, last, last_minutes = (int(each or 0) for each in match.groups())
        if max(first_minutes, last_minutes) >= HOUR:
            raise Refusal("sites.hours_unreadable", field=field)
        spans.append((first * HOUR + first_minutes, last * HOUR + last_minutes))
    return spans


def write_spans(spans: Sequence[tuple[int, int]]) -> str:
    """Spans as the reader's language writes them, readable back by ``parse_spans``."""
    return ", ".join(f"{_written(opens)} – {_written(closes)}" for opens, closes in spans)


def _written(minutes: int) -> str:
    return "24:00" if minutes == 24 * HOUR else clock_minutes(minutes)
