"""Firms: their page, and how their people keep it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from incubator.blueprints.members.forms import FirmForm, NewFirmForm
from incubator.blueprints.members.routes import pages
from incubator.blueprints.members.words import siren_groups
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import today
from incubator.edge.forms import attempt
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel.errors import NotAllowed
from incubator.network.members import commands, policy, queries
from incubator.network.members.audiences import showing
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@pages.get("/entreprises/<slug>", en="/firms/<slug>", may=members)
def firm(slug: str) -> ResponseReturnValue:
    """A firm and its people."""
    reader = actor()
    found = queries.firm_with(slug)
    people = queries.people_of(found.id, today(reader.time_zone))
    shown = showing("firms", reader, [role.member for role in people])
    return render(
        "members/firm.html",
        firm=found,
        people=[role for role in people if role.member_id in shown],
        site=sites.with_id(found.site_id),
        registration=siren_groups(found.registration),
        may_edit=policy.may_edit_firm(reader, [role.member_id for role in people]),
    )


@pages.form("/entreprises/nouvelle", en="/firms/new", may=members)
def new_firm() -> ResponseReturnValue:
    """Add one's firm to the directory."""
    reader = actor()
    form = NewFirmForm()
    found = attempt(
        form,
        lambda: commands.found_firm(
            reader,
            founder_id=reader.id,
            details=form.details(),
            title=form.title.data or "",
            today=today(reader.time_zone),
        ),
    )
    if found is None:
        return form.page("members/firm_form.html", firm=None)
    toast(_("%(firm)s is in the directory.", firm=found.name))
    return redirect_to("members.firm", slug=found.slug)


@pages.form("/entreprises/<slug>/modifier", en="/firms/<slug>/edit", may=members)
def edit_firm(slug: str) -> ResponseReturnValue:
    """What a firm says of itself."""
    reader = actor()
    found = queries.firm_with(slug)
    day = today(reader.time_zone)
    people = [role.member_id for role in queries.people_of(found.id, day)]
    if not policy.may_edit_firm(reader, people):
        raise NotAllowed("members.edit_firm")
    form = FirmForm(obj=found)
    changed = attempt(
        form,
        lambda: commands.edit_firm(reader, firm_id=found.id, details=form.details(), today=day),
    )
    if changed is None:
        return form.page("members/firm_form.html", firm=found)
    toast(_("The page of the firm is up to date."))
    return redirect_to("members.firm", slug=slug)
