"""Calendar files: folded, escaped, and right on the days when clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from incubator.kernel.content_lines import folded, text
from incubator.kernel.icalendar import Happening, calendar

NOW = datetime(2026, 11, 12, 9, 41, tzinfo=UTC)


def happening(starts_at: datetime = NOW, zone: str = "Europe/Paris", **more: object) -> Happening:
    values: dict[str, object] = {
        "uid": "a@b",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=3),
        "zone": zone,
        "title": "Accueil",
    }
    return Happening(**(values | more))  # type: ignore[arg-type]


def unfolded(file: str) -> list[str]:
    assert file.endswith("\r\n")
    return file.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def test_an_event_says_when_where_and_what() -> None:
    lines = unfolded(
        calendar(
            [happening(place="Lyon; 3, rue X", about="Un\nmot", address="https://x/1")],
            name="P, L",
            now=NOW,
        )
    )
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    for line in (
        "X-WR-CALNAME:P\\, L",
        "DTSTART;TZID=Europe/Paris:20261112T104100",
        "DURATION:PT180M",
        "DTSTAMP:20261112T094100Z",
        "LOCATION:Lyon\\; 3\\, rue X",
        "DESCRIPTION:Un\\nmot",
        "URL:https://x/1",
        "STATUS:CONFIRMED",
    ):
        assert line in lines
    assert "STATUS:TENTATIVE" in calendar([happening(tentative=True)], name="", now=NOW)


def test_a_calendar_may_be_empty() -> None:
    assert "VEVENT" not in calendar([], name="x", now=NOW)


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        ("Europe/Paris", ("20261025T030000", "+0200", "+0100")),
        ("America/Toronto", ("20261101T020000", "-0400", "-0500")),
        ("America/Toronto", ("20270314T020000", "-0500", "-0400")),
    ],
)
def test_a_zone_tells_when_its_clocks_change(zone: str, change: tuple[str, str, str]) -> None:
    file = "\n".join(unfolded(calendar([happening(zone=zone)], name="", now=NOW)))
    start, before, after = change
    assert f"DTSTART:{start}\nTZOFFSETFROM:{before}\nTZOFFSETTO:{after}\n" in file


def test_a_zone_without_changes_has_one_part() -> None:
    file = calendar([happening(zone="Africa/Dakar")], name="", now=NOW)
    assert file.count("BEGIN:STANDARD") == 1
    assert "DAYLIGHT" not in file


def test_the_night_that_lasts_an_hour_more_keeps_its_length() -> None:
    start = datetime(2026, 10, 24, 22, tzinfo=UTC)
    lines = unfolded(calendar([happening(start)], name="", now=NOW))
    assert "DTSTART;TZID=Europe/Paris:20261025T000000" in lines
    assert "DURATION:PT180M" in lines


def offsets(lines: list[str]) -> list[tuple[datetime, timedelta]]:
    """From which instant on a zone has which offset, as its parts say."""
    found = []
    for place, line in enumerate(lines):
        if line in {"BEGIN:STANDARD", "BEGIN:DAYLIGHT"}:
            start, before, after = (each.partition(":")[2] for each in lines[place + 1 : place + 4])
            begun = datetime.strptime(f"{start}{before}", "%Y%m%dT%H%M%S%z")
            zone = datetime.strptime(after, "%z").utcoffset()
            found.append((begun, zone or timedelta()))
    return found


@given(some.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=some.just(UTC)))  # noqa: DTZ001 - Hypothesis wants bounds without a zone
def test_the_parts_of_a_zone_tell_its_offset_at_every_event(start: datetime) -> None:
    lines = unfolded(calendar([happening(start, "America/Toronto")], name="", now=NOW))
    said = [offset for begun, offset in offsets(lines) if begun <= start][-1]
    assert said == start.astimezone(ZoneInfo("America/Toronto")).utcoffset()


@given(some.text())
def test_no_line_is_longer_than_75_octets_and_none_is_lost(value: str) -> None:
    line = f"SUMMARY:{text(value)}"
    pieces = folded(line).split("\r\n")
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert "".join([pieces[0], *(piece[1:] for piece in pieces[1:])]) == line
