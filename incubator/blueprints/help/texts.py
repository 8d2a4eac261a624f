"""Pages to write: a new question, and texts rewritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from flask import redirect, request
from flask_babel import gettext as _

from incubator.blueprints.help.forms import (
    AskForm,
    EditAnswerForm,
    EditQuestionForm,
    typed,
)
from incubator.blueprints.help.pages import ID, pages
from incubator.blueprints.help.quoting import own_addresses
from incubator.blueprints.help.saving import draft_asked, send, theirs, words_of
from incubator.blueprints.help.views import thread_url
from incubator.domain.help import attachments, commands, drafts, policy, queries, similar
from incubator.domain.help.anonymity import may_stay_unnamed
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import attempt
from incubator.edge.pages import redirect_to, toast
from incubator.kernel.errors import NotAllowed
from incubator.network.members.marking import pieces
from incubator.network.members.vocabulary import vocabulary

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.help.models import Answer, Question


@pages.form("/entraide/demander", en="/help/ask", may=members)
def ask() -> ResponseReturnValue:
    """A new question."""
    reader = actor()
    terms = vocabulary(reader.language)
    form = AskForm()
    form.prepare(reader, terms, request.args.get("skill", ""))
    _begin(form)
    words = replace(words_of(form, "question"), title=typed(form, "title"), fields=form.fields())
    question = send(
        form,
        words,
        lambda: commands.ask(
            reader,
            title=words.title,
            body=words.body,
            skill_ids=form.chosen(),
            audience=typed(form, "audience"),
            wish=form.wish(),
            once=words.once,
            now=now(),
        ),
    )
    if question is None:
        near = similar.similar(reader, typed(form, "title")) if form.is_submitted() else []
        return form.page(
            "help/new.html",
            families=terms.families(),
            similar=near,
            pieces=pieces,
            files=attachments.waiting(reader, typed(form, "once")),
            may_hide=may_stay_unnamed(reader),
            first=not queries.has_asked(reader),
        )
    toast(_("Your question is published. The people who know will see it on their first page."))
    return redirect_to("help.show", id=question.id, slug=question.slug)


def _begin(form: AskForm) -> None:
    """A question begun before goes on."""
    number = draft_asked()
    if number is None or form.is_submitted():
        return
    draft = drafts.own(actor(), number)
    form.once.data, form.title.data, form.body.data = draft.once, draft.title, draft.body_md
    told = draft.fields
    form.skills.data = [int(each) for each in told.get("skills", [])]
    for name in ("audience", "language", "minutes", "anonymous"):
        form[name].data = told.get(name) or form[name].data
    day = told.get("needed_on")
    form.needed_on.data = date.fromisoformat(day) if day else None


@pages.form(f"/entraide/{ID}/modifier", en=f"/help/{ID}/edit", may=members)
def edit(id: int) -> ResponseReturnValue:
    """A question rewritten."""
    reader = actor()
    question = _question_to_edit(id)
    form = EditQuestionForm(
        title=question.title,
        body=question.body_md,
        revision=question.revision,
        skills=[each.skill_id for each in question.skills],
    )
    saved = attempt(
        form,
        lambda: commands.edit_question(
            reader,
            id,
            title=typed(form, "title"),
            body=own_addresses(typed(form, "body")),
            skill_ids=form.chosen(),
            revision=form.revision.data or 0,
            now=now(),
        ),
    )
    if saved is None:
        question = _question_to_edit(id)
        return form.page(
            "help/edit.html",
            question=question,
            families=vocabulary(reader.language).families(),
            theirs=theirs(form, question),
        )
    toast(_("Saved. The earlier text stays in the history."))
    return redirect(thread_url(id), 303)


@pages.form(f"/entraide/reponse/{ID}/modifier", en=f"/help/answer/{ID}/edit", may=members)
def edit_answer(id: int) -> ResponseReturnValue:
    """An answer rewritten."""
    reader = actor()
    question, given = _answer_to_edit(id)
    form = EditAnswerForm(body=given.body_md, revision=given.revision)
    saved = attempt(
        form,
        lambda: commands.edit_answer(
            reader,
            id,
            body=own_addresses(typed(form, "body")),
            revision=form.revision.data or 0,
            now=now(),
        ),
    )
    if saved is None:
        question, given = _answer_to_edit(id)
        return form.page(
            "help/edit_post.html", question=question, answer=given, theirs=theirs(form, given)
        )
    toast(_("Saved. The earlier text stays in the history."))
    return redirect(thread_url(question.id, f"answer-{id}"), 303)


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
