"""Sites: the network's places, one place, and how its managers keep it true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from incubator.blueprints.sites.forms import HoursForm, SiteForm
from incubator.blueprints.sites.routes import kept, pages
from incubator.blueprints.sites.shown import (
    days_off,
    hours_of_day,
    standing,
    week_of,
)
from incubator.edge.access import administrators, managers, signed_in
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import attempt
from incubator.edge.locale import clocks_differ
from incubator.edge.pages import redirect_to, render, toast
from incubator.edge.panels import page_panels_for
from incubator.edge.state import settings
from incubator.edge.territories import country_name
from incubator.edge.uploads import picture, unused
from incubator.kernel.errors import Refusal
from incubator.kernel.files import store_picture
from incubator.network.accounts.queries import managers_by_site
from incubator.network.members import directory, present
from incubator.network.sites import commands, policy, queries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from incubator.network.sites.models import Site

# Pixels: a photo on a card and on its page, a plan on a phone and to look into.
PICTURES = {"photo": (320, 960), "plan": (720, 1920)}
NEWEST = 6


@pages.get("/sites", may=signed_in)
def index() -> ResponseReturnValue:
    """Every site of the network: where it is, its clock, whether it is open, who is there."""
    sites, team = queries.open_sites(), managers_by_site()
    tables = queries.timetables(sites, now())
    return render(
        "sites/index.html",
        sites=[(site, standing(site, tables[site.id])) for site in sites],
        here=present.counts(actor(), now()),
        team=team,
        instant=now(),
        clocks_differ=clocks_differ,
        country_name=country_name,
        may_open=policy.may_open(actor()),
    )


@pages.get("/sites/<slug>", may=signed_in)
def show(slug: str) -> ResponseReturnValue:
    """One site."""
    site = queries.with_address(slug)
    closures = queries.closures_of([site.id], today(site.time_zone))
    table = queries.timetable_of(site, closures, now())
    return render(
        "sites/show.html",
        site=site,
        instant=now(),
        country=country_name(site.country),
        standing=standing(site, table),
        hours=hours_of_day(table),
        week=week_of(table),
        clocks_differ=clocks_differ(site.time_zone),
        days_off=days_off(site, closures),
        managers=managers_by_site().get(site.id, []),
        newest=directory.newest(NEWEST, site_id=site.id),
        may_change=policy.may_change(actor(), site.id),
        panels=page_panels_for("site", actor(), site.id),
    )


@pages.get("/sites/photos/<key>-<int:width>.webp", may=signed_in)
def photo(key: str, width: int) -> ResponseReturnValue:
    """A stored photo."""
    return picture(key, width, missing="sites.photo")


@pages.form("/sites/ouvrir", en="/sites/open", may=administrators)
def new() -> ResponseReturnValue:
    """A new site of the network."""
    form = SiteForm(data={"country": "FR", "time_zone": "Europe/Paris"})
    site = attempt(form, lambda: commands.open_site(actor(), details=form.details()))
    if site is None:
        return form.page("sites/new.html")
    toast(_("The site is open. Now say when it opens its doors."))
    return redirect_to("sites.hours", slug=site.slug)


@pages.form("/sites/<slug>/modifier", en="/sites/<slug>/edit", may=managers)
def edit(slug: str) -> ResponseReturnValue:
    """What a site says of itself, and its photo."""
    site = kept(slug)
    form = SiteForm(obj=site)
    stored: dict[str, str | None] = {}
    if form.validate_on_submit():
        try:
            for name, widths in PICTURES.items():
                stored[name] = _stored(form, name, widths)
        except Refusal as refusal:
            unused(*stored.values())
            form.refuse(refusal)
            return form.page("sites/edit.html", site=site)
    if attempt(form, lambda: _change(site, form, stored)) is None:
        unused(*stored.values())
        return form.page("sites/edit.html", site=site)
    toast(_("The page of the site is up to date."))
    return redirect_to("sites.show", slug=slug)


def _stored(form: SiteForm, name: str, widths: tuple[int, ...]) -> str | None:
    """The key of a picture that was sent, kept at its widths."""
    sent = form.sent(name)
    return store_picture(sent, settings().uploads_dir, widths, field=name) if sent else None


def _change(site: Site, form: SiteForm, stored: Mapping[str, str | None]) -> Site:
    if stored["photo"] or form.no_photo.data:
        commands.set_photo(actor(), site_id=site.id, photo=stored["photo"])
    if stored["plan"] or form.no_plan.data:
        commands.set_plan(actor(), site_id=site.id, plan=stored["plan"])
    return commands.edit_site(actor(), site_id=site.id, details=form.details())


@pages.form("/sites/<slug>/horaires", en="/sites/<slug>/hours", may=managers)
def hours(slug: str) -> ResponseReturnValue:
    """The opening hours of a site."""
    site = kept(slug)
    form = HoursForm(site.hours)

    def write() -> bool:
        since = today(site.time_zone)
        commands.set_hours(actor(), site_id=site.id, week=form.week(), since=since)
        return True

    if attempt(form, write) is None:
        return form.page("sites/hours.html", site=site)
    toast(_("The opening hours are up to date."))
    return redirect_to("sites.show", slug=slug)
