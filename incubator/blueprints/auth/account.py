"""A member's own account: address, password, devices, display."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from incubator.blueprints.auth import zones
from incubator.blueprints.auth.devices import describe
from incubator.blueprints.auth.forms import ChangeEmailForm, ChangePasswordForm, DisplayForm
from incubator.blueprints.auth.routes import pages
from incubator.edge.access import signed_in
from incubator.edge.actor import actor, leave, signed_in_as
from incubator.edge.brakes import braked
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import redirect_to, render, toast
from incubator.edge.state import settings
from incubator.kernel.errors import NotAllowed
from incubator.network.accounts import commands, credentials, rules, sessions
from incubator.network.accounts.queries import account_of, live_sessions

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


def _session_id() -> int:
    found = signed_in_as()
    if found is None:
        raise NotAllowed("edge.sign_in")
    return found.session_id


@pages.get("/moi/reglages/compte", en="/me/settings/account", may=signed_in)
def account() -> ResponseReturnValue:
    """One's own account at a glance."""
    return render("auth/account.html", account=account_of(actor().id))


@pages.get("/moi/reglages/securite", en="/me/settings/security", may=signed_in)
def security() -> ResponseReturnValue:
    """One's password, and where one is signed in."""
    me, current_id = actor(), _session_id()
    since = now() - timedelta(days=settings().session_days)
    devices = [describe(row, current_id=current_id) for row in live_sessions(me.id, since=since)]
    return render("auth/security.html", account=account_of(me.id), devices=devices)


@pages.form("/moi/reglages/langue", en="/me/settings/language", may=signed_in)
def display() -> ResponseReturnValue:
    """The language and the clock by which the product speaks to me."""
    me = actor()
    form = DisplayForm(data={"language": me.language, "time_zone": me.time_zone})
    if attempt(form, lambda: _display(form)):
        toast(_("Your choices are kept."))
        return redirect_to("auth.display")
    return form.page("auth/display.html", zones=zones.offered())


def _display(form: DisplayForm) -> bool:
    commands.choose_language(actor(), form.language.data)
    commands.choose_time_zone(actor(), form.time_zone.data or "")
    return True


@pages.form(
    "/moi/reglages/securite/mot-de-passe", en="/me/settings/security/password", may=signed_in
)
def change_password() -> ResponseReturnValue:
    """Choose a new password."""
    form, template = ChangePasswordForm(), "auth/change_password.html"
    slow = braked(form, template, (rules.PASSWORD_OF, str(actor().id)))
    if slow:
        return slow
    if not attempt(form, lambda: _new_password(form)):
        return form.page(template)
    toast(_("Your new password is set. Your other devices were signed out."))
    return redirect_to("auth.security")


def _new_password(form: ChangePasswordForm) -> bool:
    credentials.change_password(
        actor(),
        current=form.current.data or "",
        password=form.password.data or "",
        session_id=_session_id(),
        now=now(),
    )
    return True


@pages.form("/moi/reglages/compte/adresse", en="/me/settings/account/address", may=signed_in)
def change_email() -> ResponseReturnValue:
    """Ask for a new address."""
    form, template = ChangeEmailForm(), "auth/change_email.html"
    slow = braked(form, template, (rules.PASSWORD_OF, str(actor().id)))
    if slow:
        return slow
    if not attempt(form, lambda: _new_email(form)):
        return form.page(template)
    toast(_("Two messages are on their way: one to each address. Confirm both within 24 hours."))
    return redirect_to("auth.account")


def _new_email(form: ChangeEmailForm) -> bool:
    credentials.ask_new_email(
        actor(), email=form.email.data or "", current=form.current.data or "", now=now()
    )
    return True


@pages.post(
    "/moi/reglages/securite/appareils/<int:session_id>/fermer",
    en="/me/settings/security/devices/<int:session_id>/end",
    may=signed_in,
)
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign one of one's devices out."""
    act(lambda: sessions.end_own(actor().id, session_id, now=now()))
    toast(_("This device is signed out."))
    return redirect_to("auth.security")


@pages.post("/moi/reglages/securite/partout", en="/me/settings/security/everywhere", may=signed_in)
def end_everywhere() -> ResponseReturnValue:
    """Sign all of one's devices out, this one too."""

    def everywhere() -> None:
        sessions.end_all(actor().id, now=now())
        leave()

    act(everywhere)
    toast(_("You are signed out on all your devices."))
    response = redirect_to("auth.sign_in")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


pages.moved("/moi/compte", en="/me/account", to="auth.account", may=signed_in)
pages.moved(
    "/moi/compte/mot-de-passe",
    en="/me/account/password",
    to="auth.change_password",
    may=signed_in,
)
pages.moved("/moi/compte/adresse", en="/me/account/address", to="auth.change_email", may=signed_in)
