"""Practice sheets: their list, one of them, making and rewriting it, its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask import redirect, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField, widgets

from incubator.blueprints.help.forms import typed
from incubator.blueprints.help.pages import ID, pages
from incubator.blueprints.help.quoting import own_addresses
from incubator.domain.help import queries, search
from incubator.domain.help.anonymity import hidden_author
from incubator.domain.help.diff import changes
from incubator.domain.help.learning import sheets
from incubator.edge.access import members, signed_in
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import Form, act, attempt
from incubator.edge.numbers import WholeField
from incubator.edge.pages import redirect_to, render, toast, url
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.keyset import Cursor
from incubator.network.members.marking import pieces
from incubator.network.members.vocabulary import vocabulary

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.help.diff import Piece
    from incubator.domain.help.learning.models import Sheet, SheetRevision
    from incubator.domain.help.models import Question

LONGEST_SEARCH = 200


class SheetForm(Form):
    """The title and the text of a sheet."""

    title = StringField(_l("What the sheet teaches, in one line"))
    body = TextAreaField(_l("What to know, what to do, in which order"))
    revision = WholeField(widget=widgets.HiddenInput(), default=0)


@pages.get("/entraide/fiches", en="/help/sheets", may=signed_in)
def all_sheets() -> ResponseReturnValue:
    """The practice sheets that the reader may read, by words and skill."""
    reader = actor()
    known = vocabulary(reader.language)
    words = request.args.get("q", "")[:LONGEST_SEARCH]
    term = known.with_slug(request.args.get("skill", ""))
    filters = search.Filters(
        view=search.SHEETS, text=words, skill_ids=(term.id,) if term else (), sort=""
    )
    cursor = Cursor(request.args.get("after"), request.args.get("before"), search.PAGE_SIZE)
    found = search.find(reader, filters, cursor)
    ids = [thread.question.id for thread in found.page.rows]
    return render(
        "help/sheets.html",
        found=found,
        page=found.page,
        titles=sheets.titles_of(ids),
        words=words,
        skill=term,
        pieces=pieces,
    )


@pages.get(f"/entraide/{ID}/fiche", en=f"/help/{ID}/sheet", may=signed_in)
def sheet(id: int) -> ResponseReturnValue:
    """One practice sheet, and the thread that it comes from."""
    reader = actor()
    question, found = sheets.visible_to(reader, id)
    return render(
        "help/sheet.html",
        question=question,
        sheet=found,
        maker=_maker(question, found),
        may_write=sheets.may_write(reader, question),
    )


def _maker(question: Question, found: Sheet) -> str:
    """Who made it, unless they asked without their name and the reader may not know it."""
    hidden = hidden_author(actor(), question)
    return "" if found.made_by_id == hidden else found.made_by.name


@pages.form(f"/entraide/{ID}/fiche/ecrire", en=f"/help/{ID}/sheet/write", may=members)
def sheet_write(id: int) -> ResponseReturnValue:
    """Make a sheet of a solved thread, or rewrite it."""
    reader = actor()
    question = queries.visible_to(reader, id)
    if not sheets.may_write(reader, question):
        raise NotAllowed("help.sheet_not_yours")
    found = sheets.of_thread(question)
    if found is None and not question.is_solved and request.method == "GET":
        raise Refusal("help.sheet_unsolved")
    form = _form(question, found)
    done = attempt(form, lambda: _save(id, form, exists=found is not None))
    if done is None:
        question = queries.visible_to(reader, id)
        found = sheets.of_thread(question)
        return form.page(
            "help/sheet_form.html", question=question, sheet=found, theirs=_theirs(form, found)
        )
    toast(_("The practice sheet is saved."))
    return redirect_to("help.sheet", id=id)


def _form(question: Question, found: Sheet | None) -> SheetForm:
    if found is None:
        return SheetForm(title=question.title, body=sheets.proposed(question), revision=0)
    return SheetForm(title=found.title, body=found.body_md, revision=found.revision)


def _save(question_id: int, form: SheetForm, *, exists: bool) -> Sheet:
    title, body = typed(form, "title"), own_addresses(typed(form, "body"))
    if not exists:
        return sheets.make(actor(), question_id, title=title, body=body, now=now())
    revision = form.revision.data or 0
    return sheets.edit(actor(), question_id, title=title, body=body, revision=revision, now=now())


def _theirs(form: SheetForm, found: Sheet | None) -> str:
    """The text that somebody else saved while this one was being written."""
    if found is None or not form.is_submitted() or form.revision.data == found.revision:
        return ""
    form.revision.raw_data, form.revision.data = None, found.revision
    return found.body_html


@pages.post(f"/entraide/{ID}/fiche/retirer", en=f"/help/{ID}/sheet/withdraw", may=members)
def sheet_withdraw(id: int) -> ResponseReturnValue:
    """Show a sheet no more."""
    act(lambda: sheets.withdraw(actor(), id, now=now()))
    toast(_("The practice sheet is withdrawn."))
    question = queries.visible_to(actor(), id)
    return redirect(url("help.show", id=id, slug=question.slug), 303)


class SheetChange(NamedTuple):
    """What a sheet said before an edit, and what the edit made of it."""

    old: SheetRevision
    title: list[Piece]
    pieces: list[Piece]
    by: str


@pages.get(f"/entraide/{ID}/fiche/historique", en=f"/help/{ID}/sheet/history", may=signed_in)
def sheet_history(id: int) -> ResponseReturnValue:
    """What a sheet said before its edits."""
    question, found = sheets.visible_to(actor(), id)
    hidden = hidden_author(actor(), question)
    title, text, told = found.title, found.body_md, []
    for old in sheets.history_of(found):
        by = "" if old.by_id == hidden else old.by.name
        told.append(SheetChange(old, changes(old.title, title), changes(old.body_md, text), by))
        title, text = old.title, old.body_md
    return render("help/sheet_history.html", question=question, sheet=found, changes=told)
