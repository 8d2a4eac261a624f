"""Pages to read: one thread, its history, a preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, request
from flask_babel import gettext as _

from incubator.blueprints.help.following import kept_in
from incubator.blueprints.help.forms import AnswerForm, typed
from incubator.blueprints.help.pages import ID, pages
from incubator.blueprints.help.thread import thread_values
from incubator.domain.help import commands, queries, rules, similar
from incubator.edge.access import members, signed_in
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import attempt
from incubator.edge.pages import redirect_to, render, toast, url
from incubator.edge.refusals import words_for
from incubator.kernel.errors import Refusal
from incubator.kernel.text import markdown_to_html
from incubator.network.members.marking import pieces

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@pages.get(f"/entraide/{ID}", en=f"/help/{ID}", may=signed_in)
def by_id(id: int) -> ResponseReturnValue:
    """The short address of a thread leads to the readable one."""
    return redirect(thread_url(id), 303)


def thread_url(question_id: int, anchor: str = "") -> str:
    """The readable address of a thread that the reader may see."""
    question = queries.visible_to(actor(), question_id)
    return url("help.show", id=question.id, slug=question.slug, _anchor=anchor or None)


@pages.form(f"/entraide/{ID}-<slug>", en=f"/help/{ID}-<slug>", may=signed_in)
def show(id: int, slug: str) -> ResponseReturnValue:
    """A question, its answers, and the form to add one."""
    kept = kept_in(id)
    question = queries.visible_to(actor(), id)
    if slug != question.slug and request.method == "GET":
        return redirect_to("help.show", id=id, slug=question.slug)
    form = AnswerForm()
    given = attempt(
        form,
        lambda: commands.answer(
            actor(), id, body=typed(form, "body"), once=typed(form, "once"), now=now()
        ),
    )
    if given is None:
        # What was loaded before a refused command is gone with its transaction.
        question = queries.visible_to(actor(), id) if form.is_submitted() else question
        return form.page("help/show.html", **thread_values(question, kept))
    toast(_("Thank you: your answer is published."))
    return redirect(thread_url(id, f"answer-{given.id}"), 303)


@pages.get(f"/entraide/{ID}/historique", en=f"/help/{ID}/history", may=signed_in)
def history(id: int) -> ResponseReturnValue:
    """What a question said before its edits."""
    question = queries.visible_to(actor(), id)
    revisions = queries.history_of(question)
    return render("help/history.html", question=question, post=question, revisions=revisions)


@pages.get(f"/entraide/reponse/{ID}/historique", en=f"/help/answer/{ID}/history", may=signed_in)
def answer_history(id: int) -> ResponseReturnValue:
    """What an answer said before its edits."""
    question, given = queries.answer_visible_to(actor(), id)
    revisions = queries.history_of(question, given)
    return render("help/history.html", question=question, post=given, revisions=revisions)


@pages.post("/entraide/apercu", en="/help/preview", may=members)
def preview() -> ResponseReturnValue:
    """How a text will look, and the threads that resemble its title."""
    title = request.form.get("title", "")[: rules.TITLE_MOST]
    html, sorry = "", ""
    try:
        html = markdown_to_html(rules.clean_body(request.form.get("body", "")))
    except Refusal as refusal:
        sorry = words_for(refusal)
    near = similar.similar(actor(), title)
    values = {"html": html, "sorry": sorry, "title": title, "similar": near, "pieces": pieces}
    return render("help/preview.html", **values)
