"""Pages to read: one thread, its history, a preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, request
from flask_babel import gettext as _

from incubator.blueprints.help.following import open_thread
from incubator.blueprints.help.forms import AnswerForm, typed
from incubator.blueprints.help.history import history_values
from incubator.blueprints.help.pages import ID, pages
from incubator.blueprints.help.quoting import own_addresses, quoted
from incubator.blueprints.help.saving import keep, send, words_of
from incubator.blueprints.help.thread import thread_values
from incubator.domain.help import attachments, commands, policy, queries, similar, skills_told
from incubator.domain.help.care import masks
from incubator.domain.help.rules import TITLE_MOST
from incubator.domain.help.writing import write
from incubator.edge.access import members, signed_in
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.numbers import whole
from incubator.edge.pages import redirect_to, render, toast, url
from incubator.edge.refusals import words_for
from incubator.kernel.errors import NotFound, Refusal
from incubator.network.members.marking import pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from incubator.domain.help.models import Question
    from incubator.domain.help.opened import Opened
    from incubator.domain.help.similar import Alike
    from incubator.network.members.vocabulary import Term


@pages.get(f"/entraide/{ID}", en=f"/help/{ID}", may=signed_in)
def by_id(id: int) -> ResponseReturnValue:
    """The short address of a thread leads to the readable one."""
    try:
        return redirect(thread_url(id), 303)
    except NotFound:
        if masked := hidden_page(id):
            return masked
        raise


def hidden_page(question_id: int) -> ResponseReturnValue | None:
    """The page of a question that a manager hid, without its words for most; None of any other."""
    found = masks.hidden_thread(actor(), question_id)
    if found is None:
        return None
    question, mask = found
    return render("help/care/hidden.html", question=question, mask=mask)


def thread_url(question_id: int, anchor: str = "") -> str:
    """The readable address of a thread that the reader may see."""
    question = queries.visible_to(actor(), question_id)
    return url("help.show", id=question.id, slug=question.slug, _anchor=anchor or None)


@pages.form(f"/entraide/{ID}-<slug>", en=f"/help/{ID}-<slug>", may=signed_in)
def show(id: int, slug: str) -> ResponseReturnValue:
    """A question, its answers, and the form to add one."""
    form = AnswerForm()
    words = words_of(form, "answer", id)
    try:
        thread = open_thread(id)
    except NotFound:
        # Taken away while somebody wrote: what they wrote is still theirs.
        kept_for_them = form.is_submitted() and keep(words)
        told = (render("help/gone.html"), 404) if kept_for_them else hidden_page(id)
        if told is None:
            raise
        return told
    if request.method == "GET" and (moved := _elsewhere(thread, slug)):
        return moved
    given = send(
        form,
        words,
        lambda: commands.answer(actor(), id, body=words.body, once=words.once, now=now()),
    )
    if given is None:
        # What was loaded before a refused command is gone with its transaction.
        thread = open_thread(id) if form.is_submitted() else thread
        begun = _begin(form, thread)
        waits = begun or form.is_submitted()
        files = attachments.waiting(actor(), typed(form, "once")) if waits else []
        values = thread_values(thread) | {"begun": begun, "files": files}
        return form.page("help/show.html", came=_came_from(), **values)
    toast(_("Thank you: your answer is published."))
    return redirect(thread_url(id, f"answer-{given.id}"), 303)


def _elsewhere(thread: Opened, slug: str) -> ResponseReturnValue | None:
    """Where to read on: the readable address, or the thread that has the answers already."""
    question, repeated = thread.question, thread.duplicate
    # The original may have been taken away since.
    if repeated and "stay" not in request.args and policy.may_read(actor(), repeated.original):
        there = repeated.original
        return redirect_to("help.show", id=there.id, slug=there.slug, came=question.id)
    if slug != question.slug:
        return redirect_to("help.show", id=question.id, slug=question.slug)
    return None


def _came_from() -> Question | None:
    """The repeated question that led the reader here."""
    number = request.args.get("came", type=whole)
    try:
        return queries.visible_to(actor(), number) if number else None
    except NotFound:
        return None


def _begin(form: AnswerForm, thread: Opened) -> bool:
    """An answer begun before goes on, after what the address quotes; whether one was begun."""
    if form.is_submitted():
        return False
    quotation, draft = quoted(thread.question), thread.draft
    form.body.data = quotation
    if draft is None:
        return False
    form.body.data = f"{draft.body_md}\n\n{quotation}" if quotation else draft.body_md
    form.once.data = draft.once
    return True


@pages.get(f"/entraide/{ID}/historique", en=f"/help/{ID}/history", may=signed_in)
def history(id: int) -> ResponseReturnValue:
    """What a question said before its edits."""
    question = queries.visible_to(actor(), id)
    return render("help/history.html", **history_values(question, question))


@pages.get(f"/entraide/reponse/{ID}/historique", en=f"/help/answer/{ID}/history", may=signed_in)
def answer_history(id: int) -> ResponseReturnValue:
    """What an answer said before its edits."""
    return render("help/history.html", **history_values(*queries.answer_visible_to(actor(), id)))


@pages.post("/entraide/apercu", en="/help/preview", may=members)
def preview() -> ResponseReturnValue:
    """How a text will look, and the threads that resemble its title."""
    title = request.form.get("title", "")[:TITLE_MOST]
    html, sorry = "", ""
    try:
        html = write(own_addresses(request.form.get("body", "").replace("\0", ""))).html
    except Refusal as refusal:
        sorry = words_for(refusal)
    near = similar.similar(actor(), title)
    values = {"html": html, "sorry": sorry, "title": title, "similar": near, "pieces": pieces}
    # Ticked in the form that takes the answer in; without a script it is a page of its own.
    values |= {"told": told_by(title, near), "ticked": "X-Swap" in request.headers}
    return render("help/preview.html", **values)


def told_by(title: str, near: Sequence[Alike]) -> list[Term]:
    """The skills that the title and the text sent seem to ask for, but those ticked already.

    The text is what is written and the messages «quoted» beside it.
    """
    quoted = request.form.get("quoted", "")
    if not title.strip() and not quoted:
        return []
    return skills_told.proposed(
        title,
        f"{request.form.get('body', '')} {quoted}",
        language=actor().language,
        like=[each.id for each in near],
        but=set(request.form.getlist("skills", type=whole)),
    )
