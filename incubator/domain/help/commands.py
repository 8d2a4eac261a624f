"""What members do in the help threads.

Every command that touches a question locks its row first, so that rivals follow one another
and its state is computed from settled records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import select

from incubator.domain.help import policy, queries, rules, sending
from incubator.domain.help.anonymity import check_unnamed
from incubator.domain.help.care import limits
from incubator.domain.help.events import (
    AnswerEdited,
    AnswerGiven,
    AnswerRemoved,
    QuestionAsked,
    QuestionEdited,
    QuestionRemoved,
)
from incubator.domain.help.locking import check_open
from incubator.domain.help.models import Answer, Question, QuestionSkill, Removal
from incubator.domain.help.records import settle, tell, write_skills
from incubator.domain.help.resolving import is_accepted, take_back
from incubator.domain.help.revisions import check_revision, keep
from incubator.domain.help.sending import sent
from incubator.domain.help.writing import rewrite, tell_mentioned, write
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.text import excerpt, plain_text
from incubator.network.members.circles import open_circles_of
from incubator.network.members.skill_choice import as_kept

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from incubator.domain.help.writing import Written
    from incubator.network.members.actor import Actor

SUMMARY = 220


def ask(
    actor: Actor,
    *,
    title: str,
    body: str,
    skill_ids: Iterable[int],
    once: str,
    now: datetime,
    audience: str = "network",
    wish: rules.Wish = rules.Wish(),  # noqa: B008 - frozen
) -> Question:
    """Ask the network, one's site or a circle («circle:12»); a repeated ``once`` asks once.

    Files and a draft of the same ``once`` become the question's. Raise NotAllowed
    ``help.guest``, or Refusal on the title, the body, the skills, the audience or the wish, or
    ``help.slow_down_question``.
    """
    if not policy.may_ask(actor):
        raise NotAllowed("help.guest")
    text, chosen = write(body), _known_skills(skill_ids)
    key = once[: rules.ONCE_MOST] or uuid4().hex
    hoped, (readers, circle_id) = rules.clean_wish(wish, now), _readers(actor, audience)
    new = insert_once(
        Question,
        author_id=actor.id,
        once=key,
        site_id=actor.home_site_id,
        title=rules.clean_title(title),
        body_md=text.md,
        body_html=text.html,
        summary=excerpt(plain_text(text.html), SUMMARY),
        language=hoped.language if hoped.language in rules.LANGUAGES else actor.language,
        audience=readers,
        circle_id=circle_id,
        asked_at=now,
        last_activity_at=now,
        needed_on=hoped.needed_on,
        minutes=hoped.minutes,
        anonymous=check_unnamed(actor, anonymous=hoped.anonymous),
    )
    own = select(Question).where(Question.author_id == actor.id, Question.once == key)
    question = db.session.scalars(own).one()
    if new:
        _publish(actor, question, skill_ids=chosen, text=text)
    return question


def _readers(actor: Actor, audience: str) -> tuple[str, int | None]:
    circle_ids = [circle.id for circle in open_circles_of(actor)]
    return rules.clean_audience(audience, actor.home_site_id, circle_ids)


def _publish(
    actor: Actor, question: Question, *, skill_ids: tuple[int, ...], text: Written
) -> None:
    limits.check(actor, "question", now=question.asked_at)
    write_skills(question, skill_ids)
    sent(actor, question, question)
    tell(QuestionAsked, actor, question, audience=question.audience, skill_ids=skill_ids)
    tell_mentioned(actor, question, post=question, now_named=text.mentioned)


def _known_skills(skill_ids: Iterable[int]) -> tuple[int, ...]:
    chosen = rules.clean_skills(skill_ids)
    kept = as_kept(chosen)
    if kept is None:
        raise Refusal("help.skills_unknown", field="skills")
    return tuple(dict.fromkeys(kept[each] for each in chosen))


def edit_question(
    actor: Actor,
    question_id: int,
    *,
    title: str,
    body: str,
    skill_ids: Iterable[int],
    revision: int,
    once: str = "",
    now: datetime,
) -> Question:
    """Rewrite a question and keep what it said.

    ``revision`` is the one the editor started from: raise Conflict ``help.edited_meanwhile``
    when another edit came between. Files and a draft of the form ``once`` become the question's.
    Raise NotAllowed ``help.edit_not_yours``, Refusal ``help.files_too_many``.
    """
    question = queries.visible_to(actor, question_id, lock=True)
    if not policy.may_edit(actor, question):
        raise NotAllowed("help.edit_not_yours")
    new_title, text = rules.clean_title(title), write(body)
    chosen = _known_skills(skill_ids)
    check_revision(question, revision)
    sending.rewritten(actor, question, question, once=once)
    rewritten = (new_title, text.md) != (question.title, question.body_md)
    if rewritten:
        keep(actor, question, question, now=now)
        question.title = new_title
        rewrite(actor, question, post=question, text=text)
        question.summary = excerpt(plain_text(question.body_html), SUMMARY)
    before = db.session.scalars(
        select(QuestionSkill.skill_id)
        .where(QuestionSkill.question_id == question.id)
        .order_by(QuestionSkill.position)
    )
    former = tuple(before)
    if former != chosen:
        write_skills(question, chosen)
    elif not rewritten:
        return question
    tell(QuestionEdited, actor, question, asks_anew=set(former) != set(chosen))
    return question


def answer(actor: Actor, question_id: int, *, body: str, once: str, now: datetime) -> Answer:
    """Answer a question; a repeated ``once`` gives the first answer.

    Files and a draft of the same ``once`` become the answer's. Raise NotAllowed ``help.guest``,
    Refusal ``help.locked``, ``help.slow_down_answer`` or on the body.
    """
    question = queries.visible_to(actor, question_id, lock=True)
    check_open(actor, question)
    text = write(body)
    key = once[: rules.ONCE_MOST] or uuid4().hex
    new = insert_once(
        Answer,
        question_id=question.id,
        author_id=actor.id,
        once=key,
        body_md=text.md,
        body_html=text.html,
        answered_at=now,
    )
    given = db.session.scalars(
        select(Answer).where(Answer.author_id == actor.id, Answer.once == key)
    ).one()
    if new:
        if question.author_id != actor.id:
            limits.check(actor, "answer", now=now)
        settle(question)
        sent(actor, question, given)
        tell(AnswerGiven, actor, question, answer_id=given.id, asker_id=question.author_id)
        tell_mentioned(actor, question, post=given, now_named=text.mentioned)
    return given


def edit_answer(
    actor: Actor, answer_id: int, *, body: str, revision: int, once: str = "", now: datetime
) -> Answer:
    """Rewrite an answer and keep what it said; files and a draft of ``once`` become its own.

    Raise NotAllowed ``help.edit_not_yours``, Conflict ``help.edited_meanwhile``, Refusal
    ``help.files_too_many``.
    """
    question, given = queries.answer_visible_to(actor, answer_id, lock=True)
    if not policy.may_edit_answer(actor, question, given):
        raise NotAllowed("help.edit_not_yours")
    text = write(body)
    check_revision(given, revision)
    sending.rewritten(actor, question, given, once=once)
    if text.md == given.body_md:
        return given
    keep(actor, question, given, now=now)
    rewrite(actor, question, post=given, text=text)
    tell(AnswerEdited, actor, question, answer_id=given.id)
    return given


def remove_question(actor: Actor, question_id: int, *, reason: str = "", now: datetime) -> None:
    """Take a question away and keep the trace; raise NotAllowed ``help.remove_answered``."""
    question = queries.visible_to(actor, question_id, lock=True)
    if not policy.may_remove(actor, question):
        raise NotAllowed("help.remove_answered")
    why = rules.clean_reason(reason)
    db.session.add(Removal(question_id=question.id, by_id=actor.id, removed_at=now, reason=why))
    settle(question)
    tell(QuestionRemoved, actor, question, reason=why)


def remove_answer(actor: Actor, answer_id: int, *, reason: str = "", now: datetime) -> None:
    """Take an answer away and keep the trace; what it solved is open again.

    Raise NotAllowed ``help.remove_accepted``.
    """
    question, given = queries.answer_visible_to(actor, answer_id, lock=True)
    accepted = is_accepted(given.id)
    if not policy.may_remove_answer(actor, question, given, accepted=accepted):
        raise NotAllowed("help.remove_accepted")
    why = rules.clean_reason(reason)
    db.session.add(
        Removal(
            question_id=question.id,
            answer_id=given.id,
            by_id=actor.id,
            removed_at=now,
            reason=why,
        )
    )
    given.removed = True
    settle(question)
    tell(AnswerRemoved, actor, question, answer_id=given.id, reason=why)
    if accepted:
        take_back(actor, question, given)
