"""Adding a firm, and what it says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.firms.forms import FirmForm, NewFirmForm
from incubator.blueprints.firms.routes import pages
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import today
from incubator.edge.forms import attempt
from incubator.edge.locale import language
from incubator.edge.pages import redirect_to, toast
from incubator.edge.state import settings
from incubator.edge.uploads import unused
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.files import store_picture
from incubator.network.members import firm_policy, firm_queries, firms
from incubator.network.members.registration import clean_registration, registration_key
from incubator.network.members.vocabulary import vocabulary
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.network.members.actor import Actor
    from incubator.network.members.firm_models import Firm

WIDTHS = (96, 192, 384)


@pages.form("/entreprises/nouvelle", en="/firms/new", may=members)
def new() -> ResponseReturnValue:
    """Add one's firm to the network."""
    reader = actor()
    form = NewFirmForm(data={"country": _country_of(reader), "size": 1})
    stored = _stored(form)
    found = attempt(form, lambda: _found(reader, form, stored))
    if found is None:
        unused(stored)
        return form.page(
            "firms/new.html",
            families=vocabulary(language()).families(),
            alike=_alike(reader, form) if request.method == "POST" else [],
        )
    toast(_("%(firm)s is in the network.", firm=found.name))
    return redirect_to("firms.show", slug=found.slug)


def _country_of(reader: Actor) -> str:
    site = sites.with_id(reader.home_site_id)
    return site.country if site else ""


def _found(reader: Actor, form: NewFirmForm, stored: str | None) -> Firm:
    day = today(reader.time_zone)
    found = firms.found_firm(
        reader,
        founder_id=reader.id,
        details=form.details(),
        title=form.title.data or "",
        sure=bool(form.sure.data),
        today=day,
    )
    if stored:
        firms.set_logo(reader, firm_id=found.id, logo=stored, today=day)
    return found


def _alike(reader: Actor, form: NewFirmForm) -> list[Firm]:
    """The firms that may be the one being added: by their number, else by their name."""
    details = form.details()
    try:
        key = registration_key(
            clean_registration(details.registration, details.country), details.country
        )
    except Refusal:
        key = None
    same = firm_queries.numbered(key) if key else None
    return [same] if same else firm_queries.lookalikes(details.name, reader.home_site_id)


@pages.form("/entreprises/<slug>/modifier", en="/firms/<slug>/edit", may=members)
def edit(slug: str) -> ResponseReturnValue:
    """What a firm says of itself, and its logo."""
    reader = actor()
    firm = firm_queries.firm_with(slug)
    if not firm_policy.may_keep(reader, firm_queries.standing_of(firm, today(reader.time_zone))):
        raise NotAllowed("firms.edit")
    form = FirmForm(
        obj=firm,
        offers=[each.skill_id for each in firm.skills if not each.wanted],
        needs=[each.skill_id for each in firm.skills if each.wanted],
    )
    stored = _stored(form)
    if attempt(form, lambda: _change(firm, form, stored)) is None:
        unused(stored)
        return form.page("firms/edit.html", firm=firm, families=vocabulary(language()).families())
    toast(_("The page of the firm is up to date."))
    return redirect_to("firms.show", slug=slug)


def _change(firm: Firm, form: FirmForm, stored: str | None) -> Firm:
    reader = actor()
    day = today(reader.time_zone)
    if stored or form.no_logo.data:
        firms.set_logo(reader, firm_id=firm.id, logo=stored, today=day)
    return firms.edit_firm(reader, firm_id=firm.id, details=form.details(), today=day)


def _stored(form: FirmForm) -> str | None:
    """The key of the logo that was sent with a form that holds; its refusal stands in the form."""
    sent = form.picture() if request.method == "POST" and form.validate() else None
    if not sent:
        return None
    try:
        return store_picture(sent, settings().uploads_dir, WIDTHS, field="logo", transparent=True)
    except Refusal as refusal:
        form.reject(refusal)
        return None
