"""Charters: reading and signing, for members; writing and publishing, for who runs the place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.membership import words
from incubator.blueprints.membership.manager_forms import CharterForm
from incubator.blueprints.membership.review_views import cursor_of, own_site
from incubator.blueprints.membership.routes import pages
from incubator.domain.membership import charters
from incubator.domain.membership import charters_policy as policy
from incubator.domain.membership import charters_queries as queries
from incubator.edge.access import administrators, managers, signed_in
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.numbers import whole
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel.errors import Conflict

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug.wrappers import Response

    from incubator.network.sites.models import Site


@pages.get("/chartes", en="/charters", may=signed_in)
def my_charters() -> ResponseReturnValue:
    """The charters of the reader, and when they signed them."""
    return render("membership/my_charters.html", found=queries.for_reader(actor()))


@pages.form("/chartes/<int:version_id>", en="/charters/<int:version_id>", may=signed_in)
def charter(version_id: int) -> ResponseReturnValue:
    """Read a charter, and sign it."""
    if request.method == "POST":
        try:
            act(lambda: charters.sign(actor(), version_id, now=now()))
        except Conflict as refusal:
            toast(str(words.REFUSALS[refusal.code]), "sorry")
            return redirect_to("membership.my_charters")
        toast(_("Signed. Welcome among those who keep their word."))
        return redirect_to("membership.charter", version_id=version_id)
    found = queries.visible_to(actor(), version_id)
    signature = queries.signature_of(version_id, actor().id)
    asked = found.is_current and policy.applies_to(actor(), found.charter.site_id)
    return render(
        "membership/charter.html",
        version=found,
        signature=signature,
        asked=asked and signature is None,
    )


@pages.form("/chartes/site/<slug>", en="/charters/site/<slug>", may=managers)
def site_charter(slug: str) -> ResponseReturnValue:
    """Write the charter of a site, see its versions and who has not signed."""
    return _write(own_site(slug))


@pages.form("/chartes/reseau", en="/charters/network", may=administrators)
def network_charter() -> ResponseReturnValue:
    """Write the charter of the network."""
    return _write(None)


@pages.post("/chartes/site/<slug>/publier", en="/charters/site/<slug>/publish", may=managers)
def publish_site_charter(slug: str) -> ResponseReturnValue:
    """Put the draft of a site into force."""
    return _publish(own_site(slug))


@pages.post("/chartes/reseau/publier", en="/charters/network/publish", may=administrators)
def publish_network_charter() -> ResponseReturnValue:
    """Put the draft of the network into force."""
    return _publish(None)


def _write(site: Site | None) -> ResponseReturnValue:
    site_id, slug = (site.id, site.slug) if site else (None, None)
    versions = queries.versions_of(site_id)
    draft = next((each for each in versions if each.published_at is None), None)
    begun = draft or (versions[0] if versions else None)
    form = CharterForm(begun, revision=draft.revision if draft else 0)
    if attempt(
        form,
        lambda: charters.save_draft(
            actor(), site_id, texts=form.texts(), revision=form.revision.data or 0
        ),
    ):
        toast(_("The draft is kept. Read it, then publish it."))
        return _to_editor(slug)
    return form.page("membership/site_charter.html", **_editor(slug, site_id))


def _editor(slug: str | None, site_id: int | None) -> dict[str, Any]:
    versions = queries.versions_of(site_id)
    shown: dict[str, Any] = {
        "site": own_site(slug) if slug else None,
        "draft": next((each for each in versions if each.published_at is None), None),
        "versions": [each for each in versions if each.published_at is not None],
        "unsigned": None,
    }
    if site_id is not None:
        shown["unsigned"] = queries.unsigned_page(site_id, cursor_of())
    return shown


def _publish(site: Site | None) -> ResponseReturnValue:
    site_id, slug = (site.id, site.slug) if site else (None, None)
    seen = request.form.get("revision", 0, type=whole)
    try:
        act(lambda: charters.publish(actor(), site_id, revision=seen, now=now()))
    except Conflict as refusal:
        toast(str(words.REFUSALS[refusal.code]), "sorry")
        return _to_editor(slug)
    toast(_("Published. Everybody whom it concerns is asked to sign."))
    return _to_editor(slug)


def _to_editor(slug: str | None) -> Response:
    if slug:
        return redirect_to("membership.site_charter", slug=slug)
    return redirect_to("membership.network_charter")
