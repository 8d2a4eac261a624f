"""Inviting people: the list, a new one, again, withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import make_response
from flask_babel import gettext as _

from incubator.blueprints.admin.forms import InviteForm
from incubator.blueprints.admin.routes import cursor, pages
from incubator.blueprints.admin.words import INVITATION_STATES, ROLES
from incubator.edge.access import managers
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import redirect_to, render, toast, url
from incubator.edge.state import settings
from incubator.network.accounts import invitations as commands
from incubator.network.accounts.queries import invitations_for, sites_of

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@pages.get("/reseau/invitations", en="/network/invitations", may=managers)
def invitations() -> ResponseReturnValue:
    """Invitations and what became of them, the newest first."""
    found = invitations_for(actor(), cursor())
    states = {row.id: row.state(now()) for row in found.rows}
    shown = {"states": states, "state_words": INVITATION_STATES, "roles": ROLES}
    return render("admin/invitations.html", page=found, **shown)


@pages.form("/reseau/invitations/nouvelle", en="/network/invitations/new", may=managers)
def invite() -> ResponseReturnValue:
    """Invite somebody by mail, or by a link to hand over."""
    form = InviteForm(data={"language": actor().language, "role": "resident"})
    form.offer(actor(), sites_of(actor()))
    issued = attempt(form, lambda: _issue(form))
    if issued is None:
        return form.page("admin/invite.html")
    return _after(issued)


def _issue(form: InviteForm) -> commands.Issued:
    return commands.invite(
        actor(),
        role=form.role.data,
        site_id=form.site,
        email=(form.email.data or "").strip() or None,
        language=form.language.data,
        once=form.once.data or "",
        now=now(),
    )


def _after(issued: commands.Issued) -> ResponseReturnValue:
    """A mailed invitation leaves by itself; a link is shown, this one time."""
    if issued.invitation.email or issued.token is None:
        if issued.invitation.email:
            toast(_("The invitation is on its way to %(email)s.", email=issued.invitation.email))
        return redirect_to("admin.invitations")
    address = settings().base_url.rstrip("/") + url("auth.invitation", token=issued.token)
    until = issued.invitation.expires_at
    response = make_response(render("admin/invitation_link.html", address=address, until=until))
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.post(
    "/reseau/invitations/<int:invitation_id>/renvoyer",
    en="/network/invitations/<int:invitation_id>/again",
    may=managers,
)
def send_again(invitation_id: int) -> ResponseReturnValue:
    """A fresh link, by mail or shown; the former one dies."""
    return _after(act(lambda: commands.send_again(actor(), invitation_id=invitation_id, now=now())))


@pages.post(
    "/reseau/invitations/<int:invitation_id>/retirer",
    en="/network/invitations/<int:invitation_id>/revoke",
    may=managers,
)
def revoke(invitation_id: int) -> ResponseReturnValue:
    """Withdraw an invitation."""
    act(lambda: commands.revoke(actor(), invitation_id=invitation_id, now=now()))
    toast(_("The invitation is withdrawn: its link is dead."))
    return redirect_to("admin.invitations")
