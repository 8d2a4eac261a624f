"""Lists of questions: each is made of index ranges, so that its cost is its page's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import Integer, and_, bindparam, case, func, select, union_all

from incubator.domain.help.anonymity import HIDES_ASKER
from incubator.domain.help.models import (
    Acceptance,
    Answer,
    Question,
    QuestionSkill,
)
from incubator.domain.help.queries import READABLE
from incubator.kernel.db import BigId, db
from incubator.kernel.keyset import Cursor, Page, Statement, Way, ready_page
from incubator.kernel.text import slugify
from incubator.network.members.circle_models import Circle
from incubator.network.members.models import Member, MemberSkill, Skill
from incubator.network.members.reader import READER_ID, Counter, values_of
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from incubator.network.members.actor import Actor

VIEWS: Final = ("for_me", "open", "unanswered", "solved", "mine", "all")
STATES: Final = {"solved": ("solved",), "mine": ("open", "solved"), "all": ("open", "solved")}
PAGE_SIZE: Final = 20
WAITING_MOST: Final = 10
MY_SKILLS_MOST: Final = 30
FACES: Final = 3
RECENT_ACCEPTANCES: Final = 200
# Statements kept built; there are more combinations of filters than anybody asks for.
KEPT_SHAPES: Final = 256


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a reader looks for without words: a view, a skill, a site, a circle."""

    view: str = "open"
    skill_id: int | None = None
    site_id: int | None = None
    circle_id: int | None = None


class Spot(NamedTuple):
    """Where a question was asked, in one word and one colour."""

    city: str
    hue: int


class Wanted(NamedTuple):
    """A skill that a question asks for."""

    id: int
    name_fr: str
    name_en: str

    def name_in(self, language: str) -> str:
        """The term in «fr» or «en»."""
        return self.name_fr if language == "fr" else self.name_en


class Face(NamedTuple):
    """Somebody who answered, with the key of their picture if everybody sees it."""

    slug: str
    name: str
    face: str | None


class Asked(NamedTuple):
    """A question as a list says it; ``author`` is empty when the reader may not know it."""

    id: int
    title: str
    summary: str
    language: str
    audience: str
    state: str
    answer_count: int
    asked_at: datetime
    last_activity_at: datetime
    needed_on: date | None
    author: str
    circle: str | None
    site: Spot | None

    @property
    def slug(self) -> str:
        """The readable part of its address."""
        return slugify(self.title)

    @property
    def is_solved(self) -> bool:
        """Whether an answer was accepted, or it was solved otherwise."""
        return self.state == "solved"


class Thread(NamedTuple):
    """A line of a list: the question, its skills and the first few who answered it."""

    question: Asked
    skills: tuple[Wanted, ...]
    faces: tuple[Face, ...]


def page_for(actor: Actor, filters: Filters, cursor: Cursor) -> Page[Thread]:
    """The questions that a reader may see and looks for, the latest activity first."""
    skill_ids = _skill_ids(actor, filters)
    if skill_ids == []:
        return Page(rows=[])
    shape = _Shape(
        view=filters.view,
        skills=len(skill_ids or ()),
        of_site=filters.site_id is not None,
        of_circle=filters.circle_id is not None,
    )
    values = values_of(actor) | {"site_id": filters.site_id, "circle_id": filters.circle_id}
    values |= {f"skill{n}": skill_id for n, skill_id in enumerate(skill_ids or ())}
    found = ready_page(partial(_statement, shape), _KEYS, cursor, newest_first=True, values=values)
    return Page(rows=_threads(found.rows), next=found.next, previous=found.previous)


def _threads(rows: Sequence[Any]) -> list[Thread]:
    ids = [row[0] for row in rows]
    skills, faces = _skills(ids), _faces(ids)
    return [
        Thread(
            Asked._make([*row[:_ASKED], None if row.hue is None else Spot(row.city, row.hue)]),
            tuple(skills.get(row[0], ())),
            tuple(faces.get(row[0], ())),
        )
        for row in rows
    ]


def threads_of(actor: Actor, question_ids: Sequence[int]) -> list[Thread]:
    """The threads of these ids that a reader may see, in this order."""
    if not question_ids:
        return []
    rows = db.session.execute(_CHOSEN, values_of(actor) | {"ids": question_ids}).all()
    by_id = {row.id: row for row in rows}
    return _threads([by_id[each] for each in question_ids if each in by_id])


@dataclass(frozen=True, kw_only=True)
class _Shape:
    """What of the filters changes the statement: it is built once for each."""

    view: str
    skills: int
    of_site: bool
    of_circle: bool

    def conditions(self) -> list[Any]:
        """What every range of the page must fulfil."""
        found: list[Any] = [READABLE]
        if self.view == "unanswered":
            found.append(Question.answer_count == 0)
        if self.view == "mine":
            found.append(Question.author_id == READER_ID)
        if self.view == "for_me":
            found.append(Question.author_id != READER_ID)
        if self.of_site:
            found.append(Question.site_id == bindparam("site_id", type_=BigId))
        if self.of_circle:
            found.append(Question.circle_id == bindparam("circle_id", type_=BigId))
        return found


@lru_cache(maxsize=KEPT_SHAPES)
def _statement(shape: _Shape, way: Way) -> Statement:
    """The ranges of every state and skill, joined and cut together."""
    states = STATES.get(shape.view, ("open",))
    places = range(shape.skills) if shape.skills else (None,)
    conditions = shape.conditions()
    ranges = [_range(state, place, way).where(*conditions) for state in states for place in places]
    return way.narrow(_joined(ranges), _KEYS)


_KEYS = (Question.last_activity_at, Question.id)


def _range(state: str, skill: int | None, way: Way) -> Statement:
    """The ids of one state, and of one skill if given, as far as the page may need them."""
    if skill is None:
        return way.narrow(select(Question.id).where(Question.state == state), _KEYS)
    keys = (QuestionSkill.last_activity_at, QuestionSkill.question_id)
    skill_id = bindparam(f"skill{skill}", type_=BigId)
    of_skill = (
        select(QuestionSkill.question_id.label("id"))
        .join(Question, Question.id == QuestionSkill.question_id)
        .where(QuestionSkill.skill_id == skill_id, QuestionSkill.state == state)
    )
    return way.narrow(of_skill, keys)


_COLUMNS = (
    Question.id,
    Question.title,
    Question.summary,
    Question.language,
    Question.audience,
    Question.state,
    Question.answer_count,
    Question.asked_at,
    Question.last_activity_at,
    Question.needed_on,
    # An empty name: who asked does not want it told to this reader.
    case((HIDES_ASKER, ""), else_=Member.name).label("author"),
    Circle.name.label("circle"),
)
_ASKED: Final = len(_COLUMNS)


def _joined(ranges: Sequence[Statement]) -> Statement:
    # SQLite takes no parentheses around the parts of a union: each is a subquery.
    parts = [select(each.subquery().c.id) for each in ranges]
    return (
        select(*_COLUMNS, Site.city, Site.hue)
        .add_columns(*(key.label(f"key{place}") for place, key in enumerate(_KEYS)))
        .join(Member, Member.id == Question.author_id)
        .outerjoin(Site, Site.id == Question.site_id)
        .outerjoin(Circle, Circle.id == Question.circle_id)
        .where(Question.id.in_(union_all(*parts)))
    )


def _skill_ids(actor: Actor, filters: Filters) -> list[int] | None:
    """The skills to look for; None is any, an empty list is none at all."""
    wanted = None if filters.skill_id is None else [filters.skill_id]
    if filters.view != "for_me":
        return wanted
    offered = offered_by(actor.id)
    return offered if wanted is None else [each for each in offered if each in wanted]


def skills_of(member_id: int) -> Sequence[Skill]:
    """What a member offers, in their own order."""
    return db.session.scalars(_OFFERED, {"member_id": member_id}).all()


def offered_by(member_id: int) -> list[int]:
    """The ids of what a member offers, in their own order."""
    return list(db.session.scalars(_OFFERED_IDS, {"member_id": member_id}))


_OFFERED = (
    select(Skill)
    .join(MemberSkill, MemberSkill.skill_id == Skill.id)
    .where(MemberSkill.member_id == bindparam("member_id"), ~MemberSkill.wanted)
    .order_by(MemberSkill.position, Skill.id)
    .limit(MY_SKILLS_MOST)
)
_OFFERED_IDS = (
    select(MemberSkill.skill_id)
    .where(MemberSkill.member_id == bindparam("member_id"), ~MemberSkill.wanted)
    .order_by(MemberSkill.position, MemberSkill.skill_id)
    .limit(MY_SKILLS_MOST)
)
# Every question has at most five skills: fifty lines hold ten questions.
_waiting = (
    select(QuestionSkill.question_id)
    .select_from(MemberSkill)
    .join(QuestionSkill, QuestionSkill.skill_id == MemberSkill.skill_id)
    .join(Question, Question.id == QuestionSkill.question_id)
    .where(
        MemberSkill.member_id == READER_ID,
        ~MemberSkill.wanted,
        QuestionSkill.state == "open",
        Question.author_id != READER_ID,
        READABLE,
    )
    .limit(WAITING_MOST * 5)
    .subquery()
)
# How many open questions ask for what a member offers.
WAITING = Counter(
    select(func.count(func.distinct(_waiting.c.question_id))).scalar_subquery(), WAITING_MOST
)


def wanted_for(actor: Actor, most: int = 3) -> Sequence[Thread]:
    """The latest open questions that ask for what a member offers."""
    return page_for(actor, Filters(view="for_me"), Cursor(size=most)).rows


_IDS = bindparam("ids", type_=BigId, expanding=True)
_CHOSEN = (
    select(*_COLUMNS, Site.city, Site.hue)
    .join(Member, Member.id == Question.author_id)
    .outerjoin(Site, Site.id == Question.site_id)
    .outerjoin(Circle, Circle.id == Question.circle_id)
    .where(Question.id.in_(_IDS), READABLE)
)
_SKILLS = (
    select(QuestionSkill.question_id, Skill.id, Skill.name_fr, Skill.name_en)
    .join(Skill, Skill.id == QuestionSkill.skill_id)
    .where(QuestionSkill.question_id.in_(_IDS))
    .order_by(QuestionSkill.question_id, QuestionSkill.position)
)


def _skills(question_ids: Sequence[int]) -> dict[int, list[Wanted]]:
    found: dict[int, list[Wanted]] = {}
    if question_ids:
        for row in db.session.execute(_SKILLS, {"ids": question_ids}):
            found.setdefault(row[0], []).append(Wanted._make(row[1:]))
    return found


# An answer of whoever asked without their name: naming its author would tell who asked.
OWN_AND_UNNAMED = and_(Question.anonymous, Answer.author_id == Question.author_id)
_first = (
    select(Answer.question_id, Answer.author_id, func.min(Answer.id).label("first"))
    .join(Question, Question.id == Answer.question_id)
    .where(
        Answer.question_id.in_(_IDS),
        ~Answer.removed,
        ~OWN_AND_UNNAMED,
    )
    .group_by(Answer.question_id, Answer.author_id)
    .subquery()
)
_place = func.row_number().over(partition_by=_first.c.question_id, order_by=_first.c.first)
_placed = select(_first, _place.label("place")).subquery()
_FACES = (
    select(_placed.c.question_id, Member.slug, Member.name, Member.face.label("face"))
    .join(Member, Member.id == _placed.c.author_id)
    .where(_placed.c.place <= FACES)
    .order_by(_placed.c.question_id, _placed.c.place)
)


def _faces(question_ids: Sequence[int]) -> dict[int, list[Face]]:
    found: dict[int, list[Face]] = {}
    if question_ids:
        for row in db.session.execute(_FACES, {"ids": question_ids}):
            found.setdefault(row[0], []).append(Face._make(row[1:]))
    return found


class Helper(NamedTuple):
    """Somebody whose answers were accepted, and how many."""

    slug: str
    name: str
    face: str | None
    city: str | None
    times: int


_recent = (
    select(Acceptance.answer_id)
    .join(Answer, Answer.id == Acceptance.answer_id)
    .join(Question, Question.id == Acceptance.question_id)
    .where(Acceptance.accepted_at >= bindparam("since"), ~OWN_AND_UNNAMED)
    .order_by(Acceptance.accepted_at.desc())
    .limit(RECENT_ACCEPTANCES)
    .subquery()
)
_times = func.count().label("times")
_counted = (
    select(Answer.author_id, _times)
    .join(_recent, _recent.c.answer_id == Answer.id)
    .group_by(Answer.author_id)
    .order_by(_times.desc(), Answer.author_id)
    .limit(bindparam("most", type_=Integer))
    .subquery()
)
_HELPERS = (
    select(Member.slug, Member.name, Member.face.label("face"), Site.city, _counted.c.times)
    .join(_counted, _counted.c.author_id == Member.id)
    .outerjoin(Site, Site.id == Member.home_site_id)
    .order_by(_counted.c.times.desc(), Member.id)
)


def helpers_since(instant: datetime, most: int = 3) -> list[Helper]:
    """Whose answers were accepted most among the latest, with how many."""
    rows = db.session.execute(_HELPERS, {"since": instant, "most": most})
    return [Helper(*row) for row in rows]
