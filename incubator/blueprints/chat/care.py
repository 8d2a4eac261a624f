"""Care of rooms: report a message, what came of one's reports, and the queue of who decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from incubator.blueprints.chat.views import pages
from incubator.domain.chat.care import deciding, doors, policy, queue, reporting
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt, choice
from incubator.edge.numbers import natural
from incubator.edge.pages import redirect_to, render, toast
from incubator.edge.reporting import REASONS, DecisionForm, ReportForm, one_of
from incubator.kernel.errors import NotAllowed
from incubator.kernel.keyset import Cursor

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.chat.care.models import ChatCase

VIEWS = ("waiting", "decided")
DECISIONS = {
    "dismiss": _l("Nothing to do: close the reports"),
    "hide": _l("Hide this message: the room reads why"),
    "mute-1": _l("Ask the author to be silent in this room for an hour"),
    "mute-24": _l("Ask the author to be silent in this room for a day"),
    "mute-168": _l("Ask the author to be silent in this room for a week"),
}
STEPS = {
    "report": _l("Reported"),
    "dismiss": _l("Reports closed"),
    "hide": _l("Message hidden"),
    "mute": _l("Author silent for a time"),
}
REFUSALS = {
    "chat.case": _l("There is no such report, or others decide about it."),
    "chat.reports_too_fast": _l(
        "You have sent %(most)s reports in one day: if it is urgent, call a manager of your site."
    ),
}


class JudgeForm(DecisionForm):
    """What is done about a case."""

    act = one_of(_l("What do you do?"), DECISIONS)
    words = TextAreaField(_l("In a few words"))


@pages.form("/discussions/<slug>/<int:no>/signaler", en="/chat/<slug>/<int:no>/report", may=members)
def report(slug: str, no: int) -> ResponseReturnValue:
    """Tell those who look after a room that a message is not as it should be."""
    room, message = reporting.message_seen(actor(), slug, no)
    if not policy.may_report(actor(), message.author.id):
        raise NotAllowed("care.own_post")
    form = ReportForm()

    def send() -> tuple[bool]:
        reason, words = form.reason.data or "", form.words.data or ""
        return (reporting.report(actor(), slug, no, reason=reason, words=words, now=now()),)

    if attempt(form, send) is None:
        before = reporting.has_reported(actor(), message.id)
        return form.page("chat/care/report.html", room=room, message=message, before=before)
    toast(_("Thank you. Somebody looks at it; the author does not learn that you wrote."))
    return redirect_to("chat.my_reports")


@pages.get("/discussions/signalements/les-miens", en="/chat/reports/mine", may=members)
def my_reports() -> ResponseReturnValue:
    """What the reader reported, and what came of it."""
    return render("chat/care/mine.html", mine=reporting.of_mine(actor()), reasons=REASONS)


@pages.get("/discussions/signalements", en="/chat/reports", may=members)
def reports() -> ResponseReturnValue:
    """The messages that were reported to the reader, or about which something was done."""
    if not queue.looks_after_some(actor()):
        raise NotAllowed("chat.not_yours")
    view = request.args.get("view", "")
    view = view if view in VIEWS else VIEWS[0]
    cursor = Cursor(request.args.get("after"), request.args.get("before"), queue.PAGE_SIZE)
    found = queue.waiting if view == "waiting" else queue.decided
    words = {"reasons": REASONS, "steps": STEPS}
    return render("chat/care/reports.html", page=found(actor(), cursor), view=view, words=words)


@pages.form("/discussions/signalements/<int:id>", en="/chat/reports/<int:id>", may=members)
def case(id: int) -> ResponseReturnValue:
    """One message: what was said of it, what was done, and what to do."""
    form = JudgeForm(seen=doors.case_seen_by(actor(), id).version)

    def judge() -> int:
        what, _dash, hours = (form.act.data or "").partition("-")
        return deciding.decide(
            actor(),
            id,
            what=what,
            note=form.words.data or "",
            seen=form.seen.data or 0,
            now=now(),
            hours=natural(hours),
        ).id

    if attempt(form, judge) is None:
        shown = doors.case_seen_by(actor(), id)
        form.seen.data, form.seen.raw_data = shown.version, None
        may = doors.decisions_on(actor(), shown)
        form.act.choices = [
            choice(value, label)
            for value, label in DECISIONS.items()
            if value.partition("-")[0] in may
        ]
        return form.page("chat/care/case.html", **_shown(shown))
    toast(_("Done. You can take it back below."))
    return redirect_to("chat.case", id=id)


def _shown(case: ChatCase) -> dict[str, Any]:
    room = doors.room_of(actor(), case)
    return {
        "case": case,
        "room": room,
        "said": [] if room else doors.before(case),
        "steps": doors.trail_of(case),
        "words": {"reasons": REASONS, "steps": STEPS},
    }


@pages.post(
    "/discussions/signalements/mesures/<int:id>/annuler",
    en="/chat/reports/acts/<int:id>/undo",
    may=members,
)
def undo_judgement(id: int) -> ResponseReturnValue:
    """Take back what was decided about a message."""
    case_id = act(lambda: deciding.undo(actor(), id, now=now()).id)
    toast(_("Undone."))
    return redirect_to("chat.case", id=case_id)
