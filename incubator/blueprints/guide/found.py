"""Chapters and parts of the guide among what the search over everything finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext as _l

from incubator.edge.access import managers, signed_in
from incubator.edge.entries import Hit, SearchSource
from incubator.edge.finding import told_words
from incubator.edge.guide import MANAGERS, chapters
from incubator.edge.locale import language
from incubator.kernel.stems import SMALL, stems
from incubator.kernel.text import excerpt, words
from incubator.network.members.marking import extract_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from incubator.edge.guide import Chapter, Part
    from incubator.network.members.actor import Actor

# People ask the guide in whole questions; these words of them narrow nothing.
ASKING: Final = frozenset(
    {
        *(
            "comment",
            "quand",
            "quoi",
            "quel",
            "quelle",
            "pourquoi",
            "faire",
            "faut",
            "peux",
            "veux",
        ),
        *("how", "when", "what", "where", "why", "want"),
    }
)


def chapters_and_parts(reader: Actor, text: str, most: int) -> list[Hit]:
    """What holds every word, in the reader's language; where a title says them, first.

    The chapters of managers are found by those who manage.
    """
    wanted = told_words(text)
    telling = tuple(word for word in wanted if word not in ASKING) or wanted
    found = [each for each in _all_for(reader) if all(each[1].holds(word) for word in telling)]
    found.sort(key=lambda each: _aside(each[1].title, telling))
    return [_hit(chapter, part, telling) for chapter, part in found[:most]]


def _all_for(reader: Actor) -> Iterator[tuple[Chapter, Part]]:
    steers = managers.allows(reader)
    for chapter in chapters(language()):
        if steers or chapter.guide != MANAGERS:
            yield from ((chapter, part) for part in chapter.parts)


def _aside(title: str, telling: Sequence[str]) -> tuple[int, int]:
    """How many of the words a title does not say, and how many others it does."""
    known = [(word, stems(word)) for word in words(title) if word not in SMALL]

    def same(word: str, there: tuple[str, frozenset[str]]) -> bool:
        return there[0].startswith(word) or bool(stems(word) & there[1])

    unsaid = sum(not any(same(word, each) for each in known) for word in telling)
    others = sum(not any(same(word, each) for word in telling) for each in known)
    return unsaid, others


def _hit(chapter: Chapter, part: Part, telling: Sequence[str]) -> Hit:
    title = part.title if part is chapter.parts[0] else f"{chapter.title} › {part.title}"
    extract = extract_of(part.text, telling) or excerpt(part.text)
    return Hit(title, chapter.address_of(part), extract)


SOURCE: Final = SearchSource(
    key="guide",
    label=_l("Guide"),
    icon="life-buoy",
    find=chapters_and_parts,
    called=_l("how to"),
    order=80,
    may=signed_in,
)
