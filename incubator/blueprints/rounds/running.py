"""What administrators do: the switch, and a round from its opening to its publication."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.rounds import legal
from incubator.blueprints.rounds.forms import GiveUpForm, OpenForm, SwitchForm
from incubator.blueprints.rounds.routes import ROOT, ROOT_EN, ROUND, number_typed, pages
from incubator.blueprints.rounds.views import values_of
from incubator.domain.exchanges.ledger import switch as credit
from incubator.domain.exchanges.rounds import queries, running, solving
from incubator.domain.exchanges.rounds import switch as switches
from incubator.edge.access import administrators
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import act, attempt
from incubator.edge.pages import redirect_to, toast
from incubator.kernel.db import end_read
from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.exchanges.rounds.models import Round


@pages.form(f"{ROOT}/interrupteur", en=f"{ROOT_EN}/switch", may=administrators)
def switch() -> ResponseReturnValue:
    """Read what needs legal advice and switch netting on, or off again."""
    form = SwitchForm()
    wanted = request.form.get("turn") == "on"

    def turn() -> bool:
        if wanted and not form.read.data:
            raise Refusal("rounds.unread", field="read")
        read = legal.text() if wanted else ""
        switches.switch(actor(), turned_on=wanted, text_read=read, now=now())
        return True

    if attempt(form, turn) is None:
        return form.page(
            "rounds/switch.html",
            on=switches.is_on(),
            paragraphs=legal.PARAGRAPHS,
            acts=switches.history(),
        )
    toast(_("Netting is on.") if wanted else _("Netting is off."))
    return redirect_to("rounds.switch")


@pages.form(f"{ROOT}/ouvrir", en=f"{ROOT_EN}/open", may=administrators)
def new() -> ResponseReturnValue:
    """Open a round and compute it."""
    form = OpenForm()
    form.offer(credit=credit.is_on())
    if not form.is_submitted():
        form.cutoff.data = today(actor().time_zone)

    def opened() -> Round:
        told = running.New(
            cutoff=form.cutoff.data or today(actor().time_zone),
            mode=form.mode.data,
            answer_days=form.answer_days.data or 0,
            once=form.once.data or "",
        )
        return running.open_round(actor(), told, now=now())

    found = attempt(form, opened)
    if found is None:
        return form.page("rounds/open.html", on=switches.is_on())
    if found.state == "collecting":
        solving.compute(actor(), found.id, reason="first", now=now())
    return redirect_to("rounds.show", round_id=found.id)


@pages.post(f"{ROOT}/{ROUND}/calculer", en=f"{ROOT_EN}/{ROUND}/compute", may=administrators)
def compute(round_id: int) -> ResponseReturnValue:
    """Compute a round again, with what is due by now."""
    by = actor()
    end_read()
    solving.compute(by, round_id, reason="again", now=now())
    toast(_("Computed again."))
    return redirect_to("rounds.show", round_id=round_id)


@pages.post(f"{ROOT}/{ROUND}/montrer", en=f"{ROOT_EN}/{ROUND}/preview", may=administrators)
def preview(round_id: int) -> ResponseReturnValue:
    """Show a round to its firms."""
    revision = number_typed("revision", "rounds.round")
    act(lambda: running.show(actor(), round_id, revision=revision, now=now()))
    toast(_("Shown. Each firm reads its own figures and answers."))
    return redirect_to("rounds.show", round_id=round_id)


@pages.post(f"{ROOT}/{ROUND}/executer", en=f"{ROOT_EN}/{ROUND}/execute", may=administrators)
def execute(round_id: int) -> ResponseReturnValue:
    """Carry out a round to which every firm agreed."""
    by = actor()
    end_read()
    solving.execute(by, round_id, now=now())
    toast(_("Carried out: the debts are cleared, each firm is told."))
    return redirect_to("rounds.show", round_id=round_id)


@pages.post(f"{ROOT}/{ROUND}/publier", en=f"{ROOT_EN}/{ROUND}/publish", may=administrators)
def publish(round_id: int) -> ResponseReturnValue:
    """Let everybody of the network read and check a round."""
    act(lambda: running.publish(actor(), round_id, now=now()))
    toast(_("Published: everybody of the network may check it."))
    return redirect_to("rounds.show", round_id=round_id)


@pages.form(f"{ROOT}/{ROUND}/abandonner", en=f"{ROOT_EN}/{ROUND}/give-up", may=administrators)
def give_up(round_id: int) -> ResponseReturnValue:
    """End a round that nobody carries out."""
    form = GiveUpForm()

    def ended() -> bool:
        running.cancel(actor(), round_id, words=form.words.data or "", now=now())
        return True

    if attempt(form, ended) is None:
        seen = queries.visible_to(actor(), round_id)
        return form.page("rounds/give_up.html", **values_of(seen))
    toast(_("Given up. Nothing was cleared."))
    return redirect_to("rounds.show", round_id=round_id)
