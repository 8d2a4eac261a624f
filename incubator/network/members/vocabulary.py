"""The one vocabulary of skills: families and their terms."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import select

from incubator.kernel.db import db
from incubator.kernel.text import fold
from incubator.network.members.models import Skill

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


@dataclass(frozen=True)
class Vocabulary:
    """Every term in one language, by id."""

    terms: dict[int, Term]

    @cached_property
    def key(self) -> str:
        """A short key of everything it says, for whoever keeps a drawing of it."""
        said = repr(tuple(self.terms.values()))
        return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()

    def families(self) -> list[Family]:
        """The families in order of their names, each with its terms in order of theirs."""
        children: dict[int, list[Term]] = {}
        for term in self.terms.values():
            if term.parent_id is not None:
                children.setdefault(term.parent_id, []).append(term)
        return [
            Family(term, children.get(term.id, []))
            for term in self.terms.values()
            if term.parent_id is None
        ]

    def with_slug(self, slug: str) -> Term | None:
        """The term of an address part."""
        return next((term for term in self.terms.values() if term.slug == slug), None)

    def below(self, term: Term) -> list[int]:
        """The ids of a term and of all that belongs to it."""
        found = [term.id]
        for each in found:
            found += [t.id for t in self.terms.values() if t.parent_id == each]
        return found


def vocabulary(language: str) -> Vocabulary:
    """All the terms in «fr» or «en», in the order of their names."""
    rows = db.session.execute(_TERMS[language == "fr"])
    return _made(tuple(map(tuple, rows)))


_TERMS = {
    french: select(
        Skill.id, Skill.slug, Skill.name_fr if french else Skill.name_en, Skill.parent_id
    )
    .order_by(Skill.id)
    .limit(MOST_TERMS)
    for french in (True, False)
}


@lru_cache(maxsize=KEPT)
def _made(rows: tuple[tuple[Any, ...], ...]) -> Vocabulary:
    """The vocabulary that these rows say: read each time, put in order once."""
    ordered = sorted(map(Term._make, rows), key=lambda term: fold(term.name))
    return Vocabulary({term.id: term for term in ordered})
