"""The one vocabulary of skills: families and their terms, and the words that mean them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from incubator.kernel.db import db
from incubator.kernel.text import begun_in, fold
from incubator.network.members.models import Skill
from incubator.network.members.skill_models import SkillMerge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_TERMS = 5000
# Two languages, before and after a change.
KEPT = 4


class Term(NamedTuple):
    """A skill, or a family when it has no parent."""

    id: int
    slug: str
    name: str
    parent_id: int | None


class Family(NamedTuple):
    """A family with its terms; it may itself be offered."""

    head: Term
    terms: list[Term]


class Row(NamedTuple):
    """A term as stored, with the one it was merged into."""

    id: int
    slug: str
    name_fr: str
    name_en: str
    parent_id: int | None
    kept_id: int | None


@dataclass(frozen=True)
class Vocabulary:
    """Every term in one language, by id; ``merged`` leads from terms that are gone to others."""

    terms: dict[int, Term]
    merged: Mapping[int, int] = field(default_factory=dict)
    old_slugs: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def key(self) -> str:
        """A short key of everything it says, for whoever keeps a drawing of it."""
        said = repr(tuple(self.terms.values()))
        return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()

    def families(self) -> list[Family]:
        """The families in order of their names, each with all that belongs to it."""
        children: dict[int, list[Term]] = {}
        for term in self.terms.values():
            if term.parent_id is not None:
                children.setdefault(self.head_of(term), []).append(term)
        return [
            Family(term, children.get(term.id, []))
            for term in self.terms.values()
            if term.parent_id is None
        ]

    def head_of(self, term: Term) -> int:
        """The id of the family that a term belongs to, however deep."""
        while term.parent_id is not None and term.parent_id in self.terms:
            term = self.terms[term.parent_id]
        return term.id

    def with_slug(self, slug: str) -> Term | None:
        """The term of an address part, also of one that was merged into another."""
        found = next((term for term in self.terms.values() if term.slug == slug), None)
        return found or self.terms.get(self.old_slugs.get(slug, 0))

    def below(self, term: Term) -> list[int]:
        """The ids of a term and of all that belongs to it."""
        found = [term.id]
        for each in found:
            found += [t.id for t in self.terms.values() if t.parent_id == each]
        return found

    def named(self, typed: str) -> Term | None:
        """The term of exactly this name, accents and case aside."""
        wanted = fold(typed.strip())
        return next((term for term in self.terms.values() if fold(term.name) == wanted), None)

    def beginning(self, wanted: Sequence[str]) -> list[Term]:
        """The terms in whose name a word begins with each of these folded words."""
        return [term for term in self.terms.values() if begun_in(term.name, wanted)]

    def with_merged(self, term: Term) -> tuple[int, ...]:
        """The ids of a term, of all that belongs to it and of what was merged into any."""
        kept = set(self.below(term))
        return (*sorted(kept), *(gone for gone, into in self.merged.items() if into in kept))


_ROWS = (
    select(
        Skill.id,
        Skill.slug,
        Skill.name_fr,
        Skill.name_en,
        Skill.parent_id,
        SkillMerge.kept_id,
    )
    .outerjoin(SkillMerge, SkillMerge.gone_id == Skill.id)
    .order_by(Skill.id)
    .limit(MOST_TERMS)
)


def rows() -> tuple[Row, ...]:
    """Every term with what it was merged into, in one statement."""
    return tuple(map(Row._make, db.session.execute(_ROWS)))


def vocabulary(language: str) -> Vocabulary:
    """All the terms in «fr» or «en», in the order of their names."""
    return in_language(rows(), language)


@lru_cache(maxsize=8)
def in_language(stored: tuple[Row, ...], language: str) -> Vocabulary:
    """The vocabulary of these rows; kept, since they rarely change."""
    merged = {row.id: row.kept_id for row in stored if row.kept_id is not None}
    for gone, kept in merged.items():
        last = kept
        while last in merged:
            last = merged[last]
        merged[gone] = last
    named = [
        Term(row.id, row.slug, row.name_fr if language == "fr" else row.name_en, row.parent_id)
        for row in stored
        if row.kept_id is None
    ]
    ordered = sorted(named, key=lambda term: fold(term.name))
    old = {row.slug: merged[row.id] for row in stored if row.id in merged}
    return Vocabulary({term.id: term for term in ordered}, merged, old)
