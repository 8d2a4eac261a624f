"""One search over all features: each brings what it finds; one that fails spoils no other."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from incubator.edge.state import state
from incubator.kernel.db import end_read
from incubator.kernel.stems import search_words
from incubator.kernel.text import slugify

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from incubator.edge.entries import Hit, SearchSource
    from incubator.network.members.actor import Actor

log = logging.getLogger(__name__)

LONGEST = 200
MOST_WORDS = 6
# «in:people» or «dans:personnes», anywhere in a text.
NARROWING = re.compile(r"(?:^|(?<=\s))(?:in|dans):(\S+)", re.IGNORECASE)


@dataclass(frozen=True)
class Group:
    """What was found of one kind; ``failed`` when it could not be looked for."""

    source: SearchSource
    hits: Sequence[Hit] = ()
    failed: bool = False


def sources_for(reader: Actor) -> list[SearchSource]:
    """The kinds of things that a reader may look for, in their order."""
    every = sorted(state().search_sources, key=lambda each: each.order)
    return [each for each in every if each.may.allows(reader)]


def narrowed(text: str, sources: Sequence[SearchSource]) -> tuple[str, SearchSource | None]:
    """A text without its «in:…», and the kind that this names by the beginning of a word.

    What names no kind stays part of the text.
    """
    found = NARROWING.search(text)
    wanted = slugify(found[1]) if found else ""
    for source in sources if wanted else ():
        words = slugify(f"{source.label} {source.called} {source.key}").split("-")
        if found and any(word.startswith(wanted) for word in words):
            rest = f"{text[: found.start()]} {text[found.end() :]}"
            return " ".join(rest.split()), source
    return text, None


def told_words(text: str) -> tuple[str, ...]:
    """The words of a search that are looked for, and pointed out where they are found."""
    return tuple(search_words(text[:LONGEST], MOST_WORDS))


def groups_for(
    reader: Actor, text: str, *, most: int, sources: Sequence[SearchSource]
) -> list[Group]:
    """What some kinds have for a text, at most so many of each; kinds without finds are left out.

    Without a telling word nothing is looked for.
    """
    if not told_words(text):
        return []
    found = [_group(each, partial(each.find, reader, text[:LONGEST], most)) for each in sources]
    return [group for group in found if group.hits or group.failed]


def _group(source: SearchSource, find: Callable[[], Sequence[Hit]]) -> Group:
    try:
        return Group(source, tuple(find()))
    except Exception:
        log.exception("the search for %s failed", source.key)
        end_read()
        return Group(source, failed=True)
