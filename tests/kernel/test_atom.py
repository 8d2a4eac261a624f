"""Atom feeds: well formed whatever they hold, dated by their latest entry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element, fromstring

from hypothesis import given
from hypothesis import strategies as some

from incubator.kernel.atom import Entry, Feed, document

NOW = datetime(2026, 11, 12, 9, 41, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"


def parsed(text: str) -> Element:
    """A feed of our own, read as XML."""
    return fromstring(text.encode())  # noqa: S314 - nobody else wrote it


def feed(*entries: Entry, title: str = "Fils") -> Feed:
    own, address = "https://x.example/a.atom", 'https://x.example/?q="a"&b'
    return Feed(own=own, address=address, title=title, language="fr", entries=entries)


def entry(text: str, age: int = 0) -> Entry:
    at = NOW - timedelta(hours=age)
    return Entry(address="https://x.example/1", title=text, author=text, html=text, updated_at=at)


@given(some.text(some.characters(exclude_categories=())))
def test_whatever_it_holds_it_can_be_read(text: str) -> None:
    read = parsed(document(feed(entry(text), title=text), now=NOW))
    sayable = text.encode("utf-8", "ignore").decode()
    if sayable == text and text.isprintable():
        assert read.findtext(f"{ATOM}entry/{ATOM}content") == text


def test_it_is_as_new_as_its_latest_entry() -> None:
    read = parsed(document(feed(entry("a", 5), entry("b", 2)), now=NOW))
    assert read.findtext(f"{ATOM}updated") == "2026-11-12T07:41:00+00:00"
    empty = parsed(document(feed(), now=NOW))
    assert empty.findtext(f"{ATOM}updated") == "2026-11-12T09:41:00+00:00"
    assert empty.find(f"{ATOM}link[@rel='self']") is not None
