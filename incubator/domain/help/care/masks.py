"""What the page of a thread tells of care: hidden posts, words to an author, an offered move."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, select

from incubator.domain.help.care import doors, policy
from incubator.domain.help.care_models import SHOWN_KINDS, Case, Measure
from incubator.domain.help.models import Answer, Question
from incubator.domain.help.policy import is_for
from incubator.domain.help.post_models import Comment
from incubator.kernel.db import BigId, db
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from incubator.network.members.actor import Actor


class Mask(NamedTuple):
    """A hidden post: why, and its words if they are for the reader; ``under`` is its answer's id.

    ``case_id`` and ``by`` are for those who may undo it, else None and empty.
    """

    id: int
    reason: str
    hidden_at: datetime
    html: str
    own: bool
    case_id: int | None
    by: str
    under: int | None = None


class Word(NamedTuple):
    """What a manager wrote to the author of a post, or did about a thread."""

    post: str
    note: str
    by: str
    taken_at: datetime
    measure_id: int
    audience: str
    site_id: int | None
    until: date | None


@dataclass
class Told:
    """What care says in the page of a thread, for one reader."""

    answers: list[Mask] = field(default_factory=list)
    comments: list[Mask] = field(default_factory=list)
    warnings: list[Word] = field(default_factory=list)
    offer: Word | None = None
    pin: Word | None = None

    def add(self, mask: Mask, post: Answer | Comment) -> None:
        """Let a hidden post stand in its place."""
        if isinstance(post, Comment):
            self.comments.append(mask._replace(under=post.answer_id))
        else:
            self.answers.append(mask)

    def comments_under(self, answer_id: int | None) -> list[Mask]:
        """The hidden comments on an answer, or on the question (None)."""
        return [mask for mask in self.comments if mask.under == answer_id]


_STANDING = (
    select(Measure, Case, Member.name)
    .join(Case, Case.id == Measure.case_id)
    .join(Member, Member.id == Measure.by_id)
    .where(
        Case.question_id == bindparam("question_id", type_=BigId),
        Measure.undone_at.is_(None),
        Measure.kind.in_(SHOWN_KINDS),
    )
    .order_by(Measure.id)
)


def told_of(reader: Actor, question: Question, today: date) -> Told:
    """What care says in the page of a thread that the reader may see."""
    told = Told()
    rows = db.session.execute(_STANDING, {"question_id": question.id}).all()
    hidden = _posts([case for measure, case, _by in rows if measure.kind == "hide"])
    for measure, case, by in rows:
        if measure.kind == "hide":
            post = hidden.get(case.post)
            if post is not None:
                told.add(_mask(reader, question, post, measure=measure, case=case, by=by), post)
        elif measure.kind == "warn" and case.author_id == reader.id:
            told.warnings.append(_word(measure, case, by))
        elif measure.kind == "offer":
            told.offer = _word(measure, case, by)
        elif measure.kind == "pin" and measure.until is not None and measure.until >= today:
            told.pin = _word(measure, case, by)
    return told


def _word(measure: Measure, case: Case, by: str) -> Word:
    where = (measure.audience, measure.site_id, measure.until)
    return Word(case.post, measure.note, by, measure.taken_at, measure.id, *where)


def _posts(cases: Sequence[Case]) -> dict[str, Answer | Comment]:
    """The hidden answers and comments of some cases, by their names."""
    answers = [case.answer_id for case in cases if case.kind == "answer"]
    comments = [case.comment_id for case in cases if case.kind == "comment"]
    found: dict[str, Answer | Comment] = {}
    if answers:
        given = db.session.scalars(select(Answer).where(Answer.id.in_(answers)))
        found |= {f"answer-{row.id}": row for row in given}
    if comments:
        said = db.session.scalars(select(Comment).where(Comment.id.in_(comments)))
        found |= {f"comment-{row.id}": row for row in said}
    return found


def _mask(
    reader: Actor,
    question: Question,
    post: Question | Answer | Comment,
    *,
    measure: Measure,
    case: Case,
    by: str,
) -> Mask:
    reads = policy.may_read_hidden(reader, question, post)
    decides = policy.may_decide(reader, case)
    return Mask(
        id=post.id,
        reason=measure.note,
        hidden_at=measure.taken_at,
        html=post.body_html if reads else "",
        own=post.author_id == reader.id,
        case_id=case.id if decides else None,
        by=by if decides else "",
    )


def hidden_thread(reader: Actor, question_id: int) -> tuple[Question, Mask] | None:
    """A hidden question that was for the reader's eyes; None for any other.

    What it says is theirs to read only if the mask has ``html``.
    """
    row = db.session.execute(
        select(Measure, Case, Member.name)
        .join(Case, Case.id == Measure.case_id)
        .join(Member, Member.id == Measure.by_id)
        .where(
            Case.question_id == question_id,
            Case.answer_id.is_(None),
            Case.comment_id.is_(None),
            Measure.kind == "hide",
            Measure.undone_at.is_(None),
        )
    ).first()
    if row is None:
        return None
    measure, case, by = row
    question = doors.post_of(case)
    if not isinstance(question, Question) or not is_for(reader, question):
        return None
    return question, _mask(reader, question, question, measure=measure, case=case, by=by)
