"""Events as an iCalendar file (RFC 5545), in the time zones where they happen. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from incubator.kernel.content_lines import document, text, uri

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
# Before the first event and after the last one, so that readers may look around.
MARGIN = timedelta(days=370)
CONTENT_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something in a calendar; ``zone`` is the IANA name of where it happens."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    title: str
    place: str = ""
    about: str = ""
    address: str = ""
    tentative: bool = False


def calendar(happenings: Sequence[Happening], *, name: str, now: datetime) -> str:
    """The file of some events as of ``now``, under a name that calendars show."""
    return document(_lines(happenings, name, now))


def _lines(happenings: Sequence[Happening], name: str, now: datetime) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//Incubator//Slots//EN"
    yield "CALSCALE:GREGORIAN"
    yield "METHOD:PUBLISH"
    yield f"X-WR-CALNAME:{text(name)}"
    yield "REFRESH-INTERVAL;VALUE=DURATION:PT1H"
    yield "X-PUBLISHED-TTL:PT1H"
    for zone in sorted({each.zone for each in happenings}):
        yield from zone_lines(zone, [each for each in happenings if each.zone == zone])
    for each in happenings:
        yield from _event(each, now)
    yield "END:VCALENDAR"


def _event(each: Happening, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{text(each.uid)}"
    yield f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;TZID={each.zone}:{_local(each.starts_at, each.zone)}"
    # As time that passes: the clock alone cannot tell the hour that comes twice in autumn.
    yield f"DURATION:PT{int((each.ends_at - each.starts_at).total_seconds()) // 60}M"
    yield f"SUMMARY:{text(each.title)}"
    if each.place:
        yield f"LOCATION:{text(each.place)}"
    if each.about:
        yield f"DESCRIPTION:{text(each.about)}"
    if each.address:
        yield f"URL:{uri(each.address)}"
    yield f"STATUS:{'TENTATIVE' if each.tentative else 'CONFIRMED'}"
    yield "END:VEVENT"


def zone_lines(zone: str, happenings: Sequence[Happening]) -> Iterator[str]:
    """What a zone's clocks show around some events, one part for each change of them."""
    known = ZoneInfo(zone)
    first = min(each.starts_at for each in happenings) - MARGIN
    last = max(each.ends_at for each in happenings) + MARGIN
    yield "BEGIN:VTIMEZONE"
    yield f"TZID:{zone}"
    yield from _observance(first.replace(microsecond=0), known, before=first)
    for change in _changes(known, first, last):
        yield from _observance(change, known, before=change - SECOND)
    yield "END:VTIMEZONE"


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """The instants at which the clocks of a zone change, found day by day, then by halves."""
    day = first
    while day < last:
        low, high = day, day + DAY
        if _offset(low, zone) != _offset(high, zone):
            while high - low > SECOND:
                middle = low + (high - low) / 2
                if _offset(middle, zone) == _offset(day, zone):
                    low = middle
                else:
                    high = middle
            yield high.replace(microsecond=0)
        day += DAY


def _observance(instant: datetime, zone: ZoneInfo, *, before: datetime) -> Iterator[str]:
    local = instant.astimezone(zone)
    kind = "DAYLIGHT" if local.dst() else "STANDARD"
    start = instant.astimezone(UTC).replace(tzinfo=None) + _offset(before, zone)
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{start:%Y%m%dT%H%M%S}"
    yield f"TZOFFSETFROM:{_signed(_offset(before, zone))}"
    yield f"TZOFFSETTO:{_signed(_offset(instant, zone))}"
    yield f"TZNAME:{text(local.tzname() or '')}"
    yield f"END:{kind}"


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()


def _signed(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}{rest:02}"


def _local(instant: datetime, zone: str) -> str:
    return f"{instant.astimezone(ZoneInfo(zone)):%Y%m%dT%H%M%S}"
