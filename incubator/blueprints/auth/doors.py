"""Signing in, signing out, coming in by an invitation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, request
from flask_babel import gettext as _

from incubator.blueprints.auth import zones
from incubator.blueprints.auth.forms import InvitationForm, SignInForm
from incubator.blueprints.auth.routes import pages
from incubator.edge.access import anybody
from incubator.edge.actor import enter, leave, viewer
from incubator.edge.brakes import braked, here
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import own_path, redirect_to, render, toast, url
from incubator.edge.state import settings
from incubator.kernel.errors import NotFound, Refusal
from incubator.network.accounts import credentials, invitations, limits, rules
from incubator.network.sites.queries import open_places

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.network.accounts.models import Account

GONE = 410


@pages.form("/connexion", en="/sign-in", may=anybody)
def sign_in() -> ResponseReturnValue:
    """Come in by an address and a password; then to the page that was asked for."""
    target = own_path(request.args.get("next", "")) or url("home.index")
    if viewer():
        return redirect(target, 303)
    form, template = SignInForm(), "auth/sign_in.html"
    cities = [site.city for site in open_places()][:6]
    slow = None
    if form.validate_on_submit():
        counted = ((rules.SIGN_IN_FROM, here()), (rules.SIGN_IN_AS, form.email.data or ""))
        slow = braked(form, template, *counted, cities=cities)
        if slow is None and _came_in(form):
            return redirect(target, 303)
    return slow or form.page(template, cities=cities)


def _came_in(form: SignInForm) -> bool:
    email, password = form.email.data or "", form.password.data or ""
    account = credentials.recognise(email, password)
    if account is None:
        act(lambda: credentials.turn_away(email))
        form.refuse(Refusal("accounts.sign_in_refused", field="password"))
        return False
    member_id = account.id

    def welcome() -> None:
        credentials.welcome(member_id, password)
        limits.give_back(rules.SIGN_IN_FROM, here())
        limits.give_back(rules.SIGN_IN_AS, email)
        enter(member_id, remember=form.remember.data)

    act(welcome)
    return True


@pages.post("/deconnexion", en="/sign-out", may=anybody)
def sign_out() -> ResponseReturnValue:
    """End the session of this browser, and what it kept of the pages."""
    act(leave)
    toast(_("You are signed out. See you soon!"))
    response = redirect_to("auth.sign_in")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@pages.form("/invitation/<token>", en="/invite/<token>", may=anybody)
def invitation(token: str) -> ResponseReturnValue:
    """Come in for the first time."""
    if viewer():
        return render("auth/already_here.html")
    try:
        return _invited(token)
    except NotFound:
        return render("auth/invitation_over.html"), GONE


def _invited(token: str) -> ResponseReturnValue:
    offer = invitations.offer_of(token, now=now())
    if offer.is_early(now()):
        return render("auth/invitation_early.html", offer=offer)
    form, template = InvitationForm(data=_suggested(offer)), "auth/invitation.html"
    shown = {"offer": offer, "zones": zones.offered()}
    if offer.email:
        del form.email
    slow = braked(form, template, (rules.LINK_FROM, here()), **shown)
    if slow:
        return slow
    if attempt(form, lambda: _accept(token, form, offer.email)) is None:
        return form.page(template, **shown)
    toast(_("Welcome! Your account is open."))
    return redirect_to("home.index")


def _suggested(offer: invitations.Offer) -> dict[str, str]:
    zone = offer.time_zone or settings().default_time_zone
    return {"language": offer.language, "time_zone": zone}


def _accept(token: str, form: InvitationForm, address: str | None) -> Account:
    guest = invitations.Guest(
        name=form.name.data or "",
        email=address or form.email.data or "",
        password=form.password.data or "",
        language=form.language.data,
        time_zone=form.time_zone.data or "",
    )
    account = invitations.accept(token, guest, now=now())
    enter(account.id)
    return account
