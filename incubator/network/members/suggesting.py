"""Terms to suggest for what is typed so far: by beginnings, synonyms, stems and near misses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.kernel.text import fold, words
from incubator.network.members.lexicon import lexicon
from incubator.network.members.vocabulary import vocabulary

if TYPE_CHECKING:
    from incubator.network.members.vocabulary import Term

MOST_SUGGESTED = 8


def suggested(typed: str, language: str) -> list[Term]:
    """The terms that the typed words may mean in a language, the nearest first."""
    asked = words(typed)
    if not asked:
        return []
    known, meant = vocabulary(language), lexicon()
    found = [meant.meaning(word, shortest=1) for word in asked]
    ids = frozenset.intersection(*found)
    if not ids:
        guesses = [guess for word in asked for guess in meant.guesses(word)[:1]]
        ids = frozenset(term for guess in guesses for term in meant.meaning(guess))
    start = fold(typed.strip())
    terms = [known.terms[each] for each in ids if each in known.terms]
    terms.sort(key=lambda term: (not fold(term.name).startswith(start), fold(term.name)))
    return terms[:MOST_SUGGESTED]
