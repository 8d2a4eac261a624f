"""Lists of questions: each is made of index ranges, so that its cost is its page's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from incubator.domain.help.models import (
    Acceptance,
    Answer,
    Question,
    QuestionSkill,
    QuestionWord,
)
from incubator.domain.help.queries import readable
from incubator.kernel.db import db
from incubator.kernel.keyset import Cursor, Page, keyset_page, narrowed
from incubator.kernel.text import words
from incubator.network.members.models import Member, MemberSkill, Skill

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor

VIEWS: Final = ("for_me", "open", "unanswered", "solved", "mine", "all")
STATES: Final = {"solved": ("solved",), "mine": ("open", "solved"), "all": ("open", "solved")}
PAGE_SIZE: Final = 20
WAITING_MOST: Final = 10
WORDS_MOST: Final = 6
MY_SKILLS_MOST: Final = 30
FACES: Final = 3
RECENT_ACCEPTANCES: Final = 200
# Words hold letters and digits only: «{» comes right after «z».
LAST: Final = "{"


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a reader looks for: a view, a skill, a site, words in the title."""

    view: str = "open"
    skill_id: int | None = None
    site_id: int | None = None
    words: str = ""


@dataclass(frozen=True)
class Thread:
    """A line of a list: the question, and the first few who answered it."""

    question: Question
    faces: Sequence[Member]

    @property
    def shown(self) -> tuple[object, ...]:
        """Everything the line says, for whoever keeps a drawing of it."""
        asked = self.question
        place = (asked.site.city, asked.site.hue) if asked.site else ()
        return (
            (asked.id, asked.title, asked.summary, asked.language, asked.audience),
            (asked.state, asked.answer_count, asked.last_activity_at, asked.author.name, place),
            tuple((each.skill_id, each.skill.name_fr, each.skill.name_en) for each in asked.skills),
            tuple((each.slug, each.name, each.face) for each in self.faces),
        )


def page_for(actor: Actor, filters: Filters, cursor: Cursor) -> Page[Thread]:
    """The questions that a reader may see and looks for, the latest activity first."""
    skill_ids = _skill_ids(actor, filters)
    if skill_ids == []:
        return Page(rows=[])
    states = STATES.get(filters.view, ("open",))
    anything: list[int | None] = [None]
    ranges = [
        _range(state, skill_id, cursor).where(*_conditions(actor, filters))
        for state in states
        for skill_id in skill_ids or anything
    ]
    found = keyset_page(_joined(ranges), _KEYS, cursor, newest_first=True)
    faces = _faces([question.id for question in found.rows])
    rows = [Thread(question, faces.get(question.id, [])) for question in found.rows]
    return Page(rows=rows, next=found.next, previous=found.previous)


_KEYS = (Question.last_activity_at, Question.id)


def _range(state: str, skill_id: int | None, cursor: Cursor) -> Select[Any]:
    """The ids of one state, and of one skill if given, as far as the page may need them."""
    if skill_id is None:
        return narrowed(
            select(Question.id).where(Question.state == state), _KEYS, cursor, newest_first=True
        )
    keys = (QuestionSkill.last_activity_at, QuestionSkill.question_id)
    of_skill = (
        select(QuestionSkill.question_id.label("id"))
        .join(Question, Question.id == QuestionSkill.question_id)
        .where(QuestionSkill.skill_id == skill_id, QuestionSkill.state == state)
    )
    return narrowed(of_skill, keys, cursor, newest_first=True)


def _joined(ranges: Sequence[Select[Any]]) -> Select[Any]:
    # SQLite takes no parentheses around the parts of a union: each is a subquery.
    parts = [select(each.subquery().c.id) for each in ranges]
    return (
        select(Question)
        .where(Question.id.in_(union_all(*parts)))
        .options(
            joinedload(Question.author),
            joinedload(Question.site),
            selectinload(Question.skills).joinedload(QuestionSkill.skill),
        )
    )


def _conditions(actor: Actor, filters: Filters) -> list[Any]:
    found: list[Any] = [readable(actor)]
    if filters.view == "unanswered":
        found.append(Question.answer_count == 0)
    if filters.view == "mine":
        found.append(Question.author_id == actor.id)
    if filters.view == "for_me":
        found.append(Question.author_id != actor.id)
    if filters.site_id is not None:
        found.append(Question.site_id == filters.site_id)
    found += [_has_word(word) for word in words(filters.words)[:WORDS_MOST]]
    return found


def _has_word(prefix: str) -> Any:
    of_word = select(QuestionWord.question_id).where(
        QuestionWord.word >= prefix, QuestionWord.word < prefix + LAST
    )
    return Question.id.in_(of_word)


def _skill_ids(actor: Actor, filters: Filters) -> list[int] | None:
    """The skills to look for; None is any, an empty list is none at all."""
    wanted = None if filters.skill_id is None else [filters.skill_id]
    if filters.view != "for_me":
        return wanted
    offered = [skill.id for skill in skills_of(actor.id)]
    return offered if wanted is None else [each for each in offered if each in wanted]


def skills_of(member_id: int) -> Sequence[Skill]:
    """What a member offers, in their own order."""
    return db.session.scalars(
        select(Skill)
        .join(MemberSkill, MemberSkill.skill_id == Skill.id)
        .where(MemberSkill.member_id == member_id, ~MemberSkill.wanted)
        .order_by(MemberSkill.position, Skill.id)
        .limit(MY_SKILLS_MOST)
    ).all()


def waiting_for(actor: Actor) -> int:
    """How many open questions ask for what a member offers, counted up to ten."""
    # Every question has at most five skills: fifty lines hold ten questions.
    lines = (
        select(QuestionSkill.question_id)
        .select_from(MemberSkill)
        .join(QuestionSkill, QuestionSkill.skill_id == MemberSkill.skill_id)
        .join(Question, Question.id == QuestionSkill.question_id)
        .where(
            MemberSkill.member_id == actor.id,
            ~MemberSkill.wanted,
            QuestionSkill.state == "open",
            Question.author_id != actor.id,
            readable(actor),
        )
        .limit(WAITING_MOST * 5)
        .subquery()
    )
    count = db.session.scalar(select(func.count(func.distinct(lines.c.question_id))))
    return min(count or 0, WAITING_MOST)


def wanted_for(actor: Actor, most: int = 3) -> Sequence[Thread]:
    """The latest open questions that ask for what a member offers."""
    return page_for(actor, Filters(view="for_me"), Cursor(size=most)).rows


def _faces(question_ids: Iterable[int]) -> dict[int, list[Member]]:
    ids = sorted(set(question_ids))
    if not ids:
        return {}
    first = (
        select(Answer.question_id, Answer.author_id, func.min(Answer.id).label("first"))
        .where(Answer.question_id.in_(ids), ~Answer.removed)
        .group_by(Answer.question_id, Answer.author_id)
        .subquery()
    )
    place = func.row_number().over(partition_by=first.c.question_id, order_by=first.c.first)
    placed = select(first, place.label("place")).subquery()
    rows = db.session.execute(
        select(placed.c.question_id, Member)
        .join(Member, Member.id == placed.c.author_id)
        .where(placed.c.place <= FACES)
        .order_by(placed.c.question_id, placed.c.place)
    )
    found: dict[int, list[Member]] = {}
    for question_id, member in rows:
        found.setdefault(question_id, []).append(member)
    return found


def helpers_since(instant: datetime, most: int = 3) -> Sequence[tuple[Member, int]]:
    """Whose answers were accepted most among the latest, with how many."""
    recent = (
        select(Acceptance.answer_id)
        .where(Acceptance.accepted_at >= instant)
        .order_by(Acceptance.accepted_at.desc())
        .limit(RECENT_ACCEPTANCES)
        .subquery()
    )
    times = func.count().label("times")
    counted = (
        select(Answer.author_id, times)
        .join(recent, recent.c.answer_id == Answer.id)
        .group_by(Answer.author_id)
        .order_by(times.desc(), Answer.author_id)
        .limit(most)
        .subquery()
    )
    rows = db.session.execute(
        select(Member, counted.c.times)
        .join(counted, counted.c.author_id == Member.id)
        .options(joinedload(Member.home_site))
        .order_by(counted.c.times.desc(), Member.id)
    )
    return [(member, number) for member, number in rows]
