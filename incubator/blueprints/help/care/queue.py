"""The manager's queue: what waits, what was decided, one post with its trail, and undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.help.care.forms import DecideForm
from incubator.blueprints.help.care.words import KINDS, STEPS
from incubator.blueprints.help.forms import typed
from incubator.blueprints.help.pages import ID, pages
from incubator.blueprints.help.saving import shows_now
from incubator.domain.help import locking
from incubator.domain.help.care import deciding, doors, trail
from incubator.domain.help.care import queue as cases
from incubator.edge.access import managers
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import redirect_to, render, toast
from incubator.edge.reporting import REASONS
from incubator.kernel.keyset import Cursor
from incubator.network.sites.queries import place_of

if TYPE_CHECKING:
    from typing import Any

    from flask.typing import ResponseReturnValue

    from incubator.domain.help.care_models import Case

VIEWS = ("waiting", "decided")


@pages.get("/entraide/signalements", en="/help/reports", may=managers)
def reports() -> ResponseReturnValue:
    """The posts that were reported at the reader's sites, or about which something was done."""
    view = request.args.get("view", "")
    view = view if view in VIEWS else VIEWS[0]
    cursor = Cursor(request.args.get("after"), request.args.get("before"), cases.PAGE_SIZE)
    found = cases.waiting if view == "waiting" else cases.decided
    page = found(actor(), cursor, now=now())
    words = {"reasons": REASONS, "steps": STEPS, "kinds": KINDS}
    return render("help/care/reports.html", page=page, view=view, words=words)


@pages.form(f"/entraide/signalements/{ID}", en=f"/help/reports/{ID}", may=managers)
def report_case(id: int) -> ResponseReturnValue:
    """One post: what was said of it, what was done, and what to do."""
    case = doors.case_seen_by(actor(), id)
    form = DecideForm(seen=case.version)
    done = attempt(
        form,
        lambda: (
            deciding.decide(
                actor(),
                id,
                act=typed(form, "act"),
                note=typed(form, "words"),
                seen=form.seen.data or 0,
                now=now(),
            ).id
        ),
    )
    if done is None:
        case = doors.case_seen_by(actor(), id)
        # What is shown now is what the next try decides upon.
        shows_now(form.seen, case.version)
        return form.page("help/care/case.html", **_shown(case))
    toast(_("Done. You can take it back below."))
    return redirect_to("help.report_case", id=id)


def _shown(case: Case) -> dict[str, Any]:
    steps = trail.trail_of(case)
    before = cases.before_of([case.author_id], since=now() - cases.YEAR)
    return {
        "case": case,
        "kind": KINDS[case.kind],
        "html": cases.texts_of([case]).get(case.post, ""),
        "steps": steps,
        "hidden": any(step.measure and step.what == "hide" for step in steps),
        "lock": locking.lock_of(case.question),
        "before": before[case.author_id],
        "wrote": trail.wrote_of_late(actor(), case),
        "words": {"reasons": REASONS, "steps": STEPS},
        "place_of": place_of,
    }


@pages.post(
    f"/entraide/signalements/mesures/{ID}/annuler", en=f"/help/reports/acts/{ID}/undo", may=managers
)
def undo_measure(id: int) -> ResponseReturnValue:
    """Take back something that was done about a post."""
    case_id, own = act(lambda: _undone(id))
    toast(_("Undone."))
    return redirect_to("help.index") if own else redirect_to("help.report_case", id=case_id)


def _undone(measure_id: int) -> tuple[int, bool]:
    case = deciding.undo(actor(), measure_id, now=now())
    return case.id, case.author_id == actor().id
