"""Members as accounts: who they are for the network, what they may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.admin.forms import RoleForm
from incubator.blueprints.admin.routes import cursor, number, pages
from incubator.blueprints.admin.words import ROLES, action_words
from incubator.edge.access import managers
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel.keyset import Cursor
from incubator.network.accounts import policy, rights
from incubator.network.accounts.queries import People, actor_of, people_for, sites_of, visible_to
from incubator.network.letters import refusals
from incubator.network.members.audiences import seen_fields
from incubator.network.sites.queries import open_places
from incubator.reactions.audit.queries import Which, log_for, people_in

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

LATEST = 8


@pages.get("/reseau/membres", en="/network/members", may=managers)
def people() -> ResponseReturnValue:
    """Accounts by name, searched by name, address, role, state and site."""
    which = People(
        text=request.args.get("q", "").strip()[:100],
        role=request.args.get("role", ""),
        state=request.args.get("state", ""),
        site_id=number("site"),
    )
    return render(
        "admin/people.html",
        which=which,
        page=people_for(actor(), which, cursor()),
        site_options=[(site.id, site.name) for site in sites_of(actor())],
        site_names=_site_names(),
        roles=ROLES,
    )


@pages.form("/reseau/membres/<int:member_id>", en="/network/members/<int:member_id>", may=managers)
def person(member_id: int) -> ResponseReturnValue:
    """One member's roles and state; the form gives a role."""
    visible_to(actor(), member_id)
    form = RoleForm()
    form.offer(actor(), sites_of(actor()))
    if attempt(form, lambda: _give(form, member_id)):
        toast(_("The role is given. It counts from their next page on."))
        return redirect_to("admin.person", member_id=member_id)
    return form.page("admin/person.html", **_shown(member_id))


def _give(form: RoleForm, member_id: int) -> bool:
    rights.give(actor(), member_id=member_id, role=form.role.data, site_id=form.site, now=now())
    return True


def _shown(member_id: int) -> dict[str, Any]:
    account = visible_to(actor(), member_id)
    which = Which(member_ids=frozenset({member_id}))
    entries = log_for(actor(), which, Cursor(size=LATEST)).rows
    return {
        "account": account,
        "seen": seen_fields(actor(), account.member),
        "for_good": bool(account.deactivated_at) and rights.closed_for_good(account),
        "may_close": policy.may_deactivate(actor(), actor_of(account)),
        "may_grant": lambda grant: policy.may_grant(actor(), grant.role, grant.site_id),
        "site_names": _site_names(),
        "roles": ROLES,
        "entries": entries,
        "named": people_in(entries),
        "action_words": action_words,
        "no_mail": refusals.refused_of(member_id),
    }


@pages.post(
    "/reseau/membres/<int:member_id>/roles/<int:grant_id>/retirer",
    en="/network/members/<int:member_id>/roles/<int:grant_id>/take",
    may=managers,
)
def take_role(member_id: int, grant_id: int) -> ResponseReturnValue:
    """Take a role."""
    act(lambda: rights.take(actor(), member_id=member_id, grant_id=grant_id, now=now()))
    toast(_("The role is taken. It no longer counts from their next page on."))
    if member_id == actor().id:
        return redirect_to("home.index")
    return redirect_to("admin.person", member_id=member_id)


@pages.post(
    "/reseau/membres/<int:member_id>/adresse",
    en="/network/members/<int:member_id>/address",
    may=managers,
)
def try_address(member_id: int) -> ResponseReturnValue:
    """Write to their address again, though its server refused it: it works now."""
    visible_to(actor(), member_id)
    act(lambda: refusals.try_again_of(member_id))
    toast(_("The next letter tries the address again."))
    return redirect_to("admin.person", member_id=member_id)


@pages.post(
    "/reseau/membres/<int:member_id>/fermer",
    en="/network/members/<int:member_id>/close",
    may=managers,
)
def close(member_id: int) -> ResponseReturnValue:
    """Close an account."""
    act(lambda: rights.deactivate(actor(), member_id=member_id, now=now()))
    toast(_("The account is closed: its pages and conversations stopped at once."))
    return redirect_to("admin.person", member_id=member_id)


@pages.post(
    "/reseau/membres/<int:member_id>/rouvrir",
    en="/network/members/<int:member_id>/reopen",
    may=managers,
)
def reopen(member_id: int) -> ResponseReturnValue:
    """Open a closed account again."""
    act(lambda: rights.reactivate(actor(), member_id=member_id))
    toast(_("The account is open again."))
    return redirect_to("admin.person", member_id=member_id)


def _site_names() -> dict[int, str]:
    return {site.id: site.name for site in open_places()}
