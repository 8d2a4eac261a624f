"""What a firm does with a deal: decline, withdraw, deliver, accept, note a payment, call off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.deals.forms import PaidForm, WordsForm
from incubator.blueprints.deals.routes import DEAL, pages
from incubator.blueprints.deals.views import values_of
from incubator.domain.exchanges.deals import commands, performing, policy, queries
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.numbers import natural
from incubator.edge.pages import redirect_to, toast
from incubator.kernel.errors import NotFound
from incubator.reactions.bridges import rooms_of_deals

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@pages.form(f"/accords/{DEAL}/decliner", en=f"/deals/{DEAL}/decline", may=members)
def decline(deal_id: int) -> ResponseReturnValue:
    """Say no, with a word about why if one likes."""
    seen = queries.visible_to(actor(), deal_id)
    policy.side(seen.own)
    form = WordsForm()

    def no() -> bool:
        commands.decline(actor(), deal_id, words=form.words.data or "", now=now())
        return True

    if attempt(form, no) is None:
        return form.page("deals/decline.html", **values_of(queries.visible_to(actor(), deal_id)))
    toast(_("Declined. The other firm is told."))
    return redirect_to("deals.show", deal_id=deal_id)


@pages.post(f"/accords/{DEAL}/discussion", en=f"/deals/{DEAL}/conversation", may=members)
def talk(deal_id: int) -> ResponseReturnValue:
    """To the conversation of a deal, which the first who wants to talk opens."""
    note = _("We talk about this deal here: {path}")
    room = act(lambda: rooms_of_deals.enter(actor(), deal_id, note=note, now=now()))
    return redirect_to("chat.show", slug=room.slug)


@pages.post(f"/accords/{DEAL}/retirer", en=f"/deals/{DEAL}/withdraw", may=members)
def withdraw(deal_id: int) -> ResponseReturnValue:
    """Take one's own terms back."""
    act(lambda: commands.withdraw(actor(), deal_id, now=now()))
    toast(_("Withdrawn."))
    return redirect_to("deals.show", deal_id=deal_id)


@pages.post(f"/accords/{DEAL}/livrer", en=f"/deals/{DEAL}/deliver", may=members)
def deliver(deal_id: int) -> ResponseReturnValue:
    """Say that what one owes is delivered."""
    leg_id = _leg()
    act(lambda: performing.deliver(actor(), deal_id, leg_id, now=now()))
    toast(_("Noted. The other firm looks at it now."))
    return redirect_to("deals.show", deal_id=deal_id)


@pages.post(f"/accords/{DEAL}/accepter", en=f"/deals/{DEAL}/accept", may=members)
def accept(deal_id: int) -> ResponseReturnValue:
    """Say that what one received is as agreed."""
    leg_id = _leg()
    act(lambda: performing.accept(actor(), deal_id, leg_id, now=now()))
    toast(_("Accepted."))
    return redirect_to("deals.show", deal_id=deal_id)


@pages.form(f"/accords/{DEAL}/paiement", en=f"/deals/{DEAL}/payment", may=members)
def paid(deal_id: int) -> ResponseReturnValue:
    """Say that the payment which covers the difference came."""
    seen = queries.visible_to(actor(), deal_id)
    policy.side(seen.own)
    form = PaidForm()

    def came() -> bool:
        performing.note_paid(actor(), deal_id, ref=form.ref.data or "", now=now())
        return True

    if attempt(form, came) is None:
        return form.page("deals/paid.html", **values_of(queries.visible_to(actor(), deal_id)))
    toast(_("Noted: the payment came."))
    return redirect_to("deals.show", deal_id=deal_id)


@pages.post(f"/accords/{DEAL}/annuler", en=f"/deals/{DEAL}/call-off", may=members)
def call_off(deal_id: int) -> ResponseReturnValue:
    """Ask to call it off, or agree to it."""
    act(lambda: performing.call_off(actor(), deal_id, now=now()))
    toast(_("Noted. It ends once every firm agrees."))
    return redirect_to("deals.show", deal_id=deal_id)


@pages.post(f"/accords/{DEAL}/poursuivre", en=f"/deals/{DEAL}/go-on", may=members)
def go_on(deal_id: int) -> ResponseReturnValue:
    """Not call it off after all."""
    act(lambda: performing.go_on(actor(), deal_id, now=now()))
    toast(_("It goes on."))
    return redirect_to("deals.show", deal_id=deal_id)


def _leg() -> int:
    """The leg that a button names; NotFound ``deals.leg`` of what is no number."""
    number = natural(request.form.get("leg"))
    if number is None:
        raise NotFound("deals.leg")
    return number
