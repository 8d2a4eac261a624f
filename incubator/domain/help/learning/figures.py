"""What managers learn: figures of months, skills that are missing, people who could teach.

Nobody is ranked: figures are of sites and skills, never of a person, and those of fewer than
five questions leave times out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, case, distinct, func, literal_column, select
from sqlalchemy.orm import joinedload

from incubator.domain.help.learning.models import MonthFigures
from incubator.domain.help.models import Acceptance, Answer, Question, QuestionSkill
from incubator.domain.help.queries import READABLE
from incubator.kernel.db import db
from incubator.network.members.audiences import chosen_for, shows
from incubator.network.members.models import Member, MemberSkill, Skill
from incubator.network.members.reader import values_of
from incubator.network.members.skill_models import Proof
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from incubator.network.members.actor import Actor

LATELY: Final = timedelta(days=90)
TAUGHT_SINCE: Final = timedelta(days=365)
TAUGHT_LEAST: Final = 3
COVERED: Final = 2
LISTED_MOST: Final = 50
MENTORS_MOST: Final = 30
COMPARED_MOST: Final = 200


def trend(months: Sequence[date], site_id: int | None) -> dict[date, MonthFigures]:
    """The figures of some months for a site, or without one for the network; all skills."""
    rows = db.session.scalars(
        select(MonthFigures).where(
            MonthFigures.month.in_(months),
            MonthFigures.site_id.is_not_distinct_from(site_id),
            MonthFigures.skill_id.is_(None),
        )
    )
    return {row.month: row for row in rows}


def by_site(month: date, site_ids: Collection[int]) -> dict[int, MonthFigures]:
    """The figures of a month by site, of some sites."""
    rows = db.session.scalars(
        select(MonthFigures).where(
            MonthFigures.month == month,
            MonthFigures.site_id.in_(site_ids),
            MonthFigures.skill_id.is_(None),
        )
    )
    return {row.site_id: row for row in rows if row.site_id is not None}


def by_skill(month: date, site_id: int | None) -> list[tuple[Skill, MonthFigures]]:
    """The figures of a month by skill, those most asked for first."""
    rows = db.session.execute(
        select(Skill, MonthFigures)
        .join(MonthFigures, MonthFigures.skill_id == Skill.id)
        .where(MonthFigures.month == month, MonthFigures.site_id.is_not_distinct_from(site_id))
        .order_by(MonthFigures.asked.desc(), Skill.id)
        .limit(COMPARED_MOST)
    )
    return [(row[0], row[1]) for row in rows]


def unanswered(actor: Actor, site_id: int | None, *, now: datetime) -> Sequence[Question]:
    """Open questions to which nobody replied for a day, the oldest first.

    Of one site, or without it of all that the reader may read.
    """
    query = (
        select(Question)
        .where(
            # Spelt out, so that SQLite sees that the partial index holds them.
            Question.state == literal_column("'open'"),
            Question.first_reply_at.is_(None),
            Question.asked_at <= now - timedelta(hours=24),
            READABLE,
        )
        .options(joinedload(Question.site))
        .order_by(Question.asked_at, Question.id)
        .limit(LISTED_MOST)
    )
    if site_id is not None:
        query = query.where(Question.site_id == site_id)
    return db.session.scalars(query, values_of(actor)).all()


@dataclass(frozen=True, slots=True)
class Coverage:
    """A skill asked for lately: how often, how often in vain, who answered and who offers it."""

    skill: Skill
    asked: int
    in_vain: int
    answerers: int
    offering: int

    @property
    def is_missing(self) -> bool:
        """Whether fewer than two people answered."""
        return self.answerers < COVERED


def coverage(site_id: int | None, *, now: datetime) -> list[Coverage]:
    """The skills asked for in the last 90 days, those that lack answerers first."""
    since = now - LATELY
    asked = (
        select(
            QuestionSkill.skill_id,
            func.count().label("asked"),
            func.sum(case((Question.first_reply_at.is_(None), 1), else_=0)).label("in_vain"),
        )
        .join(Question, Question.id == QuestionSkill.question_id)
        .where(Question.asked_at >= since, Question.state != "removed")
        .group_by(QuestionSkill.skill_id)
    )
    if site_id is not None:
        asked = asked.where(Question.site_id == site_id)
    wanted = asked.subquery()
    rows = db.session.execute(
        select(Skill, wanted.c.asked, wanted.c.in_vain)
        .join(wanted, wanted.c.skill_id == Skill.id)
        .order_by(wanted.c.asked.desc(), Skill.id)
        .limit(COMPARED_MOST)
    ).all()
    ids = [row[0].id for row in rows]
    answerers, offering = _answerers(ids, since), _offering(ids)
    found = [
        Coverage(skill, count, int(in_vain), answerers.get(skill.id, 0), offering.get(skill.id, 0))
        for skill, count, in_vain in rows
    ]
    return sorted(found, key=lambda one: (one.answerers >= COVERED, -one.asked))


def _answerers(skill_ids: Sequence[int], since: datetime) -> dict[int, int]:
    rows = db.session.execute(
        select(QuestionSkill.skill_id, func.count(distinct(Answer.author_id)))
        .join(Answer, Answer.question_id == QuestionSkill.question_id)
        .join(Question, Question.id == Answer.question_id)
        .where(
            Answer.answered_at >= since,
            ~Answer.removed,
            Answer.author_id != Question.author_id,
            QuestionSkill.skill_id.in_(skill_ids),
        )
        .group_by(QuestionSkill.skill_id)
    )
    return {row[0]: row[1] for row in rows}


def _offering(skill_ids: Sequence[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(MemberSkill.skill_id, func.count())
        .join(Member, and_(Member.id == MemberSkill.member_id, Member.active))
        .where(MemberSkill.skill_id.in_(skill_ids), ~MemberSkill.wanted)
        .group_by(MemberSkill.skill_id)
    )
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True, slots=True)
class Mentor:
    """A member whose help with a skill was confirmed often enough to teach it."""

    slug: str
    name: str
    face: str | None
    city: str | None
    skill: Skill
    times: int


def mentors(actor: Actor, site_id: int | None, *, now: datetime) -> list[Mentor]:
    """Who could teach a skill that they offer, in the order of their names.

    Confirmed three times and within a year; whoever hides what they offer is left out.
    """
    query = (
        select(
            Member.id,
            Member.slug,
            Member.name,
            Member.face.label("face"),
            Member.home_site_id,
            Site.city,
            Site.country,
            chosen_for("offers").label("audience"),
            Skill,
            Proof.count.label("times"),
        )
        .join(Proof, Proof.member_id == Member.id)
        .join(Skill, Skill.id == Proof.skill_id)
        .join(
            MemberSkill,
            and_(
                MemberSkill.member_id == Member.id,
                MemberSkill.skill_id == Proof.skill_id,
                ~MemberSkill.wanted,
            ),
        )
        .outerjoin(Site, Site.id == Member.home_site_id)
        .where(Member.active, Proof.count >= TAUGHT_LEAST, Proof.last_at >= now - TAUGHT_SINCE)
        .order_by(Member.sort_name, Member.id, Skill.id)
        .limit(COMPARED_MOST)
    )
    if site_id is not None:
        query = query.where(Member.home_site_id == site_id)
    return [
        Mentor(row.slug, row.name, row.face, row.city, row.Skill, row.times)
        for row in db.session.execute(query)
        if shows(actor, row, name="offers", chosen=row.audience)
    ][:MENTORS_MOST]


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """A member's own numbers of the last 90 days; of themselves alone, and for them alone."""

    asked: int
    replied: int
    solved: int
    answered: int
    accepted: int
    thanked: int


def own(actor: Actor, *, now: datetime) -> OwnFigures:
    """What became of a reader's questions, and of their answers."""
    since = now - LATELY
    asked, replied, solved = db.session.execute(
        select(
            func.count(),
            func.count(Question.first_reply_at),
            func.count(Question.solved_at),
        ).where(
            Question.author_id == actor.id, Question.asked_at >= since, Question.state != "removed"
        )
    ).one()
    answered, accepted, thanked = db.session.execute(
        select(
            func.count(),
            func.count(Acceptance.id),
            func.coalesce(func.sum(Answer.thanks), 0),
        )
        .outerjoin(Acceptance, Acceptance.answer_id == Answer.id)
        .where(Answer.author_id == actor.id, Answer.answered_at >= since, ~Answer.removed)
    ).one()
    return OwnFigures(asked, replied, solved, answered, accepted, int(thanked))
