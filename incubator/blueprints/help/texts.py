"""The page of a new question."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.help.forms import AskForm, typed
from incubator.blueprints.help.pages import pages
from incubator.blueprints.help.saving import draft_asked, send, words_of
from incubator.blueprints.help.views import told_by
from incubator.domain.help import attachments, commands, drafts, queries, similar
from incubator.domain.help.anonymity import may_stay_unnamed
from incubator.domain.membership import charters_queries
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.pages import redirect_to, toast
from incubator.network.members.marking import pieces
from incubator.network.members.vocabulary import vocabulary

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


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
        first = not queries.has_asked(reader)
        return form.page(
            "help/new.html",
            families=terms.families(),
            similar=near,
            told=told_by(typed(form, "title"), near) if form.is_submitted() else [],
            pieces=pieces,
            files=attachments.waiting(reader, typed(form, "once")),
            may_hide=may_stay_unnamed(reader),
            first=first,
            charters=[version for version, _signed in charters_queries.for_reader(reader)]
            if first
            else [],
        )
    toast(_("Your question is published. The people who know will see it on their first page."))
    return redirect_to("help.show", id=question.id, slug=question.slug)


def _begin(form: AskForm) -> None:
    """A question begun before goes on; one to somebody begins with their name."""
    number = draft_asked()
    if form.is_submitted():
        return
    if number is None:
        form.address(request.args.get("to", ""))
        return
    draft = drafts.own(actor(), number)
    form.once.data, form.title.data, form.body.data = draft.once, draft.title, draft.body_md
    told = draft.fields
    form.skills.data = [int(each) for each in told.get("skills", [])]
    for name in ("audience", "language", "minutes", "anonymous"):
        form[name].data = told.get(name) or form[name].data
    day = told.get("needed_on")
    form.needed_on.data = date.fromisoformat(day) if day else None
