"""What a search asks of the index of members, and how near each find is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import Select, false, literal, select, union_all

from incubator.kernel import spelling
from incubator.kernel.fulltext import (
    CLASSES,
    Both,
    Either,
    Index,
    Query,
    Without,
    marked,
    word_in_each,
)
from incubator.kernel.keyset import Cursor, Page, keyset_page, position
from incubator.kernel.stems import LONGEST, search_words
from incubator.kernel.text import words
from incubator.network.members.indexing import INDEX
from incubator.network.members.lexicon import Lexicon, Unit, lexicon
from incubator.network.sites.queries import sites_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

MOST_WORDS = 6
# Where a word may stand, the nearest first.
NAME, SKILLS, WORK, REST = range(CLASSES)


@dataclass(frozen=True)
class Asked:
    """A search taken apart: its units, each with where its words may stand.

    ``leaves[u][c]`` is what unit u finds in class c alone; ``corrected`` are the words that were
    read as others, as typed and as written.
    """

    units: tuple[Unit, ...] = ()
    leaves: tuple[tuple[tuple[Query, ...], ...], ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()

    def at_most(self, nearest: int) -> Query:
        """Documents where every unit stands in this class or a nearer one."""
        return Both(tuple(_unit_at_most(unit, nearest) for unit in self.leaves))

    def exactly(self, place: int) -> Query:
        """Documents whose farthest unit stands in this class."""
        here = Either(tuple(part for unit in self.leaves for part in unit[place]))
        if place == NAME:
            return self.at_most(NAME)
        alone = len(self.leaves) == 1 and len(self.units[0].words) == 1
        wanted = here if alone else Both((here, self.at_most(place)))
        return Without(wanted, self.at_most(place - 1))

    @property
    def anywhere(self) -> Query:
        """Documents that answer at all."""
        return self.at_most(REST)


def _unit_at_most(unit: tuple[tuple[Query, ...], ...], nearest: int) -> Query:
    """Every word of a unit stands near enough, or one of its skills is offered."""
    per_word = len(unit[NAME])
    by_words = Both(
        tuple(Either(tuple(unit[c][n] for c in range(nearest + 1))) for n in range(per_word))
    )
    others = unit[SKILLS][per_word:] if nearest >= SKILLS else ()
    places = unit[REST][per_word:] if nearest >= REST else ()
    return Either((by_words, *others, *places))


def _leaves(unit: Unit, places: Sequence[int]) -> tuple[tuple[Query, ...], ...]:
    each_word = [word_in_each(word) for word in unit.words]
    leaves = [[found[place] for found in each_word] for place in range(CLASSES)]
    if unit.skills:
        leaves[SKILLS].append(marked(*(f"_k{skill}" for skill in sorted(unit.skills))))
    if unit.loosely:
        leaves[REST].append(marked(*(f"_k{skill}" for skill in sorted(unit.loosely))))
    if places:
        leaves[REST].append(marked(*(f"_p{site_id}" for site_id in places)))
    return tuple(tuple(each) for each in leaves)


def asked_for(text: str, known: Lexicon | None = None) -> Asked:
    """Take a search apart; the first six telling words count."""
    telling = search_words(text, MOST_WORDS)
    if not telling:
        return Asked()
    known = known or lexicon()
    return _of_units(
        known.units(telling, [each[:LONGEST] for each in words(text)[: 4 * MOST_WORDS]])
    )


def _of_units(units: Sequence[Unit]) -> Asked:
    kept = tuple(units[:MOST_WORDS])
    places = sites_named([each.words[0] for each in kept if len(each.words) == 1])
    return Asked(
        kept,
        tuple(
            _leaves(each, places.get(each.words[0], ()) if len(each.words) == 1 else ())
            for each in kept
        ),
    )


def named_so(word: str) -> Query:
    """Documents with a word of the name or of a firm that begins so."""
    found = word_in_each(word)
    return Either((found[NAME], found[WORK]))


def corrected(asked: Asked, within: Query, *, index: Index = INDEX) -> Asked | None:
    """The search with each word that finds nothing read as the nearest one that finds something.

    A guess counts only if a document ``within`` what the reader may search holds it: what
    others keep to themselves is never suggested. None when there is nothing to correct.
    """
    known = lexicon()
    units: list[Unit] = []
    changes: list[tuple[str, str]] = []
    for unit, leaves in zip(asked.units, asked.leaves, strict=True):
        single = Asked((unit,), (leaves,))
        if len(unit.words) > 1 or index.at_most(Both((within, single.anywhere)), 0):
            units.append(unit)
            continue
        better = _guess(unit.words[0], known, within, index=index)
        units.append(better or unit)
        if better:
            changes.append((unit.words[0], better.words[0]))
    if not changes:
        return None
    spelled = spelling.written(word for _typed, word in changes) | known.written
    shown = tuple((typed, spelled.get(word, word)) for typed, word in changes)
    return replace(_of_units(units), corrected=shown)


def _guess(word: str, known: Lexicon, within: Query, *, index: Index) -> Unit | None:
    near = spelling.nearest(word, {*spelling.guesses(word), *known.guesses(word)})
    for each in near:
        unit = known.unit(each)
        if index.at_most(Both((within, _of_units([unit]).anywhere)), 0):
            return unit
    return None


def nearest_first(
    asked: Asked,
    within: Query,
    cursor: Cursor,
    *,
    among: Select[int] | None = None,
    index: Index = INDEX,
) -> Page[int]:
    """A page of document ids: by where the words stand, then the newest; one statement.

    ``among`` are the ids of the few documents to look at, if it is only they.
    """
    mark, backwards = position(cursor, (literal(0), literal(0)))
    parts = []
    for place in range(CLASSES):
        wanted = Both((within, asked.exactly(place)))
        found = (index.find(wanted) if among is None else _of(among, wanted, index)).subquery()
        number = found.c[0]
        query = select(literal(place).label("place"), number.label("id"))
        if mark is not None:
            query = query.where(*_beyond(place, number, mark, backwards=backwards))
        order = number.desc() if backwards else number.asc()
        some = query.order_by(order).limit(cursor.size + 1).subquery()
        parts.append(select(some.c.place, some.c.id))
    every = union_all(*parts).subquery()
    return keyset_page(select(every.c.id), (every.c.place, every.c.id), cursor)


def _of(among: Select[int], wanted: Query, index: Index) -> Select[int]:
    """A few documents that answer, each looked at by itself."""
    ids = index.documents.c.id
    return select(ids).where(ids.in_(among), index.holds(wanted))


def _beyond(
    place: int, number: ColumnElement[int], mark: Sequence[int], *, backwards: bool
) -> list[ColumnElement[bool]]:
    """What lies beyond a mark in one class: all of a farther one, nothing of a nearer one."""
    at, last = mark
    if place == at:
        return [number < last if backwards else number > last]
    return [false()] if (place > at) == backwards else []


def written_words(asked: Asked) -> tuple[str, ...]:
    """The words to point out where a find is shown."""
    return tuple(word for unit in asked.units for word in unit.words)
