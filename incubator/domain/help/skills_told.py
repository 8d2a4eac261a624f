"""Skills that a question seems to ask for: those its words name, and those of threads like it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from incubator.domain.help.models import QuestionSkill
from incubator.kernel.db import db
from incubator.kernel.text import words
from incubator.network.members.lexicon import lexicon
from incubator.network.members.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from incubator.network.members.vocabulary import Term

MOST: Final = 5
# A question says early what it is about.
WORDS_MOST: Final = 400
TITLE: Final = 2
# However long the text: beyond this a term is not meant more.
TEXT_MOST: Final = 6
# What one thread like it weighs: two of them are as telling as a name.
LIKE: Final = 1.5
# One seldom word in the title is enough, one in the text is not.
ENOUGH: Final = 2


def proposed(
    title: str,
    body: str,
    *,
    language: str,
    like: Iterable[int] = (),
    but: Collection[int] = (),
) -> list[Term]:
    """The terms to tick, the likeliest first, in a language; without those ticked already.

    ``like`` are threads that the reader may see and that resemble the title.
    """
    meant = lexicon()
    score = {term: TITLE * weight for term, weight in meant.spoken_of(words(title)).items()}
    for term, weight in meant.spoken_of(words(body)[:WORDS_MOST]).items():
        score[term] = score.get(term, 0) + min(weight, TEXT_MOST)
    for term in _skills_of(like):
        score[term] = score.get(term, 0) + LIKE
    known = vocabulary(language)
    heads = {family.head.id for family in known.families() if family.terms}
    likely = [
        (-weight, term)
        for term, weight in score.items()
        if weight >= ENOUGH and term in known.terms and term not in heads and term not in but
    ]
    return [known.terms[term] for _weight, term in sorted(likely)[:MOST]]


def _skills_of(question_ids: Iterable[int]) -> list[int]:
    ids = sorted(question_ids)
    query = select(QuestionSkill.skill_id).where(QuestionSkill.question_id.in_(ids))
    return list(db.session.scalars(query)) if ids else []
