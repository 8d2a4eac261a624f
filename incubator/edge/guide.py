"""The guide of the product: its texts in chapters and parts, at addresses that pages may name.

The texts are Markdown files of the package, one a guide and language. A heading carries the key
that it has in every language: ``## <a id="hours"></a>Your hours`` begins a chapter, ``###`` a
part. On a page of a repository the same key is the anchor of the same link.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flask import url_for

from incubator.edge.locale import language
from incubator.edge.pages import ENGLISH, url
from incubator.kernel.settings import LANGUAGES
from incubator.kernel.stems import stems
from incubator.kernel.text import markdown_to_html, plain_text, slugify, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FOLDER: Final = Path(__file__).resolve().parents[1] / "guide"
MEMBERS: Final = "members"
MANAGERS: Final = "managers"
GUIDES: Final = (MEMBERS, MANAGERS)
# What is owed to everybody, signed in or not: read by itself, and no chapter of the guide.
HOUSE: Final = "house"
PAGE: Final = "guide.show"
FRONT: Final = "guide.index"
_HEADING = re.compile(r'^(##|###) <a id="([a-z0-9-]+)"></a>(.+)$', re.MULTILINE)
# The end of a line that goes on: the files are wrapped, and members' texts keep their lines.
_WRAP = re.compile(r"(?<!\n)\n(?!\n| *(?:[-*]|\d+\.) ) *")
# «](#hours)», «](managers.md#log)», «](../en/members.md)»: links between the files.
_LINK = re.compile(r"\]\((?:\.\./(?P<code>\w\w)/)?(?:\w+\.md)?(?:#(?P<key>[a-z0-9-]+))?\)")


@dataclass(frozen=True, eq=False)
class Part:
    """The beginning of a chapter, or what stands under one of its smaller headings."""

    key: str
    title: str
    source: str
    code: str

    @cached_property
    def html(self) -> str:
        """The text as safe HTML, its links leading to our own pages; asked for in a request."""
        return markdown_to_html(_LINK.sub(self._linked, self.source))

    @cached_property
    def text(self) -> str:
        """The words of the part on one line."""
        return plain_text(markdown_to_html(_LINK.sub("](#)", self.source)))

    @cached_property
    def _words(self) -> tuple[str, ...]:
        return tuple(sorted({*words(self.title), *words(self.text)}))

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(stem for word in self._words for stem in stems(word))

    def holds(self, word: str) -> bool:
        """Whether a word of the part begins so, or has the same stem; the word is folded."""
        at = bisect_left(self._words, word)
        begun = at < len(self._words) and self._words[at].startswith(word)
        return begun or bool(stems(word) & self._stems)

    def _linked(self, found: re.Match[str]) -> str:
        code, key = found["code"] or self.code, found["key"]
        target = place_of(code, key) if key else None
        return f"]({target or url_for(_in(code, FRONT))})"


@dataclass(frozen=True, eq=False)
class Chapter:
    """One page of a guide in one language; its first part has the chapter's own key and title."""

    guide: str
    code: str
    parts: tuple[Part, ...] = field(repr=False)

    @property
    def key(self) -> str:
        """The name of the chapter, the same in every language."""
        return self.parts[0].key

    @property
    def title(self) -> str:
        """What stands above the chapter."""
        return self.parts[0].title

    @property
    def slug(self) -> str:
        """The chapter in addresses of its language."""
        return slugify(self.title)

    @property
    def address(self) -> str:
        """Where the chapter is read."""
        return url_for(_in(self.code, PAGE), name=self.slug)

    def address_of(self, part: Part) -> str:
        """Where a part of the chapter is read."""
        return self.address if part is self.parts[0] else f"{self.address}#{part.key}"


def _in(code: str, endpoint: str) -> str:
    return endpoint + ENGLISH if code == "en" else endpoint


def _cut(code: str, guide: str) -> Iterator[Chapter]:
    text = (FOLDER / code / f"{guide}.md").read_text("utf-8")
    found = [*_HEADING.finditer(text)]
    ends = [*(each.start() for each in found[1:]), len(text)]
    parts: list[Part] = []
    for heading, end in zip(found, ends, strict=True):
        if heading[1] == "##" and parts:
            yield Chapter(guide, code, tuple(parts))
            parts = []
        source = _WRAP.sub(" ", text[heading.end() : end].strip())
        parts.append(Part(heading[2], heading[3].strip(), source, code))
    yield Chapter(guide, code, tuple(parts))


@cache
def chapters(code: str) -> tuple[Chapter, ...]:
    """All chapters of a language («fr», «en»), those of members first, as they are to be read."""
    return tuple(chapter for guide in GUIDES for chapter in _cut(code, guide))


@cache
def statement(code: str, key: str) -> Chapter:
    """A page of what the house owes everybody, in a language; KeyError of an unknown key."""
    return {chapter.key: chapter for chapter in _cut(code, HOUSE)}[key]


@cache
def _by_name(code: str) -> dict[str, Chapter]:
    """The chapters of a language by their keys and by what they are called in any language."""
    here = {chapter.key: chapter for chapter in chapters(code)}
    called = {each.slug: here[each.key] for other in LANGUAGES for each in chapters(other)}
    return called | here


def chapter_named(name: str) -> Chapter | None:
    """The reader's chapter of a key, or of a name in addresses of any language."""
    return _by_name(language()).get(name)


def place_of(code: str, key: str) -> str | None:
    """The address of a chapter or part by its key, in a language; None of an unknown one."""
    found = (
        chapter.address_of(part)
        for chapter in chapters(code)
        for part in chapter.parts
        if part.key == key
    )
    return next(found, None)


def guide_url(key: str = "") -> str:
    """Where the reader is told how something works: a chapter, a part, or the first page."""
    return (place_of(language(), key) if key else None) or url(FRONT)


def beside(chapter: Chapter) -> tuple[Chapter | None, Chapter | None]:
    """The chapters before and after one, within its guide."""
    row: Sequence[Chapter] = [
        each for each in chapters(chapter.code) if each.guide == chapter.guide
    ]
    at = next(number for number, each in enumerate(row) if each.key == chapter.key)
    return (row[at - 1] if at else None), (row[at + 1] if at + 1 < len(row) else None)
