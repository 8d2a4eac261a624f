"""Words as searches compare them: each folded word, its stems in our languages, its small words.

Stems are made of folded words, so that who writes without accents finds the same.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from snowballstemmer import stemmer

from incubator.kernel.text import fold, parts, words

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 60
# Shorter words have no endings worth taking off.
SHORTEST_STEMMED = 4
_STEMMERS = (stemmer("french"), stemmer("english"))
# Said by everybody of everything: they narrow nothing.
_SMALL = """
a au aux avec ce ces d dans de des du en est et il ils j je l la le les leur leurs m ma mes mon n
ne nos notre nous on ou par pas pour qu que qui s sa se ses si son sont sur t te un une vos votre
vous y an and are as at by can do does for from has have he her his i in is it its my of or our
she so that the their they this to we who with you your
"""
SMALL = frozenset(_SMALL.split())


@lru_cache(maxsize=50_000)
def stems(word: str) -> frozenset[str]:
    """The stems of a folded word in French and in English; none for a short one or a number."""
    if len(word) < SHORTEST_STEMMED or not word.isalpha():
        return frozenset()
    return frozenset(each.stemWord(word) for each in _STEMMERS)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """One stem for comparing phrases: French, which takes the plural off English words too."""
    return str(_STEMMERS[0].stemWord(word)) if len(word) >= SHORTEST_STEMMED else word


def search_words(text: str, most: int) -> tuple[str, ...]:
    """The folded words of a search, each once; small ones only if there is nothing else."""
    found = tuple(dict.fromkeys(word[:LONGEST] for word in words(text)))
    telling = tuple(word for word in found if word not in SMALL)
    return (telling or found)[:most]


def spellings(texts: Iterable[str]) -> dict[str, str]:
    """The folded words of some texts, each with how it was written, in lower case."""
    found: dict[str, str] = {}
    for text in texts:
        for written in parts(text):
            folded = fold(written)
            if folded.isalnum() and folded.isascii():
                found.setdefault(folded[:LONGEST], written.lower()[:LONGEST])
    return found


def distance(one: str, other: str, most: int) -> int:
    """Letters to add, drop, change or swap with their neighbour; beyond ``most`` it is more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, there in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != there))
            swapped = i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == there
            row.append(min(cost, older[j - 2] + 1) if swapped else cost)
        if min(row) > most:
            return most + 1
    return row[-1]
