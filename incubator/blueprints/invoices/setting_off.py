"""The set-off of a deal: read, agreed to by each firm, kept as a statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from incubator.blueprints.invoices import words
from incubator.blueprints.invoices.forms import AgreeForm
from incubator.blueprints.invoices.routes import DEAL, SETOFF, pages
from incubator.domain.exchanges.deals import performing
from incubator.domain.exchanges.deals import queries as deals
from incubator.domain.exchanges.invoices import agreeing, queries
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import act, attempt
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.exchanges.invoices.models import Setoff


@pages.form(
    f"/factures/accords/{DEAL}/compensation", en=f"/invoices/deals/{DEAL}/set-off", may=members
)
def agree(deal_id: int) -> ResponseReturnValue:
    """Read what would be set off, and agree to it for one's firm."""
    reader = actor()
    deals.visible_to(reader, deal_id)
    form = AgreeForm()

    def agreed() -> Setoff:
        if not form.agreed.data:
            raise Refusal("deals.unread", field="agreed")
        return agreeing.agree(
            reader,
            deal_id,
            seen_hash=form.seen.data or "",
            today=today(reader.time_zone),
            now=now(),
        )

    made = attempt(form, agreed)
    if made is None:
        values = _values(deal_id)
        if values["plan"] is None:
            return _done_or_not_ready(deal_id)
        form.seen.data = values["plan"].hash
        return form.page("invoices/set_off.html", **values)
    return _agreed(made, deal_id)


def _agreed(made: Setoff, deal_id: int) -> ResponseReturnValue:
    if made.state == "effective":
        toast(_("Agreed by all: the set-off is in effect."))
        return redirect_to("invoices.setoff", setoff_id=made.id)
    toast(_("Agreed. It takes effect once every firm does."))
    return redirect_to("invoices.agree", deal_id=deal_id)


def _done_or_not_ready(deal_id: int) -> ResponseReturnValue:
    done = [each for each in queries.setoffs_of(deal_id) if each.state == "effective"]
    if done:
        return redirect_to("invoices.setoff", setoff_id=done[0].id)
    toast(_("Not every invoice is there and uncontested yet."), "sorry")
    return redirect_to("deals.show", deal_id=deal_id)


def _values(deal_id: int) -> dict[str, Any]:
    seen = deals.visible_to(actor(), deal_id)
    plan = agreeing.plan_of(seen.deal)
    waiting = queries.open_setoff(deal_id)
    if waiting is not None and plan is not None and waiting.plan_hash != plan.hash:
        waiting = None
    return {
        "seen": seen,
        "deal": seen.deal,
        "plan": plan,
        "firms": {party.firm_id: party.firm for party in seen.deal.parties},
        "agreed": {each.firm_id: each for each in waiting.consents} if waiting else {},
        "words": words,
    }


@pages.get(f"/factures/compensations/{SETOFF}", en=f"/invoices/set-offs/{SETOFF}", may=members)
def setoff(setoff_id: int) -> ResponseReturnValue:
    """A set-off that is in effect: which invoices, how much of each, what is left."""
    found, lines = queries.setoff_visible_to(actor(), setoff_id)
    return render("invoices/setoff.html", setoff=found, lines=lines, words=words)


@pages.post(f"/factures/accords/{DEAL}/clore", en=f"/invoices/deals/{DEAL}/close", may=members)
def close(deal_id: int) -> ResponseReturnValue:
    """Say that nothing more is to come of a settled deal."""
    act(lambda: performing.close(actor(), deal_id, now=now()))
    toast(_("Noted. The deal closes once every firm says so, or by itself after 30 days."))
    return redirect_to("deals.show", deal_id=deal_id)
