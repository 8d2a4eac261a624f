"""The words that documents hold: to spell out a beginning, and to guess a mistyped word.

A word is found by what is left of it when one or two letters are dropped: the cost of a guess
depends on the length of the word, not on how many words there are.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel.db import Base, db, insert_each_once
from incubator.kernel.stems import LONGEST, distance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Shorter words are not guessed; from LONG letters on two mistakes are forgiven.
SHORTEST = 4
LONG = 8
# Only so many first letters are compared by what is left of them.
COMPARED = 7
MOST_GUESSES = 8
MOST_LEFT = 200
_FOLDED = String(LONGEST).with_variant(String(LONGEST, collation="C"), "postgresql")


class KnownWord(Base):
    """A folded word of some document, with how it was first written."""

    __tablename__ = "kernel_word"

    word: Mapped[str] = mapped_column(_FOLDED, primary_key=True)
    written: Mapped[str] = mapped_column(String(LONGEST))


class WordLeft(Base):
    """What is left of the beginning of a word that everybody may read."""

    __tablename__ = "kernel_word_left"

    left: Mapped[str] = mapped_column(
        String(COMPARED).with_variant(String(COMPARED, collation="C"), "postgresql"),
        primary_key=True,
    )
    word: Mapped[str] = mapped_column(_FOLDED, primary_key=True, index=True)


def mistakes(word: str) -> int:
    """How many mistakes are forgiven in a word."""
    if len(word) < SHORTEST or not word.isalpha():
        return 0
    return 2 if len(word) >= LONG else 1


def left_of(word: str, dropped: int) -> set[str]:
    """The beginning of a word without up to so many of its letters."""
    start = word[:COMPARED]
    return {
        "".join(letter for place, letter in enumerate(start) if place not in gone)
        for count in range(dropped + 1)
        for gone in combinations(range(len(start)), count)
    }


def lefts(word: str) -> set[str]:
    """Under which a word is kept: one that is two letters shorter may be meant by a long one."""
    return left_of(word, 2 if len(word) >= LONG - 2 else 1)


def learn(spelled: Mapping[str, str], public: Iterable[str]) -> None:
    """Keep words with how they are written; only the public ones are ever guessed."""
    known = set(db.session.scalars(select(KnownWord.word).where(KnownWord.word.in_(spelled))))
    new = sorted(spelled.keys() - known)
    if new:
        insert_each_once(KnownWord, [{"word": word, "written": spelled[word]} for word in new])
    guessable = {word for word in public if mistakes(word)}
    told = set(db.session.scalars(select(WordLeft.word).where(WordLeft.word.in_(guessable))))
    rows = [
        {"left": left, "word": word}
        for word in sorted(guessable - told)
        for left in sorted(lefts(word))
    ]
    if rows:
        insert_each_once(WordLeft, rows)


def forget(words: Iterable[str]) -> None:
    """Drop words that no document holds any more."""
    gone = sorted(words)
    db.session.execute(delete(WordLeft).where(WordLeft.word.in_(gone)))
    db.session.execute(delete(KnownWord).where(KnownWord.word.in_(gone)))


def beginning(start: str, most: int) -> list[str]:
    """Known words that begin so, at most so many. «{» comes right after «z»."""
    query = select(KnownWord.word).where(KnownWord.word >= start, KnownWord.word < start + "{")
    return list(db.session.scalars(query.order_by(KnownWord.word).limit(most)))


def written(words: Iterable[str]) -> dict[str, str]:
    """How known words are written."""
    query = select(KnownWord.word, KnownWord.written).where(KnownWord.word.in_(list(words)))
    return dict(db.session.execute(query).all())


def guesses(word: str) -> list[str]:
    """Public words that may have been meant, the nearest first."""
    most = mistakes(word)
    if not most:
        return []
    query = select(WordLeft.word).where(WordLeft.left.in_(sorted(left_of(word, most))))
    return nearest(word, db.session.scalars(query.distinct().limit(MOST_LEFT)))


def nearest(word: str, candidates: Iterable[str]) -> list[str]:
    """Those within the mistakes that are forgiven, the nearest first."""
    most = mistakes(word)
    ranked = sorted((distance(word, each, most), each) for each in set(candidates))
    return [each for far, each in ranked if 0 < far <= most][:MOST_GUESSES]
