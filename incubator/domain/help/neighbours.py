"""Who and what stands near a question: people who could help, threads that resemble it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import Integer, bindparam, case, func, literal, select, union_all

from incubator.domain.help.models import Question, QuestionWord
from incubator.domain.help.queries import READABLE
from incubator.domain.help.rules import telling_words
from incubator.kernel.db import BigId, db
from incubator.kernel.text import slugify
from incubator.network.members.models import Member, MemberSkill
from incubator.network.members.reader import values_of
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Collection

    from incubator.kernel.keyset import Statement
    from incubator.network.members.actor import Actor

HELPERS_MOST: Final = 5
# Of each skill, this many members are compared: the cost of a thread is not the network's.
COMPARED_PER_SKILL: Final = 60
SIMILAR_MOST: Final = 5
COMPARED_PER_WORD: Final = 200
ALIKE: Final = 2


class Helper(NamedTuple):
    """A member who could help, with the skills of the question they offer."""

    slug: str
    name: str
    city: str | None
    skill_ids: frozenset[int]


class Alike(NamedTuple):
    """A thread that resembles another."""

    id: int
    title: str
    is_solved: bool
    answer_count: int

    @property
    def slug(self) -> str:
        """The readable part of its address."""
        return slugify(self.title)


def who_could_help(question: Question, *, but: Collection[int] = ()) -> list[Helper]:
    """Active members who offer a skill of the question, the nearest first, without some.

    Near is the site where it was asked, then its country; then who offers more of the skills
    and knows them better.
    """
    skill_ids = [each.skill_id for each in question.skills]
    if not skill_ids:
        return []
    values = {
        **{f"skill{place}": skill_id for place, skill_id in enumerate(skill_ids)},
        "but": sorted({question.author_id, *but}),
        "site_id": question.site_id,
        "country": question.site.country if question.site else None,
    }
    rows = db.session.execute(_helpers(len(skill_ids)), values)
    return [
        Helper(slug, name, city, frozenset(s for n, s in enumerate(skill_ids) if mask >> n & 1))
        for slug, name, city, mask in rows
    ]


@cache
def _helpers(skills: int) -> Statement:
    """The statement for so many skills; each is a bit of what a member offers."""
    offers = [
        select(
            select(
                MemberSkill.member_id,
                MemberSkill.level,
                literal(2**place, Integer).label("bit"),
            )
            .where(
                MemberSkill.skill_id == bindparam(f"skill{place}", type_=BigId),
                ~MemberSkill.wanted,
            )
            .order_by(MemberSkill.member_id.desc())
            .limit(COMPARED_PER_SKILL)
            .subquery()
        )
        for place in range(skills)
    ]
    every = union_all(*offers).subquery()
    each = (
        select(
            every.c.member_id,
            func.sum(every.c.bit).label("mask"),
            func.count().label("number"),
            func.max(every.c.level).label("level"),
        )
        .group_by(every.c.member_id)
        .subquery()
    )
    here = Member.home_site_id.is_not_distinct_from(bindparam("site_id", type_=BigId))
    in_land = Site.country.is_not_distinct_from(bindparam("country", type_=Site.country.type))
    return (
        select(Member.slug, Member.name, Site.city, each.c.mask)
        .join(each, each.c.member_id == Member.id)
        .outerjoin(Site, Site.id == Member.home_site_id)
        .where(Member.active, Member.id.not_in(bindparam("but", type_=BigId, expanding=True)))
        .order_by(
            case((here, 0), (in_land, 1), else_=2),
            each.c.number.desc(),
            each.c.level.desc(),
            Member.id,
        )
        .limit(HELPERS_MOST)
    )


def similar(actor: Actor, title: str, *, but: int | None = None) -> list[Alike]:
    """Questions whose titles share words with this one, solved ones first among equals."""
    wanted = telling_words(title)
    if not wanted:
        return []
    values = values_of(actor) | {f"word{place}": word for place, word in enumerate(wanted)}
    rows = db.session.execute(_similar(len(wanted)), values | {"but": but or 0})
    return [Alike(id_, title, state == "solved", count) for id_, title, state, count in rows]


@cache
def _similar(words: int) -> Statement:
    parts = [
        select(
            select(QuestionWord.question_id)
            .where(QuestionWord.word == bindparam(f"word{place}"))
            .order_by(QuestionWord.question_id.desc())
            .limit(COMPARED_PER_WORD)
            .subquery()
        )
        for place in range(words)
    ]
    every = union_all(*parts).subquery()
    shared = func.count().label("shared")
    counted = (
        select(every.c.question_id, shared)
        .group_by(every.c.question_id)
        .having(shared >= min(ALIKE, words))
        .subquery()
    )
    return (
        select(Question.id, Question.title, Question.state, Question.answer_count)
        .join(counted, counted.c.question_id == Question.id)
        .where(READABLE, Question.id != bindparam("but", type_=BigId))
        .order_by(counted.c.shared.desc(), (Question.state == "solved").desc(), Question.id.desc())
        .limit(SIMILAR_MOST)
    )
