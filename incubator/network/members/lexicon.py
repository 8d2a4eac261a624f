"""Which skills the words of a search mean: names and synonyms in both languages.

Words mean a term by beginning, by stem and as phrases («droit du travail»). They are looked up
when searching, so that curating the vocabulary needs no new index.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.kernel import spelling
from incubator.kernel.db import db
from incubator.kernel.stems import SMALL, spellings, stem, stems
from incubator.kernel.text import words
from incubator.network.members import vocabulary
from incubator.network.members.models import SkillSynonym

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# Shorter beginnings would mean half the vocabulary.
SHORTEST_BEGINNING = 3
LONGEST_PHRASE = 5
# What a whole name in a text weighs beside one word of it; each of its words adds one.
WHOLE = 2
MOST_SYNONYMS = 20_000


@dataclass(frozen=True)
class Unit:
    """Words of a search that belong together, and the skills that they mean.

    ``loosely`` are skills that have one of these words among others: «comptabilité» means the
    skill of this name, and less so each one of «Comptabilité et finance».
    """

    words: tuple[str, ...]
    skills: frozenset[int] = frozenset()
    loosely: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Lexicon:
    """What words mean which terms. ``words`` are sorted pairs of a word and a term."""

    words: tuple[tuple[str, int], ...]
    stems: dict[str, frozenset[int]]
    phrases: dict[tuple[str, ...], frozenset[int]]
    below: dict[int, frozenset[int]]
    written: dict[str, str]
    left: dict[str, frozenset[str]]

    def units(self, asked: Sequence[str], text: Sequence[str]) -> list[Unit]:
        """The units of a search: ``asked`` are its telling words, ``text`` all of them."""
        found: list[Unit] = []
        place = 0
        while place < len(text):
            length, skills = self._phrase(text[place:])
            if skills:
                phrase = tuple(text[place : place + length])
                telling = tuple(word for word in phrase if word not in SMALL)
                found.append(Unit(telling or phrase, self.with_all_below(skills)))
            elif text[place] in asked:
                found.append(self.unit(text[place]))
            place += length
        return list(dict.fromkeys(found))

    def spoken_of(self, text: Sequence[str]) -> dict[int, float]:
        """The terms that a text speaks of: their whole names weigh most, seldom words more.

        Every term is told once for the same words, however often they come back.
        """
        found: dict[int, float] = {}
        seen: set[tuple[str, ...]] = set()
        place = 0
        while place < len(text):
            length, named = self._phrase(text[place:])
            said = tuple(stem(word) for word in text[place : place + length])
            place += length
            if said in seen or (length == 1 and text[place - 1] in SMALL):
                continue
            seen.add(said)
            whole = named or self.phrases.get(said, frozenset())
            parts = {term for each in stems(text[place - 1]) for term in self.stems.get(each, ())}
            for term in whole or (parts if length == 1 else ()):
                weight = WHOLE + length if whole else 1 / len(parts)
                found[term] = found.get(term, 0) + weight
        return found

    def unit(self, word: str) -> Unit:
        """A word with the skills that it means by itself."""
        every = self.with_all_below(self.meaning(word))
        exact = self.with_all_below(self.phrases.get((stem(word),), ()))
        return Unit((word,), exact or every, every - exact if exact else frozenset())

    def meaning(self, word: str, *, shortest: int = SHORTEST_BEGINNING) -> frozenset[int]:
        """The terms a word of whose names begins so or has the same stem.

        A beginning must have ``shortest`` letters.
        """
        found = {term for each in stems(word) for term in self.stems.get(each, ())}
        if len(word) >= shortest or any(known == word for known, _term in self.words):
            start = bisect_left(self.words, (word, 0))
            for known, term in self.words[start:]:
                if not known.startswith(word):
                    break
                found.add(term)
        return frozenset(found)

    def guesses(self, word: str) -> list[str]:
        """Words of the vocabulary that may have been meant."""
        dropped = spelling.left_of(word, spelling.mistakes(word))
        near = {each for left in dropped for each in self.left.get(left, ())}
        return spelling.nearest(word, near)

    def with_all_below(self, terms: Iterable[int]) -> frozenset[int]:
        """Terms with those that belong to them, and those that were merged into any."""
        return frozenset(each for term in terms for each in self.below.get(term, {term}))

    def _phrase(self, text: Sequence[str]) -> tuple[int, frozenset[int]]:
        for length in range(min(LONGEST_PHRASE, len(text)), 1, -1):
            known = self.phrases.get(tuple(stem(word) for word in text[:length]))
            if known:
                return length, known
        return 1, frozenset()


def lexicon() -> Lexicon:
    """The words of the present vocabulary; two statements."""
    query = select(SkillSynonym.skill_id, SkillSynonym.name).order_by(SkillSynonym.id)
    synonyms = tuple(
        (row.skill_id, row.name) for row in db.session.execute(query.limit(MOST_SYNONYMS))
    )
    return built(vocabulary.rows(), synonyms)


@lru_cache(maxsize=4)
def built(rows: tuple[vocabulary.Row, ...], synonyms: tuple[tuple[int, str], ...]) -> Lexicon:
    """The lexicon of these terms and synonyms; kept, since they rarely change."""
    kept = vocabulary.in_language(rows, "fr").merged
    names = [
        (kept.get(row.id, row.id), name) for row in rows for name in (row.name_fr, row.name_en)
    ]
    names += [(kept.get(skill_id, skill_id), name) for skill_id, name in synonyms]
    told: set[tuple[str, int]] = set()
    by_stem: dict[str, set[int]] = {}
    phrases: dict[tuple[str, ...], set[int]] = {}
    for term, name in names:
        found = words(name)
        phrases.setdefault(tuple(stem(word) for word in found), set()).add(term)
        for word in found:
            if word in SMALL:
                continue
            told.add((word, term))
            for each in stems(word):
                by_stem.setdefault(each, set()).add(term)
    written = spellings(name for _term, name in names)
    left: dict[str, set[str]] = {}
    for word in {word for word, _term in told if spelling.mistakes(word)}:
        for each in spelling.lefts(word):
            left.setdefault(each, set()).add(word)
    return Lexicon(
        tuple(sorted(told)),
        {key: frozenset(found) for key, found in by_stem.items()},
        {key: frozenset(found) for key, found in phrases.items()},
        _below(rows, kept),
        written,
        {key: frozenset(found) for key, found in left.items()},
    )


def _below(rows: tuple[vocabulary.Row, ...], kept: Mapping[int, int]) -> dict[int, frozenset[int]]:
    """Each term with all that belongs to it or was merged into any of that."""
    children: dict[int, list[int]] = {}
    for row in rows:
        parent = kept.get(row.id, row.parent_id)
        if parent is not None:
            children.setdefault(parent, []).append(row.id)
    found: dict[int, frozenset[int]] = {}
    for row in rows:
        all_below = [row.id]
        for each in all_below:
            all_below += [child for child in children.get(each, ()) if child not in all_below]
        found[row.id] = frozenset(all_below)
    return found
