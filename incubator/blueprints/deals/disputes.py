"""Contesting a delivery, answering, mediating."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.deals.forms import AmountForm, ContestForm, NeverCameForm, amount
from incubator.blueprints.deals.routes import DEAL, pages
from incubator.blueprints.deals.views import values_of
from incubator.domain.exchanges.deals import disputes, missing, policy, queries, records
from incubator.domain.exchanges.deals.money import typed_of
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.numbers import natural
from incubator.edge.pages import redirect_to, toast
from incubator.kernel.errors import NotAllowed, NotFound

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.exchanges.deals.models import DealLeg, Dispute
    from incubator.domain.exchanges.deals.queries import Seen

DISPUTE = f"/accords/{DEAL}/litige/<int:dispute_id>"
DISPUTE_EN = f"/deals/{DEAL}/dispute/<int:dispute_id>"


@pages.form(
    f"/accords/{DEAL}/reserve/<int:leg_id>", en=f"/deals/{DEAL}/contest/<int:leg_id>", may=members
)
def contest(deal_id: int, leg_id: int) -> ResponseReturnValue:
    """Say what is not as agreed, and how much one accepts of it; or that it never came."""
    seen = queries.visible_to(actor(), deal_id)
    leg = records.leg_of(seen.deal, leg_id)
    if policy.side(seen.own) != leg.receiver_id:
        raise NotAllowed("deals.not_yours")
    if leg.state == "committed":
        return _never_came(leg)
    form = ContestForm()
    made = attempt(
        form,
        lambda: disputes.contest(
            actor(),
            deal_id,
            leg_id,
            reason=form.reason.data or "",
            cents=amount(form.cents),
            now=now(),
        ),
    )
    if made is None:
        values = values_of(queries.visible_to(actor(), deal_id))
        return form.page("deals/contest.html", leg=leg, **values)
    toast(_("Noted. The other firm is told, and has seven days to answer."))
    return redirect_to("deals.show", deal_id=deal_id)


def _never_came(leg: DealLeg) -> ResponseReturnValue:
    form, gift = NeverCameForm(), leg.mode == "gift"
    deal_id, leg_id = leg.deal_id, leg.id

    def say() -> bool:
        missing.never_came(actor(), deal_id, leg_id, reason=form.reason.data or "", now=now())
        return True

    if attempt(form, say) is None:
        values = values_of(queries.visible_to(actor(), deal_id))
        return form.page("deals/never_came.html", leg=values["legs"][leg_id], **values)
    toast(
        _("Noted. The gift is no longer expected; the other firm is told.")
        if gift
        else _("Noted. The other firm is told, and has seven days to answer.")
    )
    return redirect_to("deals.show", deal_id=deal_id)


@pages.form(DISPUTE, en=DISPUTE_EN, may=members)
def dispute(deal_id: int, dispute_id: int) -> ResponseReturnValue:
    """Answer as the giver; propose or decide as the mediator; read as anybody concerned."""
    seen = queries.visible_to(actor(), deal_id)
    found = _dispute(seen, dispute_id)
    form = AmountForm()
    if not form.is_submitted():
        form.cents.data = typed_of(found.cents)

    def say() -> bool:
        told = {"words": form.words.data or "", "cents": amount(form.cents), "now": now()}
        _voice(seen)(actor(), deal_id, dispute_id, **told)
        return True

    if attempt(form, say) is None:
        seen = queries.visible_to(actor(), deal_id)
        values = values_of(seen)
        return form.page("deals/dispute.html", dispute=_dispute(seen, dispute_id), **values)
    toast(_("Sent to both firms."))
    return redirect_to("deals.dispute", deal_id=deal_id, dispute_id=dispute_id)


def _voice(seen: Seen) -> Any:
    if not seen.mediates:
        return disputes.answer
    return disputes.decide if request.form.get("act") == "decide" else disputes.mediate


@pages.post(f"{DISPUTE}/accord", en=f"{DISPUTE_EN}/agree", may=members)
def agree(deal_id: int, dispute_id: int) -> ResponseReturnValue:
    """Agree to the amount that one read."""
    cents = natural(request.form.get("cents"))
    if cents is None:
        raise NotFound("deals.dispute")
    act(lambda: disputes.agree(actor(), deal_id, dispute_id, cents=cents, now=now()))
    toast(_("You agreed to the amount."))
    return redirect_to("deals.show", deal_id=deal_id)


@pages.post(f"{DISPUTE}/lever", en=f"{DISPUTE_EN}/drop", may=members)
def drop(deal_id: int, dispute_id: int) -> ResponseReturnValue:
    """Contest no more."""
    act(lambda: disputes.drop(actor(), deal_id, dispute_id, now=now()))
    toast(_("No longer contested: the delivery is accepted."))
    return redirect_to("deals.show", deal_id=deal_id)


def _dispute(seen: Seen, dispute_id: int) -> Dispute:
    for each in seen.deal.disputes:
        if each.id == dispute_id:
            return each
    raise NotFound("deals.dispute")
