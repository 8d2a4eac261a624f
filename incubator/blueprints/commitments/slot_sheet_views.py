"""The attendance sheet of a slot: filled in, corrected where it must be, locked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.commitments import people, slot_words
from incubator.blueprints.commitments.looking import noted
from incubator.blueprints.commitments.routes import pages
from incubator.blueprints.commitments.slot_small_forms import SheetForm
from incubator.domain.commitments import slot_queries, slot_sheets, slot_walk_ins
from incubator.domain.commitments.slot_sheets import Answer
from incubator.edge.access import managers
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import attempt
from incubator.edge.pages import redirect_to, toast
from incubator.kernel.errors import Refusal
from incubator.kernel.hours import parse_minutes

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.commitments.slot_models import Signup
    from incubator.domain.commitments.slot_sheets import Sheet


@pages.form(
    "/heures/creneaux/<int:slot_id>/feuille", en="/hours/slots/<int:slot_id>/sheet", may=managers
)
def slot_sheet(slot_id: int) -> ResponseReturnValue:
    """Say who came; only what check-ins do not settle wants a look. Who came besides is added."""
    reader, form = actor(), SheetForm()
    sheet = slot_sheets.sheet_of(reader, slot_id)
    seen = [one.signup.member_id for one in sheet.lines]
    noted(reader, seen, page="sheet", site_id=sheet.slot.site_id)
    if request.form.get("add"):
        return _with_another(form, sheet)
    made = attempt(
        form,
        lambda: slot_sheets.settle(
            reader,
            slot_id,
            answers=_answers(sheet),
            team_size=form.team_size.data,
            now=now(),
        ),
    )
    if made is None:
        return _page(form, sheet)
    toast(_("The sheet is locked, and the hours count. Thank you!"))
    return redirect_to("commitments.coverage", slug=sheet.slot.site.slug)


def _with_another(form: SheetForm, sheet: Sheet) -> ResponseReturnValue:
    """The sheet with somebody more on it; what was ticked before stays ticked."""
    made = attempt(form, lambda: _walk_in(form, sheet))
    if made is None:
        return _page(form, sheet)
    form.with_name.data = ""
    return _page(form, slot_sheets.sheet_of(actor(), sheet.slot.id))


def _walk_in(form: SheetForm, sheet: Sheet) -> Signup:
    reader = actor()
    member_id = people.meant(form, reader, today(reader.time_zone))
    if member_id is None:
        raise Refusal("commitments.receiver_unknown", field="with_name")
    once = f"{(form.once.data or '')[:20]}-{member_id}"
    return slot_walk_ins.add(reader, sheet.slot.id, member_id=member_id, once=once, now=now())


def _page(form: SheetForm, sheet: Sheet) -> ResponseReturnValue:
    return form.page(
        "commitments/sheet.html",
        sheet=sheet,
        slot=sheet.slot,
        team=slot_queries.team_of(sheet.slot.id),
        over=sheet.slot.ends_at <= now(),
        signup_words=slot_words.SIGNUPS,
        answers=slot_sheets.ANSWERS,
        sent=request.form,
        names=people.suggested(actor(), today(actor().time_zone)),
    )


def _answers(sheet: Sheet) -> dict[int, Answer]:
    """What was ticked for each sign-up; raise Refusal ``commitments.sheet_minutes``."""
    found = {}
    whole = int((sheet.slot.ends_at - sheet.slot.starts_at).total_seconds()) // 60
    for line in sheet.lines:
        number = line.signup.id
        state = request.form.get(f"state-{number}", line.answer.state)
        typed = request.form.get(f"minutes-{number}", "")
        try:
            minutes = parse_minutes(typed) if state == "partial" else 0
        except ValueError:
            raise Refusal("commitments.sheet_minutes", most=whole) from None
        found[number] = Answer(state, minutes)
    return found
