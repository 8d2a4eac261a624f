"""A thread as its page opens it: all that there is once of it, read in two statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, bindparam, case, distinct, exists, func, literal, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from incubator.domain.help.care_models import SHOWN_KINDS, Case, Measure
from incubator.domain.help.follow_models import Bump, Follow
from incubator.domain.help.follows import Kept
from incubator.domain.help.learning.models import Sheet
from incubator.domain.help.models import Answer, Closure, Question, QuestionSkill
from incubator.domain.help.post_models import Attachment, Comment, Draft, Duplicate, Lock, Vote
from incubator.domain.help.queries import READABLE
from incubator.domain.help.routing.models import OPEN, HelpRequest
from incubator.domain.help.search_marks import NEWEST
from incubator.domain.help.search_models import Saved
from incubator.domain.help.talks.models import Origin, Talk
from incubator.kernel.db import BigId, db
from incubator.kernel.errors import NotFound
from incubator.network.members.models import Member, MemberSkill
from incubator.network.members.reader import READER_ID, values_of

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A thread for one reader.

    ``lock``, ``closure`` and ``duplicate`` are its records, with who made them; ``draft`` is the
    answer that the reader has begun; ``asked`` whether they are asked to help; ``cared_for``
    whether its page has to tell what managers did; ``cities`` from how many it was answered;
    ``mine`` are its skills that the reader offers; ``newest`` is the key of the latest document
    of the index.
    """

    question: Question
    lock: Lock | None
    closure: Closure | None
    duplicate: Duplicate | None
    draft: Draft | None
    kept: Kept
    voted: bool
    asked: bool
    commented: bool
    has_files: bool
    began_in_a_room: bool
    is_talked_through: bool
    has_sheet: bool
    cared_for: bool
    cities: int
    newest: int | None
    mine: frozenset[int]


_THREAD: Final = bindparam("question_id", type_=BigId)


def _there(model: Any, *conditions: Any) -> Any:
    return exists(literal(1)).where(model.question_id == Question.id, *conditions)


_begun = (
    select(Draft.id)
    .where(Draft.author_id == READER_ID, Draft.question_id == _THREAD, Draft.kind == "answer")
    # With an answer it is that one rewritten.
    .where(Draft.answer_id.is_(None))
    .order_by(Draft.saved_at.desc(), Draft.id.desc())
    .limit(1)
    .scalar_subquery()
)
_cities = (
    select(func.count(distinct(Member.home_site_id)))
    .select_from(Answer)
    .join(Member, Member.id == Answer.author_id)
    .where(Answer.question_id == _THREAD, ~Answer.removed)
    .scalar_subquery()
)
_OPENED = (
    select(
        Question,
        Lock,
        Closure,
        Duplicate,
        Draft,
        _there(Follow, Follow.member_id == READER_ID, Follow.active).label("followed"),
        _there(Saved, Saved.member_id == READER_ID).label("saved"),
        _there(Bump, Bump.member_id == READER_ID, Bump.read_at.is_(None)).label("unread"),
        _there(Vote, Vote.member_id == READER_ID, Vote.answer_id.is_(None)).label("voted"),
        _there(HelpRequest, HelpRequest.member_id == READER_ID, HelpRequest.state == OPEN).label(
            "asked"
        ),
        _there(Comment, ~Comment.removed).label("commented"),
        _there(Attachment).label("has_files"),
        _there(Origin).label("began_in_a_room"),
        _there(Talk).label("is_talked_through"),
        _there(Sheet, Sheet.withdrawn_at.is_(None)).label("has_sheet"),
        _there(
            Case,
            Measure.case_id == Case.id,
            Measure.kind.in_(SHOWN_KINDS),
            Measure.undone_at.is_(None),
        ).label("cared_for"),
        case((Question.answer_count > 1, _cities), else_=0).label("cities"),
        NEWEST.scalar_subquery().label("newest"),
    )
    .outerjoin(Lock, Lock.question_id == Question.id)
    .outerjoin(Closure, and_(Closure.question_id == Question.id, Question.state == "solved"))
    .outerjoin(Duplicate, and_(Duplicate.question_id == Question.id, Question.state == "solved"))
    .outerjoin(Draft, Draft.id == _begun)
    .where(Question.id == _THREAD, READABLE)
    .options(
        joinedload(Question.author).joinedload(Member.home_site),
        joinedload(Question.site),
        joinedload(Question.circle),
        joinedload(Lock.by),
        joinedload(Closure.by),
        joinedload(Duplicate.by),
        joinedload(Duplicate.original),
    )
)
_offered = exists(literal(1)).where(
    MemberSkill.member_id == READER_ID,
    MemberSkill.skill_id == QuestionSkill.skill_id,
    ~MemberSkill.wanted,
)
_SKILLS = (
    select(QuestionSkill, _offered)
    .where(QuestionSkill.question_id == _THREAD)
    .options(joinedload(QuestionSkill.skill))
    .order_by(QuestionSkill.position)
)


def opened(actor: Actor, question_id: int) -> Opened:
    """A thread with its author, site and skills loaded; raise NotFound ``help.question``."""
    values = values_of(actor) | {"question_id": question_id}
    row = db.session.execute(_OPENED, values).one_or_none()
    if row is None:
        raise NotFound("help.question")
    question, lock, closure, duplicate, draft = row[:5]
    return Opened(
        question=question,
        lock=lock,
        closure=closure,
        duplicate=duplicate,
        draft=draft,
        kept=Kept(bool(row.followed), bool(row.saved), bool(row.unread)),
        voted=bool(row.voted),
        asked=bool(row.asked),
        commented=bool(row.commented),
        has_files=bool(row.has_files),
        began_in_a_room=bool(row.began_in_a_room),
        is_talked_through=bool(row.is_talked_through),
        has_sheet=bool(row.has_sheet),
        cared_for=bool(row.cared_for),
        cities=row.cities,
        newest=row.newest,
        mine=_with_skills(question, values),
    )


def _with_skills(question: Question, values: dict[str, Any]) -> frozenset[int]:
    """Give a question its skills; those of them that the reader offers."""
    rows = db.session.execute(_SKILLS, values).all()
    set_committed_value(question, "skills", [asked for asked, _offers in rows])
    return frozenset(asked.skill_id for asked, offers in rows if offers)
