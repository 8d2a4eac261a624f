"""What a firm does with its listings, managers with those of their site, letters by a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.exchanges import words
from incubator.blueprints.exchanges.forms import ReasonForm
from incubator.blueprints.exchanges.routes import pages
from incubator.blueprints.exchanges.views import ID
from incubator.domain.exchanges.listings import commands, policy, queries, rules
from incubator.domain.exchanges.listings.renew_links import instant_of, renewal_of
from incubator.edge.access import anybody, members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.numbers import natural
from incubator.edge.pages import back_or, redirect_to, render, toast
from incubator.edge.security import csrf
from incubator.edge.state import settings
from incubator.kernel.errors import NotAllowed, NotFound, Refusal

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

DIGITS = 17
BY_BUTTON = ("publish", "pause", "resume", "part", "fill", "withdraw")


@pages.post(f"/echanges/annonces/{ID}/etat", en=f"/exchanges/listings/{ID}/state", may=members)
def move(listing_id: int) -> ResponseReturnValue:
    """Publish, pause, show again, say what is found, withdraw."""
    wish = request.form.get("act", "")
    if wish not in BY_BUTTON:
        raise Refusal("listings.state")
    act(lambda: commands.move(actor(), listing_id, wish, now=now()))
    toast(str(words.DONE[wish]))
    return back_or("exchanges.by_id", listing_id=listing_id)


@pages.post(
    f"/echanges/annonces/{ID}/renouveler", en=f"/exchanges/listings/{ID}/renew", may=members
)
def renew(listing_id: int) -> ResponseReturnValue:
    """Let a listing last as long again; a second click changes nothing."""
    seen = natural(request.form.get("seen"), digits=DIGITS)
    if seen is None:
        raise Refusal("listings.state")
    until = instant_of(seen)
    act(lambda: commands.renew(actor(), listing_id, seen_until=until, now=now()))
    toast(_("Renewed."))
    return back_or("exchanges.by_id", listing_id=listing_id)


@pages.form("/echanges/renouveler/<token>", en="/exchanges/renew/<token>", may=anybody)
def renew_link(token: str) -> ResponseReturnValue:
    """Renew from a letter, without signing in: asked for here, since programs open links."""
    what = renewal_of(token, settings().secret_key)
    done = request.method == "POST"
    renewed = False
    if done:
        try:
            renewed = act(
                lambda: commands.renew_by_link(
                    what.listing_id, member_id=what.member_id, seen_until=what.until, now=now()
                )
            )
        except (NotAllowed, NotFound):
            raise NotFound("listings.link") from None
    return render("exchanges/renew.html", done=done, renewed=renewed)


# The signed address says it all, and whoever has it can do no more than renew this listing once.
csrf.exempt(renew_link)


@pages.form(
    f"/echanges/annonces/{ID}/retirer", en=f"/exchanges/listings/{ID}/withdraw", may=members
)
def withdraw(listing_id: int) -> ResponseReturnValue:
    """A manager takes a listing of their site away and says why."""
    listing = queries.visible_to(actor(), listing_id)
    if not policy.may_withdraw(actor(), listing, queries.firm_ids_of(actor().id)):
        raise NotAllowed("listings.not_yours")
    form = ReasonForm()
    withdrawn = attempt(
        form,
        lambda: commands.withdraw_as_manager(
            actor(), listing_id, reason=form.reason.data or "", now=now()
        ),
    )
    if withdrawn is None:
        listing = queries.visible_to(actor(), listing_id)
        return form.page("exchanges/withdraw.html", listing=listing, most=rules.REASON_MOST)
    toast(str(words.DONE["withdraw"]))
    return redirect_to("exchanges.index")


@pages.post(f"/echanges/annonces/{ID}/jeter", en=f"/exchanges/listings/{ID}/discard", may=members)
def discard(listing_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    act(lambda: commands.discard(actor(), listing_id))
    toast(_("The draft is gone."))
    return redirect_to("exchanges.mine")
