"""Threads that resemble a title, before it is asked once more; solved ones first.

Each telling word, and each skill that it means, finds its newest threads; those that share enough
are weighed. The cost depends on the words of the title, not on how many threads there are.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Integer, bindparam, exists, func, select, union_all

from incubator.domain.help.learning.sheets import titles_of
from incubator.domain.help.models import Acceptance, Answer, Question
from incubator.domain.help.post_models import Duplicate
from incubator.domain.help.queries import READABLE
from incubator.domain.help.rules import is_telling
from incubator.domain.help.search_marks import (
    INDEX,
    SOLVED,
    latest,
    newest_document,
    readable,
    within,
)
from incubator.kernel.db import BigId, db
from incubator.kernel.fulltext import Either, Query, Token, key_of, number_of, spelled
from incubator.kernel.stems import stems
from incubator.kernel.text import excerpt, plain_text, slugify, words
from incubator.network.members.lexicon import Unit, lexicon
from incubator.network.members.reader import values_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from incubator.kernel.keyset import Statement
    from incubator.network.members.actor import Actor

MOST: Final = 5
# Of each word, so many threads are compared; of a title, so many words, and so many by twos.
COMPARED: Final = 60
UNITS_MOST: Final = 5
PAIRED: Final = 3
ERAS: Final = 2
# In the title, and in the question or what solved it.
LETTERS: Final = "ac"
WEIGHTS: Final = (4, 2)
OF_SKILL: Final = 2
OF_PAIR: Final = 6
# One word is no likeness, unless there is only one.
ENOUGH: Final = 6
WEIGHED: Final = 40
SNIPPET: Final = 140


@dataclass(frozen=True)
class Alike:
    """A thread that resembles a title, with the words they share and what solved it.

    ``sheet`` is the title of the practice sheet that was made of it.
    """

    id: int
    title: str
    is_solved: bool
    answer_count: int
    words: tuple[str, ...] = ()
    solution: str = ""
    sheet: str = ""

    @property
    def slug(self) -> str:
        """The readable part of its address."""
        return slugify(self.title)


def similar(actor: Actor, title: str) -> list[Alike]:
    """Threads that a reader may see and that resemble a title."""
    text = words(title)
    telling = [word for word in text if is_telling(word)]
    if not telling:
        return []
    chosen, said = _chosen(actor, lexicon().units(telling, text), newest_document())
    solved = [row.id for row in chosen if row.state == "solved"]
    told, sheets = _solutions(solved), titles_of(solved)
    return [_told(row, said, told.get(row.id, ""), sheet=sheets.get(row.id, "")) for row in chosen]


def like(actor: Actor, question: Question, newest: int | None) -> list[Alike]:
    """Threads that a reader may see and that resemble one whose skills are loaded.

    What solved them is not told; ``newest`` is the key of the latest document of the index.
    """
    telling = [Unit((word,)) for word in words(question.title) if is_telling(word)]
    asked = Unit((), frozenset(each.skill_id for each in question.skills))
    chosen, said = _chosen(actor, [*dict.fromkeys(telling), asked], newest, but=question.id)
    return [_told(row, said) for row in chosen]


def _told(row: Any, said: tuple[str, ...], solution: str = "", *, sheet: str = "") -> Alike:
    solved = row.state == "solved"
    return Alike(row.id, row.title, solved, row.answer_count, said, solution, sheet)


def _chosen(
    actor: Actor, found: Sequence[Unit], newest: int | None, *, but: int = 0
) -> tuple[list[Any], tuple[str, ...]]:
    """The threads to show, and the words that were looked for."""
    # A skill that was chosen tells most, then the longest words.
    units = sorted(found, key=lambda unit: (bool(unit.words), -sum(map(len, unit.words))))
    units = units[:UNITS_MOST]
    near = [row for row in _nearest(actor, units, newest) if row.id != but][: 2 * MOST]
    # Those that are solved save a question; sorting keeps the nearest first among equals.
    chosen = sorted(near, key=lambda row: row.state != "solved")[:MOST]
    return chosen, tuple(word for unit in units for word in unit.words)


def _nearest(actor: Actor, units: Sequence[Unit], newest: int | None) -> list[Any]:
    """The threads that are alike enough, the nearest first.

    Each word found only its newest threads: what else stands in the titles of the best ones is
    looked at here. Of equals, those that share a seldom word come first.
    """
    weights = _weights(actor, units, newest)
    sharing = Counter(unit for of_thread in weights.values() for unit in of_thread)

    def order(id_: int) -> tuple[int, int]:
        mine = weights[id_]
        return -sum(mine.values()), min(sharing[unit] for unit in mine)

    ranked = sorted(weights, key=order)
    rows = _rows(actor, [key_of(id_) for id_ in ranked[:WEIGHED]])
    least = ENOUGH if len(units) > 1 else WEIGHTS[0]
    totals = {row.id: _total(row.title, units, weights[number_of(row.id)]) for row in rows}
    near = [row for row in rows if totals[row.id] >= least]
    return sorted(near, key=lambda row: (-totals[row.id], -row.id))


def _total(title: str, units: Sequence[Unit], weights: Mapping[int, int]) -> int:
    there = set(words(title))
    there |= {stem for word in there for stem in stems(word)}
    titled = {
        number: WEIGHTS[0] * len(unit.words)
        for number, unit in enumerate(units)
        if unit.words and all(there & {word, *stems(word)} for word in unit.words)
    }
    return sum({**weights, **titled}.values())


def _word(word: str, letter: str) -> Query:
    """A whole word or one of its stems in a text: titles are compared by words, not beginnings."""
    same = (word, *(f"_{stem}" for stem in sorted(stems(word))))
    return Either(tuple(Token(letter + each) for each in same))


def _anywhere(unit: Unit) -> Query:
    """Every word of a unit in the title or in the question."""
    return within(
        *(Either(tuple(_word(word, letter) for letter in LETTERS)) for word in unit.words)
    )


def _singles(units: Sequence[Unit]) -> Iterator[tuple[Query, int, int]]:
    """Where each unit may stand, with its number and its weight there."""
    for number, unit in enumerate(units):
        for letter, weight in zip(LETTERS, WEIGHTS, strict=True) if unit.words else ():
            # Words that are said together weigh as much as each of them by itself would.
            together = within(*(_word(word, letter) for word in unit.words))
            yield together, number, weight * len(unit.words)
        if unit.skills:
            skills = tuple(Token(f"_k{skill}") for skill in sorted(unit.skills))
            yield Either(skills), number, OF_SKILL


def _pairs(units: Sequence[Unit], newest: int | None) -> Iterator[tuple[Query, int, int]]:
    """Common words find their own newest threads, not those that have two of them."""
    worded = [unit for unit in units if unit.words][:PAIRED]
    lately = (latest(ERAS, newest),) if len(worded) > 1 else ()
    for number, pair in enumerate(combinations(worded, 2), start=len(units)):
        yield within(*lately, *map(_anywhere, pair)), number, OF_PAIR


def _weights(actor: Actor, units: Sequence[Unit], newest: int | None) -> dict[int, dict[int, int]]:
    """What each document found weighs by unit; one statement."""
    mine, leaves = readable(actor), [*_singles(units), *_pairs(units, newest)]
    # Those that are solved by themselves too, so that newer open ones do not crowd them out.
    found = [
        (within(mine, query, *more), unit, weight)
        for query, unit, weight in leaves
        for more in ((), (Token(SOLVED),))
    ]
    values: dict[str, object] = {}
    for place, (query, unit, weight) in enumerate(found):
        values |= {f"q{place}": spelled(query), f"u{place}": unit, f"w{place}": weight}
    dialect = db.session.get_bind().dialect.name
    weights: dict[int, dict[int, int]] = {}
    for id_, unit, weight in db.session.execute(_statement(len(found), dialect), values):
        weights.setdefault(id_, {})[unit] = weight
    return weights


@cache
def _statement(parts: int, dialect: str) -> Statement:
    """Built once for each number of parts and kind of database: building takes the longest."""
    del dialect
    every = union_all(*map(_part, range(parts))).subquery()
    heaviest = func.max(every.c.weight).label("weight")
    return select(every.c.id, every.c.unit, heaviest).group_by(every.c.id, every.c.unit)


def _part(place: int) -> Statement:
    """The newest that answer one query, with the unit that it counts for and its weight."""
    found = INDEX.found_by(f"q{place}")
    number = found.selected_columns[0]
    newest = found.order_by(number).limit(COMPARED).subquery().c[0]
    told = {name: bindparam(f"{name[0]}{place}", type_=Integer) for name in ("unit", "weight")}
    return select(newest.label("id"), *(value.label(name) for name, value in told.items()))


_ROWS = select(Question.id, Question.title, Question.state, Question.answer_count).where(
    Question.id.in_(bindparam("ids", type_=BigId, expanding=True)),
    READABLE,
    # Who reads a repeated question is led to the first: that one is shown by itself.
    ~exists().where(Duplicate.question_id == Question.id),
)


def _rows(actor: Actor, question_ids: Sequence[int]) -> Sequence[Any]:
    if not question_ids:
        return []
    return db.session.execute(_ROWS, values_of(actor) | {"ids": question_ids}).all()


_SOLUTIONS = (
    select(Acceptance.question_id, Answer.body_html)
    .join(Answer, Answer.id == Acceptance.answer_id)
    .where(Acceptance.question_id.in_(bindparam("ids", type_=BigId, expanding=True)))
    .where(~Answer.removed)
    .order_by(Acceptance.question_id, Acceptance.id.desc())
)


def _solutions(question_ids: Sequence[int]) -> dict[int, str]:
    """The beginning of what was accepted first, by question."""
    if not question_ids:
        return {}
    rows = db.session.execute(_SOLUTIONS, {"ids": question_ids})
    return {question_id: excerpt(plain_text(html), SNIPPET) for question_id, html in rows}
