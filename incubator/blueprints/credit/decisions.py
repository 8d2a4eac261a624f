"""What takes two managers, and what is taken back: departures, corrections, reversals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from incubator.blueprints.credit import words
from incubator.blueprints.credit.desk import (
    DESK,
    DESK_EN,
    account_typed,
    decided,
    firm_page,
    sent_number,
)
from incubator.blueprints.credit.forms import AdjustForm, ReasonForm, cents
from incubator.blueprints.credit.routes import FIRM, pages
from incubator.domain.exchanges.ledger import adjusting, departures, statements
from incubator.domain.exchanges.ledger import desk as desks
from incubator.edge.access import managers
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import redirect_to, toast
from incubator.reactions.bridges import credited_deals

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@pages.post(f"{DESK}/{FIRM}/depart", en=f"{DESK_EN}/{FIRM}/departure", may=managers)
def ask_departure(firm_id: int) -> ResponseReturnValue:
    """Propose that the common fund takes over the balance of a firm that leaves."""
    _firm, held = decided(firm_id)
    form = ReasonForm(prefix="depart-")
    told = attempt(
        form,
        lambda: departures.ask(
            actor(), account_id=held.id, reason=form.reason.data or "", now=now()
        ),
    )
    if told is None:
        return firm_page(firm_id, depart=form)
    toast(_("Proposed. Another manager has to agree."))
    return redirect_to("credit.firm_desk", firm_id=firm_id)


@pages.post(f"{DESK}/{FIRM}/depart/accord", en=f"{DESK_EN}/{FIRM}/departure/agree", may=managers)
def agree_departure(firm_id: int) -> ResponseReturnValue:
    """Agree as the second manager."""
    decided(firm_id)
    number = sent_number("departure")
    act(lambda: departures.agree(actor(), departure_id=number, now=now()))
    toast(_("The common fund has taken the balance over; the firm has left."))
    return redirect_to("credit.desk")


@pages.post(
    f"{DESK}/{FIRM}/depart/retrait", en=f"{DESK_EN}/{FIRM}/departure/withdraw", may=managers
)
def withdraw_departure(firm_id: int) -> ResponseReturnValue:
    """Let a proposed departure fall."""
    decided(firm_id)
    number = sent_number("departure")
    act(lambda: departures.withdraw(actor(), departure_id=number, now=now()))
    toast(_("No longer proposed."))
    return redirect_to("credit.firm_desk", firm_id=firm_id)


@pages.post(f"{DESK}/{FIRM}/correction", en=f"{DESK_EN}/{FIRM}/adjustment", may=managers)
def ask_adjustment(firm_id: int) -> ResponseReturnValue:
    """Propose to correct what stands between this firm and another."""
    firm, held = decided(firm_id)
    form = AdjustForm(prefix="adjust-")
    form.offer(firm.name, desks.partners_of(actor(), held.id))

    def ask() -> int:
        other = account_typed(form.other.data or "")
        gave = form.way.data == "gave"
        return adjusting.ask(
            actor(),
            giver_id=held.id if gave else other,
            receiver_id=other if gave else held.id,
            cents=cents(form.cents),
            reason=form.reason.data or "",
            once=form.once.data or "",
            now=now(),
        )

    if attempt(form, ask) is None:
        return firm_page(firm_id, adjust=form)
    toast(_("Proposed. Another manager has to agree."))
    return redirect_to("credit.firm_desk", firm_id=firm_id)


@pages.post(
    f"{DESK}/{FIRM}/correction/accord", en=f"{DESK_EN}/{FIRM}/adjustment/agree", may=managers
)
def agree_adjustment(firm_id: int) -> ResponseReturnValue:
    """Agree as the second manager: it is written down."""
    decided(firm_id)
    number = sent_number("adjustment")
    act(lambda: adjusting.agree(actor(), adjustment_id=number, now=now()))
    toast(_("Corrected. Both firms are told."))
    return redirect_to("credit.firm_desk", firm_id=firm_id)


@pages.post(
    f"{DESK}/{FIRM}/correction/retrait", en=f"{DESK_EN}/{FIRM}/adjustment/withdraw", may=managers
)
def withdraw_adjustment(firm_id: int) -> ResponseReturnValue:
    """Let a proposed correction fall."""
    decided(firm_id)
    number = sent_number("adjustment")
    act(lambda: adjusting.withdraw(actor(), adjustment_id=number, now=now()))
    toast(_("No longer proposed."))
    return redirect_to("credit.firm_desk", firm_id=firm_id)


@pages.form(
    f"{DESK}/{FIRM}/reprise/<int:txn_id>",
    en=f"{DESK_EN}/{FIRM}/take-back/<int:txn_id>",
    may=managers,
)
def take_back(firm_id: int, txn_id: int) -> ResponseReturnValue:
    """Take a line back, once, with a reason that both firms read."""
    firm, held = decided(firm_id)
    line = statements.line_of(held.id, txn_id)
    form = ReasonForm()
    told = attempt(
        form,
        lambda: credited_deals.take_back(
            actor(),
            txn_id=txn_id,
            reason=form.reason.data or "",
            over_limit=bool(form.over.data),
            now=now(),
        ),
    )
    if told is None:
        return form.page("credit/take_back.html", firm=firm, line=line, words=words)
    toast(_("Taken back. Both firms are told."))
    return redirect_to("credit.account", firm_id=firm_id)
