"""What members do in the help threads.

Every command that touches a question locks its row first, so that rivals follow one another
and its state is computed from settled records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import delete, select

from incubator.domain.help import policy, queries, rules
from incubator.domain.help.events import (
    AnswerAccepted,
    AnswerEdited,
    AnswerGiven,
    AnswerRemoved,
    QuestionAsked,
    QuestionClosed,
    QuestionEdited,
    QuestionRemoved,
    QuestionReopened,
)
from incubator.domain.help.models import (
    Acceptance,
    Answer,
    Closure,
    Question,
    QuestionSkill,
    Removal,
    Revision,
)
from incubator.domain.help.records import settle, write_skills
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import Conflict, NotAllowed, Refusal
from incubator.kernel.events import record
from incubator.kernel.text import excerpt, markdown_to_html, plain_text
from incubator.network.members.skill_choice import as_kept

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

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
    language: str = "",
) -> Question:
    """Ask the network, or the site one lives in; a repeated ``once`` gives the first question.

    ``language`` is «fr» or «en», the asker's when left out. Raise NotAllowed ``help.guest``,
    or Refusal on the title, the body, the skills or the audience.
    """
    if not policy.may_ask(actor):
        raise NotAllowed("help.guest")
    text = rules.clean_body(body)
    chosen = _known_skills(skill_ids)
    key = once[: rules.ONCE_MOST] or uuid4().hex
    html = markdown_to_html(text)
    new = insert_once(
        Question,
        author_id=actor.id,
        once=key,
        site_id=actor.home_site_id,
        title=rules.clean_title(title),
        body_md=text,
        body_html=html,
        summary=excerpt(plain_text(html), SUMMARY),
        language=language if language in rules.LANGUAGES else actor.language,
        audience=rules.clean_audience(audience, actor.home_site_id),
        asked_at=now,
        last_activity_at=now,
    )
    question = db.session.scalars(
        select(Question).where(Question.author_id == actor.id, Question.once == key)
    ).one()
    if new:
        _publish(question, chosen)
    return question


def _publish(question: Question, skill_ids: tuple[int, ...]) -> None:
    write_skills(question, skill_ids)
    record(
        QuestionAsked(
            actor_id=question.author_id,
            site_id=question.site_id,
            question_id=question.id,
            audience=question.audience,
            skill_ids=skill_ids,
        )
    )


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
    now: datetime,
) -> Question:
    """Rewrite a question and keep what it said.

    ``revision`` is the one the editor started from: raise Conflict ``help.edited_meanwhile``
    when another edit came between. Raise NotAllowed ``help.edit_not_yours``.
    """
    question = queries.visible_to(actor, question_id, lock=True)
    if not policy.may_edit(actor, question):
        raise NotAllowed("help.edit_not_yours")
    new_title, text = rules.clean_title(title), rules.clean_body(body)
    chosen = _known_skills(skill_ids)
    _same_revision(question.revision, revision)
    rewritten = (new_title, text) != (question.title, question.body_md)
    if rewritten:
        _keep(actor, question, now=now)
        question.title, question.body_md = new_title, text
        question.body_html = markdown_to_html(text)
        question.summary = excerpt(plain_text(question.body_html), SUMMARY)
    before = db.session.scalars(
        select(QuestionSkill.skill_id)
        .where(QuestionSkill.question_id == question.id)
        .order_by(QuestionSkill.position)
    )
    if tuple(before) != chosen:
        write_skills(question, chosen)
    elif not rewritten:
        return question
    record(QuestionEdited(actor_id=actor.id, site_id=question.site_id, question_id=question.id))
    return question


def _same_revision(current: int, seen: int) -> None:
    if current != seen:
        raise Conflict("help.edited_meanwhile", field="body")


def _keep(actor: Actor, question: Question, *, now: datetime, answer: Answer | None = None) -> None:
    """Keep the present text as a revision before it is replaced."""
    old = answer or question
    since = answer.answered_at if answer else question.asked_at
    old.revision += 1
    db.session.add(
        Revision(
            question_id=question.id,
            answer_id=answer.id if answer else None,
            number=old.revision,
            title="" if answer else question.title,
            body_md=old.body_md,
            body_html=old.body_html,
            written_at=old.edited_at or since,
            by_id=actor.id,
            edited_at=now,
        )
    )
    old.edited_at = now
    db.session.flush()


def answer(actor: Actor, question_id: int, *, body: str, once: str, now: datetime) -> Answer:
    """Answer a question; a repeated ``once`` gives the first answer.

    Raise NotAllowed ``help.guest``, or Refusal on the body.
    """
    question = queries.visible_to(actor, question_id, lock=True)
    if not policy.may_answer(actor):
        raise NotAllowed("help.guest")
    text = rules.clean_body(body)
    key = once[: rules.ONCE_MOST] or uuid4().hex
    new = insert_once(
        Answer,
        question_id=question.id,
        author_id=actor.id,
        once=key,
        body_md=text,
        body_html=markdown_to_html(text),
        answered_at=now,
    )
    given = db.session.scalars(
        select(Answer).where(Answer.author_id == actor.id, Answer.once == key)
    ).one()
    if new:
        settle(question)
        record(
            AnswerGiven(
                actor_id=actor.id,
                site_id=question.site_id,
                question_id=question.id,
                answer_id=given.id,
                asker_id=question.author_id,
            )
        )
    return given


def edit_answer(actor: Actor, answer_id: int, *, body: str, revision: int, now: datetime) -> Answer:
    """Rewrite an answer and keep what it said.

    Raise NotAllowed ``help.edit_not_yours``, Conflict ``help.edited_meanwhile``.
    """
    question, given = queries.answer_visible_to(actor, answer_id, lock=True)
    if not policy.may_edit_answer(actor, question, given):
        raise NotAllowed("help.edit_not_yours")
    text = rules.clean_body(body)
    _same_revision(given.revision, revision)
    if text == given.body_md:
        return given
    _keep(actor, question, now=now, answer=given)
    given.body_md, given.body_html = text, markdown_to_html(text)
    db.session.flush()
    record(
        AnswerEdited(
            actor_id=actor.id,
            site_id=question.site_id,
            question_id=question.id,
            answer_id=given.id,
        )
    )
    return given


def accept(actor: Actor, answer_id: int, *, now: datetime) -> Acceptance:
    """Say that this answer solved the question, in place of any other.

    Raise NotAllowed ``help.accept_not_asker``.
    """
    question, given = queries.answer_visible_to(actor, answer_id, lock=True)
    if not policy.may_accept(actor, question):
        raise NotAllowed("help.accept_not_asker")
    before = queries.acceptance_of(question)
    if before and before.answer_id == given.id:
        return before
    _forget_solution(question)
    acceptance = Acceptance(
        question_id=question.id, answer_id=given.id, by_id=actor.id, accepted_at=now
    )
    db.session.add(acceptance)
    settle(question)
    record(
        AnswerAccepted(
            actor_id=actor.id,
            site_id=question.site_id,
            question_id=question.id,
            answer_id=given.id,
            helper_id=given.author_id,
            instead_of=before.answer_id if before else None,
        )
    )
    return acceptance


def _forget_solution(question: Question) -> None:
    db.session.execute(delete(Acceptance).where(Acceptance.question_id == question.id))
    db.session.execute(delete(Closure).where(Closure.question_id == question.id))


def unaccept(actor: Actor, answer_id: int) -> None:
    """Take an acceptance back: the question is open again; nothing when it was not accepted.

    Raise NotAllowed ``help.accept_not_asker``.
    """
    question, given = queries.answer_visible_to(actor, answer_id, lock=True)
    if not policy.may_accept(actor, question):
        raise NotAllowed("help.accept_not_asker")
    before = queries.acceptance_of(question)
    if before and before.answer_id == given.id:
        _reopen(actor, question, answer_id=given.id)


def close(actor: Actor, question_id: int, *, how: str, now: datetime) -> None:
    """Say that a question was solved otherwise, and how.

    Nothing when it was so already. Raise NotAllowed ``help.accept_not_asker``, Refusal
    ``help.already_solved`` when an answer is accepted, or on ``how``.
    """
    question = queries.visible_to(actor, question_id, lock=True)
    if not policy.may_accept(actor, question):
        raise NotAllowed("help.accept_not_asker")
    words = rules.clean_how(how)
    if queries.acceptance_of(question):
        raise Refusal("help.already_solved", field="how")
    new = insert_once(Closure, question_id=question.id, how=words, by_id=actor.id, closed_at=now)
    if new:
        settle(question)
        record(QuestionClosed(actor_id=actor.id, site_id=question.site_id, question_id=question.id))


def reopen(actor: Actor, question_id: int) -> None:
    """Open a solved question again, however it was solved; nothing when it is open.

    Raise NotAllowed ``help.accept_not_asker``.
    """
    question = queries.visible_to(actor, question_id, lock=True)
    if not policy.may_accept(actor, question):
        raise NotAllowed("help.accept_not_asker")
    if question.is_solved:
        before = queries.acceptance_of(question)
        _reopen(actor, question, answer_id=before.answer_id if before else None)


def _reopen(actor: Actor, question: Question, *, answer_id: int | None) -> None:
    _forget_solution(question)
    settle(question)
    record(
        QuestionReopened(
            actor_id=actor.id,
            site_id=question.site_id,
            question_id=question.id,
            answer_id=answer_id,
        )
    )


def remove_question(actor: Actor, question_id: int, *, reason: str = "", now: datetime) -> None:
    """Take a question away and keep the trace; raise NotAllowed ``help.remove_answered``."""
    question = queries.visible_to(actor, question_id, lock=True)
    if not policy.may_remove(actor, question):
        raise NotAllowed("help.remove_answered")
    why = rules.clean_reason(reason)
    db.session.add(Removal(question_id=question.id, by_id=actor.id, removed_at=now, reason=why))
    settle(question)
    record(
        QuestionRemoved(
            actor_id=actor.id, site_id=question.site_id, question_id=question.id, reason=why
        )
    )


def remove_answer(actor: Actor, answer_id: int, *, reason: str = "", now: datetime) -> None:
    """Take an answer away and keep the trace; what it solved is open again.

    Raise NotAllowed ``help.remove_accepted``.
    """
    question, given = queries.answer_visible_to(actor, answer_id, lock=True)
    before = queries.acceptance_of(question)
    accepted = bool(before and before.answer_id == given.id)
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
    record(
        AnswerRemoved(
            actor_id=actor.id,
            site_id=question.site_id,
            question_id=question.id,
            answer_id=given.id,
            reason=why,
        )
    )
    if accepted:
        _reopen(actor, question, answer_id=given.id)
    else:
        settle(question)
