"""Days on which a site, or the whole network, is shut: announced, looked at before, lifted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.sites.forms import ClosureForm
from incubator.blueprints.sites.routes import kept, pages
from incubator.domain.commitments import slot_closures
from incubator.domain.commitments.rules import Span
from incubator.edge.access import administrators, managers
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import act, attempt
from incubator.edge.pages import redirect_to, toast
from incubator.kernel.errors import Refusal
from incubator.network.sites import commands, queries, rules

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.commitments.slot_closures import Touched
    from incubator.network.sites.models import Closure


@pages.form("/sites/<slug>/fermetures", en="/sites/<slug>/closures", may=managers)
def closures(slug: str) -> ResponseReturnValue:
    """The days on which a site is shut."""
    site = kept(slug)
    form = ClosureForm()
    touched = _looked_at(form, site.id)
    if touched or "preview" in request.form or not _announced(form, site.id):
        coming = queries.closures_of([site.id], today(site.time_zone))
        return form.page("sites/closures.html", site=site, closures=coming, touched=touched)
    toast(_("The closure is announced on the page of the site."))
    return redirect_to("sites.closures", slug=slug)


@pages.form("/sites/fermetures", en="/sites/closures", may=administrators)
def all_closures() -> ResponseReturnValue:
    """The days on which every site of the network is shut."""
    form = ClosureForm()
    form.lowers_due.label.text = _("Nobody owes hours for these days")
    touched = _looked_at(form, None)
    if touched or "preview" in request.form or not _announced(form, None):
        coming = queries.closures_of([], now().date())
        return form.page("sites/network_closures.html", closures=coming, touched=touched)
    toast(_("The closure is announced on the pages of all sites."))
    return redirect_to("sites.all_closures")


def _looked_at(form: ClosureForm, site_id: int | None) -> Touched | None:
    """What the closure would call off, if that was asked; None too for days that cannot be."""
    if "preview" not in request.form or not form.validate_on_submit():
        return None
    try:
        first, end = form.days()
        rules.check_closure(first, end)
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    return slot_closures.touched(site_id, Span(first, end), now=now())


def _announced(form: ClosureForm, site_id: int | None) -> Closure | None:
    def close() -> Closure:
        first, end = form.days()
        return commands.close_days(
            actor(),
            site_id=site_id,
            starts_on=first,
            ends_on=end,
            kind=form.kind.data,
            reason=form.reason.data or "",
            lowers_due=bool(form.lowers_due.data),
        )

    return attempt(form, close)


@pages.post(
    "/sites/<slug>/fermetures/<int:closure_id>/retirer",
    en="/sites/<slug>/closures/<int:closure_id>/remove",
    may=managers,
)
def reopen(slug: str, closure_id: int) -> ResponseReturnValue:
    """Lift a closure."""
    site = kept(slug)
    act(lambda: commands.reopen_days(actor(), site_id=site.id, closure_id=closure_id))
    toast(_("The closure is removed."))
    return redirect_to("sites.closures", slug=slug)


@pages.post(
    "/sites/fermetures/<int:closure_id>/retirer",
    en="/sites/closures/<int:closure_id>/remove",
    may=administrators,
)
def reopen_all(closure_id: int) -> ResponseReturnValue:
    """Lift a closure of the whole network."""
    act(lambda: commands.reopen_days(actor(), site_id=None, closure_id=closure_id))
    toast(_("The closure is removed."))
    return redirect_to("sites.all_closures")
