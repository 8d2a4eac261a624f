"""What a mailed link opens: a new password, the confirmation of an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from incubator.blueprints.auth.forms import ConfirmForm, ForgottenForm, NewPasswordForm
from incubator.blueprints.auth.routes import pages
from incubator.edge.access import anybody
from incubator.edge.actor import enter
from incubator.edge.brakes import braked, here
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel.errors import NotFound
from incubator.network.accounts import credentials, rules

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.network.accounts.models import Account

GONE = 410


@pages.form("/connexion/oubli", en="/sign-in/forgotten", may=anybody)
def forgotten() -> ResponseReturnValue:
    """Ask for a link to a new password; the answer is the same for any address."""
    form, template = ForgottenForm(), "auth/forgotten.html"
    if not form.validate_on_submit():
        return form.page(template)
    email = form.email.data or ""
    slow = braked(form, template, (rules.RESET_FROM, here()), (rules.RESET_FOR, email))
    if slow:
        return slow
    act(lambda: credentials.forget(email))
    return redirect_to("auth.forgotten_sent")


@pages.get("/connexion/oubli/envoye", en="/sign-in/forgotten/sent", may=anybody)
def forgotten_sent() -> ResponseReturnValue:
    """Where to look now."""
    return render("auth/forgotten_sent.html")


@pages.form(
    "/connexion/nouveau-mot-de-passe/<token>", en="/sign-in/new-password/<token>", may=anybody
)
def new_password(token: str) -> ResponseReturnValue:
    """Choose a new password by a mailed link."""
    try:
        return _choose(token)
    except NotFound:
        return render("auth/link_over.html"), GONE


def _choose(token: str) -> ResponseReturnValue:
    credentials.open_link(token, "reset", now=now())
    form, template = NewPasswordForm(), "auth/new_password.html"
    slow = braked(form, template, (rules.LINK_FROM, here()))
    if slow:
        return slow
    if attempt(form, lambda: _reset(token, form.password.data or "")) is None:
        return form.page(template)
    toast(_("Your new password is set. Your other devices were signed out."))
    return redirect_to("home.index")


def _reset(token: str, password: str) -> Account:
    account = credentials.reset_password(token, password=password, now=now())
    if account.deactivated_at is None:
        enter(account.id)
    return account


@pages.form("/connexion/adresse/<token>", en="/sign-in/address/<token>", may=anybody)
def confirm_email(token: str) -> ResponseReturnValue:
    """Confirm one side of a change of address; a scanner that opens the link changes nothing."""
    try:
        return _confirm(token)
    except NotFound:
        return render("auth/link_over.html"), GONE


def _confirm(token: str) -> ResponseReturnValue:
    link = credentials.open_link(token, "email_old", "email_new", now=now())
    form, template, address = ConfirmForm(), "auth/confirm_email.html", str(link.data["email"])
    slow = braked(form, template, (rules.LINK_FROM, here()), address=address)
    if slow:
        return slow
    done = attempt(form, lambda: credentials.confirm_email(token, now=now()))
    if done is None:
        return form.page(template, address=address)
    return render("auth/email_confirmed.html", done=done, address=address)
