"""Atom feeds (RFC 4287). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

CONTENT_TYPE: Final = "application/atom+xml; charset=utf-8"
# What XML 1.0 has no way to say.
_UNSAYABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One text of a feed: where it is read, who wrote it, its safe HTML, when it last changed."""

    address: str
    title: str
    author: str
    html: str
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class Feed:
    """A feed: where it is itself (``own``), the page that shows the same, and its entries."""

    own: str
    address: str
    title: str
    language: str
    entries: Sequence[Entry]


def document(feed: Feed, *, now: datetime) -> str:
    """The feed as XML; ``now`` is when an empty one changed."""
    return "".join(_lines(feed, now))


def _lines(feed: Feed, now: datetime) -> Iterator[str]:
    updated = max((entry.updated_at for entry in feed.entries), default=now)
    yield '<?xml version="1.0" encoding="utf-8"?>\n'
    yield f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(feed.language)}>\n'
    yield f"<id>{_text(feed.own)}</id>\n<title>{_text(feed.title)}</title>\n"
    yield f'<link rel="self" href={quoteattr(feed.own)}/>\n<link href={quoteattr(feed.address)}/>\n'
    yield f"<updated>{_instant(updated)}</updated>\n"
    for entry in feed.entries:
        yield f"<entry>\n<id>{_text(entry.address)}</id>\n<title>{_text(entry.title)}</title>\n"
        yield f"<link href={quoteattr(entry.address)}/>\n"
        yield f"<updated>{_instant(entry.updated_at)}</updated>\n"
        yield f"<author><name>{_text(entry.author)}</name></author>\n"
        yield f'<content type="html">{_text(entry.html)}</content>\n</entry>\n'
    yield "</feed>\n"


def _text(words: str) -> str:
    return escape(_UNSAYABLE.sub("", words))


def _instant(when: datetime) -> str:
    return when.isoformat(timespec="seconds")
