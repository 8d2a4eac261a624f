"""Owing less for a while: asking, what it would change, deciding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.commitments import asking_words, due_words
from incubator.blueprints.commitments.asking_forms import ReliefForm, VerdictForm
from incubator.blueprints.commitments.looking import noted
from incubator.blueprints.commitments.routes import pages
from incubator.domain.commitments import asked, policy, reliefs
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import act, attempt
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel.errors import NotAllowed, Refusal

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.commitments.promise_models import Relief
    from incubator.domain.commitments.reliefs import Preview
    from incubator.network.members.actor import Actor

WHOLE = 100  # percent


def relief_words() -> dict[str, Any]:
    """Words that the pages of reliefs use."""
    return {
        "relief_kinds": due_words.RELIEFS,
        "relief_states": asking_words.RELIEF_STATES,
        "last_day_before": due_words.last_day_before,
    }


@pages.get("/heures/allegements", en="/hours/reliefs", may=members)
def reliefs_index() -> ResponseReturnValue:
    """My reliefs, and for a manager those that wait."""
    reader = actor()
    waiting = asked.reliefs_waiting(reader) if reader.is_manager else []
    noted(reader, [one.member_id for one in waiting], page="relief", site_id=None)
    return render(
        "commitments/reliefs.html",
        mine=asked.reliefs_of(reader.id),
        waiting=waiting,
        **relief_words(),
    )


@pages.form("/heures/allegements/demander", en="/hours/reliefs/ask", may=members)
def relief_ask() -> ResponseReturnValue:
    """Ask to owe less; looking at what it would change comes first, if one likes."""
    reader = actor()
    form = ReliefForm(
        kind="leave", pct=WHOLE, starts_on=today(reader.time_zone), release_signups=True
    )
    form.offer()
    if "look" in request.form:
        seen = _foreseen(form)
        return render("commitments/relief_ask.html", form=form, preview=seen), 200 if seen else 422
    made = attempt(
        form, lambda: reliefs.ask(reader, form.terms(), once=form.once.data or "", now=now())
    )
    if made is None:
        return form.page("commitments/relief_ask.html", preview=None)
    toast(_("Asked. A manager of your site will answer."))
    return redirect_to("commitments.relief", relief_id=made.id)


def _foreseen(form: ReliefForm) -> Preview | None:
    """What the relief in the form would change, unless something is wrong with it."""
    if not form.validate():
        return None
    try:
        return reliefs.foresee(actor(), form.terms(), now=now())
    except Refusal as refusal:
        form.refuse(refusal)
        return None


@pages.form("/heures/allegements/<int:relief_id>", en="/hours/reliefs/<int:relief_id>", may=members)
def relief(relief_id: int) -> ResponseReturnValue:
    """One relief: what it changes, what was answered; a manager decides here."""
    reader = actor()
    found = asked.relief_visible_to(reader, relief_id)
    noted(reader, [found.member_id], page="relief", site_id=found.site_id)
    form = VerdictForm()
    done = attempt(form, lambda: _decide(form, relief_id))
    if done is not None:
        toast(_("Agreed.") if done.state == "approved" else _("Refused, with your reason."))
        return redirect_to("commitments.site_desk")
    return form.page("commitments/relief.html", **_shown(relief_id))


def _decide(form: VerdictForm, relief_id: int) -> Relief:
    answer = form.answer.data or ""
    if form.verdict.data == "yes":
        return reliefs.approve(actor(), relief_id, answer=answer, now=now())
    return reliefs.refuse(actor(), relief_id, answer=answer, now=now())


def _shown(relief_id: int) -> dict[str, Any]:
    reader = actor()
    # The preview reads the relief anew, without its member: it comes first.
    preview = reliefs.preview(reader, relief_id, now=now())
    found = asked.relief_visible_to(reader, relief_id)
    waits = found.state == "requested"
    return {
        "relief": found,
        "preview": preview if waits else None,
        "own": found.member_id == reader.id,
        "may_decide": waits and policy.may_decide_relief(reader, found),
        "may_cancel": _may_take_back(reader, found),
        "decided_by": asked.names_of([found.decided_by_id]).get(found.decided_by_id or 0, ""),
        **relief_words(),
    }


def _may_take_back(reader: Actor, found: Relief) -> bool:
    """Its member at any time; a manager answers first, and takes back what was agreed."""
    states = {"requested", "approved"} if found.member_id == reader.id else {"approved"}
    return found.state in states and policy.may_cancel_relief(reader, found)


@pages.post(
    "/heures/allegements/<int:relief_id>/annuler",
    en="/hours/reliefs/<int:relief_id>/cancel",
    may=members,
)
def relief_cancel(relief_id: int) -> ResponseReturnValue:
    """I no longer need it, or it was given in error."""
    reader = actor()
    found = asked.relief_visible_to(reader, relief_id)
    if not policy.may_cancel_relief(reader, found):
        raise NotAllowed("commitments.not_your_member")
    act(lambda: reliefs.cancel(reader, relief_id, now=now()))
    toast(_("Taken back: these days are owed as usual."))
    return redirect_to("commitments.reliefs_index")
