"""The one vocabulary of skills: families and their terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from incubator.kernel.db import db
from incubator.kernel.text import fold
from incubator.network.members.models import Skill

MOST_TERMS = 5000


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

    @property
    def shown(self) -> tuple[Term, ...]:
        """Everything it says, for whoever keeps a drawing of it."""
        return tuple(self.terms.values())

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
    name = Skill.name_fr if language == "fr" else Skill.name_en
    rows = db.session.execute(
        select(Skill.id, Skill.slug, name, Skill.parent_id).limit(MOST_TERMS)
    ).all()
    ordered = sorted((Term(*row) for row in rows), key=lambda term: fold(term.name))
    return Vocabulary({term.id: term for term in ordered})
