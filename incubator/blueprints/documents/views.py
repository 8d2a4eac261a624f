"""Documents: the shelves, one document, and what its keepers do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request, send_file
from flask_babel import gettext as _

from incubator.blueprints.documents.forms import CoverForm, NewDocumentForm, VersionForm
from incubator.blueprints.documents.words import AUDIENCES, KINDS
from incubator.domain.documents import commands, policy, queries
from incubator.domain.documents.models import FOLDER
from incubator.edge.access import managers, members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import Pages, redirect_to, render, toast
from incubator.edge.state import settings
from incubator.kernel.errors import NotAllowed, NotFound
from incubator.kernel.keyset import Cursor
from incubator.kernel.stored_files import TYPES, file_path
from incubator.network.sites.queries import open_sites

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from flask.typing import ResponseReturnValue

    from incubator.domain.documents.models import Document
    from incubator.network.sites.models import Site

pages = Pages("documents", __name__)


@pages.get("/documents", may=members)
def index() -> ResponseReturnValue:
    """The shelf of a site, or of the network."""
    reader = actor()
    places = open_sites()
    site = _asked(places)
    site_id = site.id if site else None
    cursor = Cursor(request.args.get("after"), request.args.get("before"), queries.PAGE_SIZE)
    return render(
        "documents/index.html",
        page=queries.page_of(reader, site_id, cursor),
        site=site,
        places=places,
        kinds=KINDS,
        audiences=AUDIENCES,
        may_keep=policy.may_keep(reader, site_id),
    )


def _asked(places: Sequence[Site]) -> Site | None:
    slug = request.args.get("site", "")
    return next((each for each in places if each.slug == slug), None)


@pages.get("/documents/<int:document_id>", may=members)
def show(document_id: int) -> ResponseReturnValue:
    """A document and its versions."""
    document = queries.visible_to(actor(), document_id)
    return render("documents/show.html", form=VersionForm(), **_shown(document))


def _shown(document: Document) -> dict[str, object]:
    return {
        "document": document,
        "kinds": KINDS,
        "audiences": AUDIENCES,
        "may_keep": policy.may_keep(actor(), document.site_id),
    }


@pages.get("/documents/<int:document_id>/<int:number>/<name>", may=members)
def download(document_id: int, number: int, name: str) -> ResponseReturnValue:
    """A version as it was sent, always as a file: nothing of it runs in our pages."""
    del name
    version = queries.version_visible_to(actor(), document_id, number)
    path = file_path(version.file_key, settings().uploads_dir / FOLDER)
    if path is None:
        raise NotFound("documents.document")
    return send_file(
        path,
        mimetype=TYPES[version.kind],
        as_attachment=True,
        download_name=version.file_name,
        etag=version.sha256,
    )


def files_of(member_id: int) -> Iterable[tuple[str, Path]]:
    """The files that a member added, as they were sent."""
    folder = settings().uploads_dir / FOLDER
    for version in queries.versions_by(member_id):
        if path := file_path(version.file_key, folder):
            yield f"{version.id}-{version.file_name}", path


@pages.form("/documents/nouveau", en="/documents/new", may=managers)
def new() -> ResponseReturnValue:
    """Put a document on a shelf."""
    reader, site = actor(), _asked(open_sites())
    site_id = site.id if site else None
    if not policy.may_keep(reader, site_id):
        raise NotAllowed("documents.keep")
    form = NewDocumentForm()
    form.offer(site_id)
    document = attempt(
        form,
        lambda: commands.add(
            reader,
            site_id=site_id,
            cover=form.cover(),
            file=form.kept(),
            once=form.once.data or "",
            now=now(),
        ),
    )
    if document is None:
        form.forget()
        return form.page("documents/form.html", document=None, site=site)
    toast(_("The document is on the shelf."))
    return redirect_to("documents.show", document_id=document.id)


@pages.form(
    "/documents/<int:document_id>/modifier", en="/documents/<int:document_id>/edit", may=managers
)
def edit(document_id: int) -> ResponseReturnValue:
    """What stands on a document."""
    document = _kept(document_id)
    form = CoverForm(obj=document)
    form.offer(document.site_id)

    def save() -> bool:
        commands.change(actor(), document_id, cover=form.cover())
        return True

    if attempt(form, save) is None:
        document = _kept(document_id)
        return form.page("documents/form.html", document=document, site=document.site)
    toast(_("Saved."))
    return redirect_to("documents.show", document_id=document_id)


@pages.post(
    "/documents/<int:document_id>/version", en="/documents/<int:document_id>/version", may=managers
)
def add_version(document_id: int) -> ResponseReturnValue:
    """A newer file."""
    _kept(document_id)
    form = VersionForm()
    number = attempt(
        form,
        lambda: commands.add_version(
            actor(), document_id, file=form.kept(), note=form.note.data or "", now=now()
        ),
    )
    if number is None:
        form.forget()
        return form.page("documents/show.html", **_shown(_kept(document_id)))
    toast(_("Version %(number)s is on the shelf.", number=number))
    return redirect_to("documents.show", document_id=document_id)


@pages.post(
    "/documents/<int:document_id>/retirer", en="/documents/<int:document_id>/remove", may=managers
)
def remove(document_id: int) -> ResponseReturnValue:
    """Take a document off the shelf."""
    document = _kept(document_id)
    slug = document.site.slug if document.site else None
    act(lambda: commands.remove(actor(), document_id, now=now()))
    toast(_("The document is off the shelf."))
    return redirect_to("documents.index", site=slug)


def _kept(document_id: int) -> Document:
    """The document, if the reader keeps it; raise NotFound, NotAllowed."""
    document = queries.visible_to(actor(), document_id)
    if not policy.may_keep(actor(), document.site_id):
        raise NotAllowed("documents.keep")
    return document
