"""What search knows of threads, kept in step with them in the transaction of each change.

Texts of a document, the most telling first: title; that of its practice sheet; the question with
what solved it and the sheet; the other answers. Marks say who may read it and what else it is
chosen by.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from incubator.domain.help.learning.models import Sheet
from incubator.domain.help.models import Acceptance, Answer, Closure, Question, QuestionSkill
from incubator.domain.help.post_models import Comment
from incubator.domain.help.search_learning import Told
from incubator.domain.help.search_marks import ALL, NETWORK, OPEN, SHEET, SOLVED, WAITING, era_of
from incubator.domain.help.search_models import ThreadDocument
from incubator.domain.help.search_usefulness import usefulness_of
from incubator.kernel.db import db, transaction
from incubator.kernel.fulltext import number_of, tokens_of, words_among
from incubator.kernel.jobs import job, later
from incubator.kernel.text import plain_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

INDEX_ALL: Final = "help.index_all"
BATCH: Final = 100
# Of a thread so long, the latest answers are searched: a document has its largest size.
LETTERS_MOST: Final = 150_000


@dataclass
class _Words:
    """The words of a thread by their weight."""

    solved_by: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def add(self, html: str, *, accepted: bool) -> None:
        """Take an answer's words, unless the thread has more than enough."""
        if sum(map(len, self.solved_by)) + sum(map(len, self.others)) < LETTERS_MOST:
            (self.solved_by if accepted else self.others).append(plain_text(html))


def index_threads(question_ids: Sequence[int]) -> None:
    """Rewrite what search knows of some threads; call it in the transaction of the change."""
    db.session.flush()
    rows = db.session.execute(
        select(
            Question.id,
            Question.author_id,
            Question.anonymous,
            Question.site_id,
            Question.title,
            Question.body_html,
            Question.language,
            Question.audience,
            Question.circle_id,
            Question.state,
            Question.answer_count,
            Question.anonymous,
        )
        .where(Question.id.in_(question_ids), Question.state != "removed")
        .order_by(Question.id)
    ).all()
    said, skills = _said(question_ids), _skills(question_ids)
    sheets = _sheets(question_ids)
    useful = usefulness_of(question_ids)
    before = {
        row.question_id: row
        for row in db.session.scalars(
            select(ThreadDocument).where(ThreadDocument.question_id.in_(question_ids))
        )
    }
    told = Told()
    for row in rows:
        sheet = sheets.get(row.id)
        texts = _texts(row, said.get(row.id, _Words()), sheet)
        marks = _marks(row, skills.get(row.id, ())) | ({SHEET} if sheet else set())
        tokens = tokens_of(texts, marks, names=0)
        told.note(row, texts, tokens, old=before.get(row.id))
        _write(before.pop(row.id, None), row.id, tokens=tokens, useful=useful.get(row.id, 0))
    for gone in before.values():
        told.left |= words_among(gone.tokens)
        db.session.delete(gone)
    db.session.flush()
    told.learn()


def _texts(row: Any, said: _Words, sheet: Sheet | None) -> tuple[str, str, str, str]:
    taught = (plain_text(sheet.body_html),) if sheet else ()
    question = " ".join((plain_text(row.body_html)[:LETTERS_MOST], *said.solved_by, *taught))
    return row.title, sheet.title if sheet else "", question, " ".join(said.others)


def _sheets(question_ids: Sequence[int]) -> dict[int, Sheet]:
    shown = select(Sheet).where(Sheet.question_id.in_(question_ids), Sheet.withdrawn_at.is_(None))
    return {row.question_id: row for row in db.session.scalars(shown)}


def _marks(row: Any, skill_ids: Sequence[int]) -> set[str]:
    # Who asked reads it for ever, but in a circle only while they are in it.
    own = "_m" if row.audience == "circle" else "_r"
    marks = {ALL, f"{own}{row.author_id}", f"_l{row.language}", era_of(row.id)}
    if not row.anonymous:
        # Whoever asked without their name is not found by it.
        marks.add(f"_a{row.author_id}")
    marks.add(_audience(row))
    marks.add(SOLVED if row.state == "solved" else OPEN)
    if row.state == "open" and not row.answer_count:
        marks.add(WAITING)
    if row.site_id is not None:
        marks.add(f"_p{row.site_id}")
    return marks | {f"_k{skill_id}" for skill_id in skill_ids}


def _audience(row: Any) -> str:
    if row.audience == "circle":
        return f"_c{row.circle_id}"
    return NETWORK if row.audience == "network" else f"_s{row.site_id}"


def _write(old: ThreadDocument | None, key: int, *, tokens: str, useful: int) -> None:
    if old is None:
        db.session.add(
            ThreadDocument(id=number_of(key), question_id=key, tokens=tokens, useful=useful)
        )
        return
    if old.tokens != tokens:
        old.tokens = tokens
    old.useful = useful


def _said(question_ids: Sequence[int]) -> dict[int, _Words]:
    """What was answered: what solved it first, then the latest; how else it was solved; remarks."""
    accepted = Acceptance.id.is_not(None)
    answers = db.session.execute(
        select(Answer.question_id, Answer.body_html, accepted.label("accepted"))
        .outerjoin(Acceptance, Acceptance.answer_id == Answer.id)
        .where(Answer.question_id.in_(question_ids), ~Answer.removed)
        .order_by(Answer.question_id, accepted.desc(), Answer.id.desc())
    )
    found: dict[int, _Words] = {}
    for question_id, html, is_accepted in answers:
        found.setdefault(question_id, _Words()).add(html, accepted=bool(is_accepted))
    for question_id, how in db.session.execute(
        select(Closure.question_id, Closure.how).where(Closure.question_id.in_(question_ids))
    ):
        found.setdefault(question_id, _Words()).solved_by.append(how)
    remarks = select(Comment.question_id, Comment.body_html).where(
        Comment.question_id.in_(question_ids), ~Comment.removed
    )
    for question_id, html in db.session.execute(remarks.order_by(Comment.id.desc())):
        found.setdefault(question_id, _Words()).add(html, accepted=False)
    return found


def _skills(question_ids: Sequence[int]) -> dict[int, list[int]]:
    rows = db.session.execute(
        select(QuestionSkill.question_id, QuestionSkill.skill_id).where(
            QuestionSkill.question_id.in_(question_ids)
        )
    )
    found: dict[int, list[int]] = {}
    for question_id, skill_id in rows:
        found.setdefault(question_id, []).append(skill_id)
    return found


def index_threads_of(author_id: int) -> None:
    """Index anew all threads that a member asked: those of a double have another author now."""
    query = select(Question.id).where(Question.author_id == author_id).order_by(Question.id)
    ids = db.session.scalars(query).all()
    for start in range(0, len(ids), BATCH):
        index_threads(ids[start : start + BATCH])


def index_threads_about(skill_id: int) -> None:
    """Index anew all threads that ask for a skill: another was merged into it."""
    query = select(QuestionSkill.question_id).where(QuestionSkill.skill_id == skill_id)
    ids = sorted(set(db.session.scalars(query)))
    for start in range(0, len(ids), BATCH):
        index_threads(ids[start : start + BATCH])


@job(INDEX_ALL)
def index_all(payload: Mapping[str, Any]) -> None:
    """Index every thread from ``after`` on, a batch a job; for a database from before the index."""
    after = int(payload.get("after", 0))
    with transaction():
        query = select(Question.id).where(Question.id > after).order_by(Question.id).limit(BATCH)
        ids = db.session.scalars(query).all()
        index_threads(ids)
        if len(ids) == BATCH:
            later(INDEX_ALL, {"after": ids[-1]})
