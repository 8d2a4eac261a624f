"""Who and what stands near a question: people who could help, threads that resemble it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import joinedload

from incubator.domain.help.models import Question, QuestionWord
from incubator.domain.help.queries import readable
from incubator.domain.help.rules import telling_words
from incubator.kernel.db import db
from incubator.network.members.audiences import showing
from incubator.network.members.models import Member, MemberSkill
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from incubator.network.members.actor import Actor

HELPERS_MOST: Final = 5
# Of each skill, this many members are compared: the cost of a thread is not the network's.
COMPARED_PER_SKILL: Final = 60
SIMILAR_MOST: Final = 5
COMPARED_PER_WORD: Final = 200
ALIKE: Final = 2


@dataclass(frozen=True)
class Helper:
    """A member who could help, with the skills of the question they offer."""

    member: Member
    skill_ids: frozenset[int]


def who_could_help(question: Question, *, reader: Actor, but: Collection[int] = ()) -> list[Helper]:
    """Active members who offer a skill of the question, the nearest first, without some.

    What they offer must be for the reader's eyes.
    Near is the site where it was asked, then its country; then who offers more of the skills
    and knows them better.
    """
    skill_ids = [each.skill_id for each in question.skills]
    offered: dict[int, set[int]] = {}
    order: dict[int, tuple[int, int]] = {}
    country = question.site.country if question.site else None
    candidates = _candidates(skill_ids)
    left_out = {question.author_id, *but}
    shown = showing("offers", reader, candidates)
    for member_id, skill_id, level, site_id, land in candidates:
        if member_id in left_out or member_id not in shown:
            continue
        offered.setdefault(member_id, set()).add(skill_id)
        far = 0 if site_id == question.site_id else 1 if land == country else 2
        best = max(level, -order[member_id][1]) if member_id in order else level
        order[member_id] = (far, -best)
    chosen = sorted(order, key=lambda m: (order[m][0], -len(offered[m]), order[m][1], m))
    members = _members(chosen[:HELPERS_MOST])
    return [Helper(members[m], frozenset(offered[m])) for m in chosen[:HELPERS_MOST]]


def _candidates(skill_ids: Sequence[int]) -> Sequence[Any]:
    if not skill_ids:
        return []
    parts = [
        select(
            select(MemberSkill.member_id, MemberSkill.skill_id, MemberSkill.level)
            .where(MemberSkill.skill_id == skill_id, ~MemberSkill.wanted)
            .order_by(MemberSkill.member_id.desc())
            .limit(COMPARED_PER_SKILL)
            .subquery()
        )
        for skill_id in skill_ids
    ]
    near = union_all(*parts).subquery()
    return db.session.execute(
        select(Member.id, near.c.skill_id, near.c.level, Member.home_site_id, Site.country)
        .join(Member, Member.id == near.c.member_id)
        .outerjoin(Site, Site.id == Member.home_site_id)
        .where(Member.active)
    ).all()


def _members(member_ids: Sequence[int]) -> dict[int, Member]:
    if not member_ids:
        return {}
    rows = db.session.scalars(
        select(Member).where(Member.id.in_(member_ids)).options(joinedload(Member.home_site))
    )
    return {member.id: member for member in rows}


def similar(actor: Actor, title: str, *, but: int | None = None) -> list[Question]:
    """Questions whose titles share words with this one, solved ones first among equals."""
    wanted = telling_words(title)
    if not wanted:
        return []
    parts = [
        select(
            select(QuestionWord.question_id)
            .where(QuestionWord.word == word)
            .order_by(QuestionWord.question_id.desc())
            .limit(COMPARED_PER_WORD)
            .subquery()
        )
        for word in wanted
    ]
    every = union_all(*parts).subquery()
    shared = func.count().label("shared")
    counted = (
        select(every.c.question_id, shared)
        .group_by(every.c.question_id)
        .having(shared >= min(ALIKE, len(wanted)))
        .subquery()
    )
    rows = db.session.scalars(
        select(Question)
        .join(counted, counted.c.question_id == Question.id)
        .where(readable(actor), Question.id != (but or 0))
        .order_by(counted.c.shared.desc(), (Question.state == "solved").desc(), Question.id.desc())
        .limit(SIMILAR_MOST)
    )
    return list(rows)
