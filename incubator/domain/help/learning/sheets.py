"""Practice sheets: what a solved thread taught, written once more for whoever comes next.

A sheet is read by whoever reads its thread, and asks for the thread's skills. The asker, whoever
answered and the managers of the site write it together; each edit keeps the text before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import joinedload

from incubator.domain.help import queries, rules
from incubator.domain.help.events import SheetEdited, SheetMade, SheetWithdrawn
from incubator.domain.help.learning.models import Sheet, SheetRevision
from incubator.domain.help.models import Acceptance, Answer, Closure, Question
from incubator.domain.help.records import tell
from incubator.domain.help.writing import write
from incubator.kernel.db import BigId, db, insert_once
from incubator.kernel.errors import Conflict, NotAllowed, NotFound, Refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor

HISTORY_MOST: Final = 30
HEADINGS: Final = {
    "fr": ("## La question", "## Ce qui a marché"),
    "en": ("## The question", "## What worked"),
}


def may_write(actor: Actor, question: Question) -> bool:
    """Whether they may make or rewrite its sheet: who asked, who answered, who runs the site."""
    if actor.is_guest:
        return False
    if actor.id == question.author_id or actor.manages(question.site_id):
        return True
    own = exists().where(
        Answer.question_id == question.id, Answer.author_id == actor.id, ~Answer.removed
    )
    return bool(db.session.scalar(select(own)))


def of_thread(question: Question) -> Sheet | None:
    """The sheet of a thread found to be readable, unless it was withdrawn."""
    return db.session.scalar(_SHOWN, {"question_id": question.id})


_SHOWN = (
    select(Sheet)
    .where(Sheet.question_id == bindparam("question_id", type_=BigId), Sheet.withdrawn_at.is_(None))
    .options(joinedload(Sheet.made_by))
)


def visible_to(actor: Actor, question_id: int) -> tuple[Question, Sheet]:
    """A thread and its sheet; raise NotFound ``help.question`` or ``help.sheet``."""
    question = queries.visible_to(actor, question_id)
    sheet = of_thread(question)
    if sheet is None:
        raise NotFound("help.sheet")
    return question, sheet


def proposed(question: Question) -> str:
    """The text that a new sheet begins with: the question, and what solved it."""
    asked, solved = HEADINGS[question.language]
    answers = db.session.scalars(
        select(Answer.body_md)
        .join(Acceptance, Acceptance.answer_id == Answer.id)
        .where(Acceptance.question_id == question.id, ~Answer.removed)
        .order_by(Acceptance.accepted_at, Acceptance.id)
    )
    how = db.session.scalars(select(Closure.how).where(Closure.question_id == question.id))
    parts = (asked, question.body_md, solved, *answers, *how)
    return "\n\n".join(parts)[: rules.BODY_MOST]


def make(actor: Actor, question_id: int, *, title: str, body: str, now: datetime) -> Sheet:
    """Make the sheet of a solved thread, or bring a withdrawn one back with this text.

    The same again returns it. Raise NotAllowed ``help.sheet_not_yours``, Refusal
    ``help.sheet_unsolved``, ``sheet_exists`` or on the texts.
    """
    question = _writable(actor, question_id)
    line, text = rules.clean_title(title), write(body)
    if not question.is_solved:
        raise Refusal("help.sheet_unsolved")
    values = {"title": line, "body_md": text.md, "body_html": text.html}
    key = {"question_id": question.id, "made_by_id": actor.id, "made_at": now}
    new = insert_once(Sheet, **key, **values, language=question.language, revision=0)
    sheet = _locked(question)
    if new:
        tell(SheetMade, actor, question, sheet_id=sheet.id)
    elif sheet.withdrawn_at is not None:
        _rewrite(actor, question, sheet, now=now, **values)
    elif sheet.made_by_id != actor.id or (sheet.title, sheet.body_md) != (line, text.md):
        raise Refusal("help.sheet_exists")
    return sheet


def edit(
    actor: Actor, question_id: int, *, title: str, body: str, revision: int, now: datetime
) -> Sheet:
    """Rewrite a sheet; the text before is kept.

    Raise NotAllowed ``help.sheet_not_yours``, NotFound ``help.sheet``, Conflict
    ``help.edited_meanwhile``, or Refusal on the texts.
    """
    question = _writable(actor, question_id)
    line, text = rules.clean_title(title), write(body)
    sheet = _locked(question)
    if sheet.withdrawn_at is not None:
        raise NotFound("help.sheet")
    if (sheet.title, sheet.body_md) == (line, text.md):
        return sheet
    if sheet.revision != revision:
        raise Conflict("help.edited_meanwhile", field="body")
    values = {"title": line, "body_md": text.md, "body_html": text.html}
    _rewrite(actor, question, sheet, now=now, **values)
    return sheet


def withdraw(actor: Actor, question_id: int, *, now: datetime) -> None:
    """Show a sheet no more; twice changes nothing. Raise as ``edit``."""
    question = _writable(actor, question_id)
    sheet = _locked(question)
    if sheet.withdrawn_at is None:
        sheet.withdrawn_at = now
        db.session.flush()
        tell(SheetWithdrawn, actor, question, sheet_id=sheet.id)


def _writable(actor: Actor, question_id: int) -> Question:
    question = queries.visible_to(actor, question_id, lock=True)
    if not may_write(actor, question):
        raise NotAllowed("help.sheet_not_yours")
    return question


def _locked(question: Question) -> Sheet:
    query = select(Sheet).where(Sheet.question_id == question.id).with_for_update()
    sheet = db.session.scalar(query.execution_options(populate_existing=True))
    if sheet is None:
        raise NotFound("help.sheet")
    return sheet


def _rewrite(
    actor: Actor, question: Question, sheet: Sheet, *, now: datetime, **values: str
) -> None:
    sheet.revision += 1
    before = {name: getattr(sheet, name) for name in values}
    db.session.add(
        SheetRevision(
            sheet_id=sheet.id, number=sheet.revision, by_id=actor.id, edited_at=now, **before
        )
    )
    for name, value in values.items():
        setattr(sheet, name, value)
    sheet.edited_at, sheet.withdrawn_at = now, None
    db.session.flush()
    tell(SheetEdited, actor, question, sheet_id=sheet.id)


def history_of(sheet: Sheet) -> Sequence[SheetRevision]:
    """What a sheet said before each edit, the latest first."""
    return db.session.scalars(
        select(SheetRevision)
        .where(SheetRevision.sheet_id == sheet.id)
        .options(joinedload(SheetRevision.by))
        .order_by(SheetRevision.number.desc())
        .limit(HISTORY_MOST)
    ).all()


def titles_of(question_ids: Collection[int]) -> dict[int, str]:
    """The titles of the sheets of some threads found to be readable."""
    if not question_ids:
        return {}
    rows = db.session.execute(_TITLES, {"ids": list(question_ids)})
    return {row[0]: row[1] for row in rows}


_TITLES = select(Sheet.question_id, Sheet.title).where(
    Sheet.question_id.in_(bindparam("ids", type_=BigId, expanding=True)),
    Sheet.withdrawn_at.is_(None),
)
