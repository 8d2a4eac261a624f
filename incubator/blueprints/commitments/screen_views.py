"""Screens, codes and badges of a site, for its managers; a code or a number is shown once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, make_response
from flask_babel import gettext as _

from incubator.blueprints.commitments import people, qr
from incubator.blueprints.commitments.looking import noted
from incubator.blueprints.commitments.presence_forms import CodeForm, NamingForm, ScreenForm
from incubator.blueprints.commitments.routes import pages
from incubator.blueprints.commitments.site_views import own_site
from incubator.domain.commitments import badges, checkin_rules, kiosk, kiosk_rules, site_codes
from incubator.domain.commitments import presence_changes as changes
from incubator.edge.access import managers, members
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import act, attempt
from incubator.edge.pages import back_or, redirect_to, render, toast
from incubator.edge.state import settings
from incubator.kernel.errors import Refusal
from incubator.network.members import queries as members_of

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.commitments.kiosk_models import Badge


@pages.get("/heures/site/<slug>/ecrans", en="/hours/site/<slug>/screens", may=managers)
def screens(slug: str) -> ResponseReturnValue:
    """The screens, codes and badges of a site."""
    site = own_site(slug)
    held = badges.at_home(site.id)
    noted(actor(), [person.id for _badge, person in held], page="badges", site_id=site.id)
    return render(
        "commitments/screens.html",
        site=site,
        screens=kiosk.at_site(site.id),
        codes=site_codes.valid_at(site.id),
        badges=held,
        suspect=checkin_rules.clock_suspect,
        instant=now(),
    )


@pages.form("/heures/site/<slug>/ecrans/nouveau", en="/hours/site/<slug>/screens/new", may=managers)
def add_screen(slug: str) -> ResponseReturnValue:
    """A place for a screen, and the code that enrols it."""
    reader, site = actor(), own_site(slug)
    form = ScreenForm()
    made = attempt(
        form,
        lambda: kiosk.add(
            reader,
            site.id,
            name=form.name.data or "",
            language=form.language.data,
            secret=settings().secret_key,
            now=now(),
        ),
    )
    if made is None:
        return form.page("commitments/screen.html", site=site)
    device, code = made
    return _once("commitments/screen_code.html", site=site, device=device, code=code)


def _once(template: str, **values: Any) -> Response:
    """A page with a secret, which nobody keeps."""
    response = make_response(render(template, **values))
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.post(
    "/heures/ecrans/<int:device_id>/retirer",
    en="/hours/screens/<int:device_id>/remove",
    may=managers,
)
def remove_screen(device_id: int) -> ResponseReturnValue:
    """Take the key of a screen away."""
    reader = actor()
    device = act(lambda: kiosk.revoke(reader, device_id, now=now()))
    toast(_("Removed: this screen lets nobody in any more."))
    return redirect_to("commitments.screens", slug=changes.site_of(device.site_id).slug)


@pages.form("/heures/site/<slug>/codes/nouveau", en="/hours/site/<slug>/codes/new", may=managers)
def add_code(slug: str) -> ResponseReturnValue:
    """A code to be scanned."""
    reader, site = actor(), own_site(slug)
    form = CodeForm()
    made = attempt(
        form,
        lambda: site_codes.make(
            reader,
            site.id,
            kind=form.kind.data,
            place=form.place.data or "",
            secret=settings().secret_key,
            now=now(),
        ),
    )
    if made is None:
        return form.page("commitments/code_new.html", site=site)
    if made.kind == "rotating":
        toast(_("The screens of the site show it from now on."))
        return redirect_to("commitments.screens", slug=slug)
    return redirect_to("commitments.poster", code_id=made.id)


@pages.get("/heures/codes/<int:code_id>", en="/hours/codes/<int:code_id>", may=managers)
def poster(code_id: int) -> ResponseReturnValue:
    """A printed code, ready for the wall."""
    code = site_codes.theirs(actor(), code_id)
    return render("commitments/poster.html", code=code, site=changes.site_of(code.site_id))


@pages.get(
    "/heures/codes/<int:code_id>/image.svg", en="/hours/codes/<int:code_id>/image.svg", may=managers
)
def code_image(code_id: int) -> ResponseReturnValue:
    """The drawing of a code; that of a rotating one is only good for the moment."""
    code = site_codes.theirs(actor(), code_id)
    if code.revoked_at is not None:
        raise Refusal("commitments.code_unknown")
    return qr.image(qr.address_of(code))


@pages.post(
    "/heures/codes/<int:code_id>/revoquer", en="/hours/codes/<int:code_id>/revoke", may=managers
)
def revoke_code(code_id: int) -> ResponseReturnValue:
    """Let a code open nothing any more."""
    reader = actor()
    code = act(lambda: site_codes.revoke(reader, code_id, now=now()))
    toast(_("Revoked: this code opens nothing any more."))
    return redirect_to("commitments.screens", slug=changes.site_of(code.site_id).slug)


@pages.form("/heures/site/<slug>/badges/nouveau", en="/hours/site/<slug>/badges/new", may=managers)
def add_badge(slug: str) -> ResponseReturnValue:
    """Give a member a number for the screens."""
    reader, site = actor(), own_site(slug)
    form = NamingForm()
    made = attempt(form, lambda: _issue(form))
    if made is None:
        names = people.suggested(reader, today(reader.time_zone))
        return form.page("commitments/badge.html", site=site, names=names)
    badge, number = made
    return _once(
        "commitments/badge_number.html",
        site=site,
        member=members_of.with_id(badge.member_id),
        number=kiosk_rules.shown_number(number),
    )


def _issue(form: NamingForm) -> tuple[Badge, str]:
    reader = actor()
    member_id = people.meant(form, reader, today(reader.time_zone))
    if member_id is None:
        raise Refusal("commitments.receiver_unknown", field="with_name")
    return badges.issue(reader, member_id, secret=settings().secret_key, now=now())


@pages.post(
    "/heures/badges/<int:badge_id>/revoquer", en="/hours/badges/<int:badge_id>/revoke", may=members
)
def revoke_badge(badge_id: int) -> ResponseReturnValue:
    """A number speaks for nobody any more: it is lost, or was never mine."""
    reader = actor()
    act(lambda: badges.revoke(reader, badge_id, now=now()))
    toast(_("Revoked: this number speaks for nobody any more."))
    return back_or("commitments.sessions")
