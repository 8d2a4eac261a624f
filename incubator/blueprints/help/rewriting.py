"""Pages on which questions and answers are rewritten; what was typed waits as a draft."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import redirect, request
from flask_babel import gettext as _

from incubator.blueprints.help.forms import EditAnswerForm, EditQuestionForm, typed
from incubator.blueprints.help.pages import ID, pages
from incubator.blueprints.help.saving import (
    begin_again,
    gone,
    send,
    theirs,
    words_of,
)
from incubator.blueprints.help.views import thread_url
from incubator.domain.help import attachments, commands, policy, queries
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.numbers import whole
from incubator.edge.pages import toast
from incubator.kernel.errors import NotAllowed, NotFound
from incubator.network.members.vocabulary import vocabulary

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.help.models import Answer, Question
    from incubator.domain.help.typed import Typed


@pages.form(f"/entraide/{ID}/modifier", en=f"/help/{ID}/edit", may=members)
def edit(id: int) -> ResponseReturnValue:
    """A question rewritten."""
    form = EditQuestionForm()
    words = _question_words(form, id)
    try:
        question = _question_to_edit(id)
    except NotFound:
        return gone(form, words)
    begun = begin_again(form, question, question)
    if not form.is_submitted() and begun is None:
        form.title.data, form.skills.data = (
            question.title,
            [each.skill_id for each in question.skills],
        )
    saved = send(form, words, lambda: _save_question(form, words, id))
    if saved is None:
        # What was loaded before a refused command is gone with its transaction.
        question = _question_to_edit(id)
        families = vocabulary(actor().language).families()
        shown = {"question": question, "families": families, "begun": begun}
        return form.page("help/edit.html", **shown, **_beside(form, question))
    toast(_("Saved. The earlier text stays in the history."))
    return redirect(thread_url(id), 303)


def _question_words(form: EditQuestionForm, question_id: int) -> Typed:
    fields = form.fields(f"question-{question_id}") | {"skills": form.chosen()}
    words = words_of(form, "question", question_id)
    return replace(words, title=typed(form, "title"), fields=fields)


def _save_question(form: EditQuestionForm, words: Typed, question_id: int) -> Question:
    return commands.edit_question(
        actor(),
        question_id,
        title=words.title,
        body=words.body,
        skill_ids=form.chosen(),
        revision=form.revision.data or 0,
        once=words.once,
        now=now(),
    )


@pages.form(f"/entraide/reponse/{ID}/modifier", en=f"/help/answer/{ID}/edit", may=members)
def edit_answer(id: int) -> ResponseReturnValue:
    """An answer rewritten."""
    form = EditAnswerForm()
    words = words_of(form, "answer", request.form.get("question", type=whole))
    words = replace(words, answer_id=id, fields=form.fields(f"answer-{id}"))
    try:
        question, given = _answer_to_edit(id)
    except NotFound:
        return gone(form, words)
    words = replace(words, question_id=question.id)
    begun = begin_again(form, question, given)
    saved = send(
        form,
        words,
        lambda: commands.edit_answer(
            actor(),
            id,
            body=words.body,
            revision=form.revision.data or 0,
            once=words.once,
            now=now(),
        ),
    )
    if saved is None:
        question, given = _answer_to_edit(id)
        shown = {"question": question, "answer": given, "begun": begun}
        return form.page("help/edit_post.html", **shown, **_beside(form, given))
    toast(_("Saved. The earlier text stays in the history."))
    return redirect(thread_url(question.id, f"answer-{id}"), 303)


def _beside(form: EditQuestionForm | EditAnswerForm, post: Question | Answer) -> dict[str, Any]:
    """What the page shows around the text: the files that wait, what somebody else wrote."""
    files = attachments.waiting(actor(), typed(form, "once"))
    return {"files": files, "theirs": theirs(form, post)}


def _question_to_edit(question_id: int) -> Question:
    question = queries.visible_to(actor(), question_id)
    if not policy.may_edit(actor(), question):
        raise NotAllowed("help.edit_not_yours")
    return question


def _answer_to_edit(answer_id: int) -> tuple[Question, Answer]:
    question, given = queries.answer_visible_to(actor(), answer_id)
    if not policy.may_edit_answer(actor(), question, given):
        raise NotAllowed("help.edit_not_yours")
    return question, given
