"""The members who could answer a question, the likeliest first: few candidates, then points.

Candidates are found along indexes: of each skill so many members from a place that differs for
each question, so many of the asker's site, so many whose help was confirmed. The cost does not
grow with the network, and nobody is out of reach for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, Select, func, select, union_all

from incubator.domain.help.models import QuestionSkill
from incubator.domain.help.routing.people import Person, engaged, people
from incubator.domain.help.routing.rules import (
    ABOVE,
    BELOW,
    NAMED,
    SAME,
    Facts,
    Match,
    reasons,
    score,
    turn,
)
from incubator.domain.help.rules import is_telling
from incubator.kernel.db import db
from incubator.kernel.stems import stem
from incubator.kernel.text import words
from incubator.network.members.audiences import fields_seen
from incubator.network.members.lexicon import lexicon
from incubator.network.members.models import Member, MemberSkill
from incubator.network.members.skill_models import Proof
from incubator.network.members.vocabulary import rows
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from incubator.domain.help.models import Question
    from incubator.domain.help.routing.rules import Reason
    from incubator.network.members.actor import Actor

COMPARED_PER_SKILL: Final = 60
NEAR_MOST: Final = 200
PROVEN_MOST: Final = 60
NAMED_MOST: Final = 3


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """Somebody to ask: how soon, and why; ``asked`` tells whether they offer what is asked for."""

    person: Person
    asked: bool
    score: int
    reasons: list[Reason]


def ranked(question: Question, asker: Actor, *, now: datetime) -> list[Ranked]:
    """Whom to ask, the likeliest first: never who is in the thread already, nor who rests.

    What somebody offers counts as far as they show it to the asker.
    """
    skills = wanted(question)
    known = people(_candidates(question, skills) - engaged(question), question, now=now)
    free = {each.id: each for each in known.values() if each.free}
    shown = _showing(asker, free)
    matches = _matches(shown, skills, now=now)
    country = _country(question, free)
    found = [
        _ranked(free[each], tuple(matches.get(each, ())), question, country=country)
        for each in sorted(shown)
    ]
    chosen = [each for each in found if each.score]
    return sorted(chosen, key=lambda each: _order(question, each))


def _order(question: Question, found: Ranked) -> tuple[bool, int, int]:
    """Who offers what is asked for goes before who offers what the title only speaks of."""
    return not found.asked, -found.score, turn(question.id, found.person.id)


def _ranked(
    person: Person, matches: tuple[Match, ...], question: Question, *, country: str | None
) -> Ranked:
    facts = Facts(
        matches=matches,
        site=person.home_site_id is not None and person.home_site_id == question.site_id,
        country=country is not None and person.country == country,
        here=person.here,
        awake=person.awake,
        speaks=question.language in person.languages,
        state=person.state,
        open=person.asked.open,
    )
    return Ranked(
        person=person,
        asked=any(match.relation != NAMED for match in matches),
        score=score(facts),
        reasons=reasons(facts),
    )


def _showing(asker: Actor, free: Mapping[int, Person]) -> set[int]:
    seen = fields_seen(asker, free.values())
    return {member_id for member_id, fields in seen.items() if "offers" in fields}


def _country(question: Question, free: Mapping[int, Person]) -> str | None:
    """Where it was asked, if anybody of those who are free lives in a country at all."""
    if question.site_id is None or not free:
        return None
    return db.session.scalar(select(Site.country).where(Site.id == question.site_id))


# What can be offered, with what it answers and how.
Wanted = dict[int, list[tuple[int, str]]]


def wanted(question: Question) -> Wanted:
    """What can be offered to a question."""
    asked = set(
        db.session.scalars(
            select(QuestionSkill.skill_id).where(QuestionSkill.question_id == question.id)
        )
    )
    found: Wanted = {each: [(each, SAME)] for each in sorted(asked)}
    for row in rows():
        if row.kept_id is not None:
            continue
        if row.parent_id in asked:
            found.setdefault(row.id, []).append((row.parent_id, BELOW))
        if row.id in asked and row.parent_id is not None:
            found.setdefault(row.parent_id, []).append((row.id, ABOVE))
    for each in sorted(_named(question.title) - found.keys()):
        found[each] = [(each, NAMED)]
    return found


def _named(title: str) -> set[int]:
    """The skills whose name or synonym stands whole in a title: one word of it may mean others."""
    text, known = words(title), lexicon()
    units = known.units([word for word in text if is_telling(word)], text)
    found = [
        unit.skills if len(unit.words) > 1 else known.phrases.get((stem(unit.words[0]),), ())
        for unit in units
    ]
    return {each for skills in found if len(skills) == 1 for each in skills}


def _candidates(question: Question, skills: Wanted) -> set[int]:
    if not skills:
        return set()
    last = db.session.scalar(select(func.max(Member.id))) or 0
    start = turn(question.id, 0) % (last + 1)
    parts = [_proven([each for each in skills if (each, SAME) in skills[each]])]
    for skill_id in skills:
        parts += [
            _offering(skill_id, MemberSkill.member_id >= start),
            _offering(skill_id, MemberSkill.member_id < start),
        ]
    if question.site_id is not None:
        parts.append(_near(question.site_id, skills))
    every = union_all(*(select(part.subquery().c[0]) for part in parts)).subquery()
    return set(db.session.scalars(select(every.c[0]).distinct()))


def _offering(skill_id: int, where: ColumnElement[bool]) -> Select[int]:
    return (
        select(MemberSkill.member_id)
        .where(MemberSkill.skill_id == skill_id, ~MemberSkill.wanted, where)
        .order_by(MemberSkill.member_id)
        .limit(COMPARED_PER_SKILL)
    )


def _proven(skill_ids: Collection[int]) -> Select[int]:
    query = select(Proof.member_id).where(Proof.skill_id.in_(skill_ids))
    return query.order_by(Proof.last_at.desc()).limit(PROVEN_MOST)


def _near(site_id: int, skill_ids: Collection[int]) -> Select[int]:
    return (
        select(MemberSkill.member_id)
        .join(Member, Member.id == MemberSkill.member_id)
        .where(Member.home_site_id == site_id, Member.active)
        .where(MemberSkill.skill_id.in_(list(skill_ids)), ~MemberSkill.wanted)
        .limit(NEAR_MOST)
    )


def _matches(
    member_ids: Collection[int], skills: Wanted, *, now: datetime
) -> dict[int, list[Match]]:
    """What each of some members offers of what is asked for, with the help that was confirmed."""
    levels = _levels(member_ids, skills)
    found: dict[int, list[Match]] = {}
    proofs = _proofs(member_ids, skills)
    for member_id, skill_id in sorted(levels.keys() | proofs.keys()):
        times, last_at = proofs.get((member_id, skill_id), (0, None))
        found.setdefault(member_id, []).extend(
            Match(
                skill_id=skill_id,
                asked_id=asked_id,
                level=levels.get((member_id, skill_id), 0),
                relation=relation,
                helped=times,
                since=None if last_at is None else now - last_at,
            )
            for asked_id, relation in skills[skill_id]
        )
    return found


def offering(member_ids: Collection[int], skills: Wanted) -> set[int]:
    """Those of some members who offer something of what is asked for."""
    return {member_id for member_id, _skill in _levels(member_ids, skills)}


def _levels(member_ids: Collection[int], skills: Wanted) -> dict[tuple[int, int], int]:
    offered = db.session.execute(
        select(MemberSkill.member_id, MemberSkill.skill_id, MemberSkill.level).where(
            MemberSkill.member_id.in_(member_ids),
            MemberSkill.skill_id.in_(skills),
            ~MemberSkill.wanted,
        )
    )
    return {(member_id, skill_id): level for member_id, skill_id, level in offered}


def _proofs(
    member_ids: Collection[int], skills: Wanted
) -> dict[tuple[int, int], tuple[int, datetime]]:
    confirmed = db.session.execute(
        select(Proof.member_id, Proof.skill_id, Proof.count, Proof.last_at).where(
            Proof.member_id.in_(member_ids), Proof.skill_id.in_(skills)
        )
    )
    return {(who, skill): (count, last_at) for who, skill, count, last_at in confirmed}
