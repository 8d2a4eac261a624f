"""Writing a listing: the form, its photos, its drafts."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from incubator.blueprints.exchanges import words
from incubator.blueprints.exchanges.forms import ListingForm
from incubator.blueprints.exchanges.routes import pages
from incubator.blueprints.exchanges.views import ID
from incubator.domain.exchanges.listings import commands, photos, policy, queries, rules
from incubator.domain.exchanges.listings.models import FOLDER
from incubator.domain.exchanges.listings.records import PHOTOS_MOST, New
from incubator.domain.help import queries as threads
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import act, attempt
from incubator.edge.numbers import whole
from incubator.edge.pages import back_or, redirect_to, render, toast
from incubator.edge.state import settings
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.kept_files import keep, throw_away
from incubator.network.members.vocabulary import vocabulary
from incubator.network.sites.queries import open_places

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug.wrappers import Response

    from incubator.domain.exchanges.listings.models import Listing
    from incubator.domain.help.models import Question


@pages.form("/echanges/annonces/nouvelle", en="/exchanges/listings/new", may=members)
def new() -> ResponseReturnValue:
    """Say what a firm needs or offers."""
    reader = actor()
    kind = "offer" if request.args.get("kind") == "offer" else "need"
    firms = queries.firms_of(reader.id)
    if not firms:
        return render("exchanges/no_firm.html", kind=kind)
    form = ListingForm()
    form.offer(reader, firms, open_places())
    question = _asked()
    if not form.is_submitted():
        _prefill(form, kind, question)

    def write() -> Listing:
        about = question.id if question else None
        made = New(kind, int(form.firm.data), form.once.data or "", about)
        terms = form.terms(reader.time_zone)
        return commands.write(reader, made, terms=terms, publish=_publishes(), now=now())

    listing = attempt(form, write) if _photographed(form) else None
    if listing is None:
        return _page(form, kind=kind, question=question)
    return _written(listing, fresh=True)


@pages.form(f"/echanges/annonces/{ID}/modifier", en=f"/exchanges/listings/{ID}/edit", may=members)
def edit(listing_id: int) -> ResponseReturnValue:
    """Let a listing say something else, or finish a draft."""
    reader = actor()
    listing = _own(listing_id)
    drafted = listing.state == "draft"
    form = ListingForm()
    form.offer(reader, [listing.firm], open_places())
    if not form.is_submitted():
        form.show(listing, reader.time_zone)

    def write() -> Listing:
        return commands.rewrite(
            reader,
            listing_id,
            terms=form.terms(reader.time_zone),
            once=form.once.data or "",
            publish=_publishes(),
            now=now(),
        )

    if not _photographed(form) or attempt(form, write) is None:
        listing = _own(listing_id) if form.is_submitted() else listing
        return _page(form, kind=listing.kind, listing=listing)
    return _written(_own(listing_id), fresh=drafted)


def _own(listing_id: int) -> Listing:
    listing = queries.visible_to(actor(), listing_id)
    if not policy.may_publish(actor(), listing.firm_id, queries.firm_ids_of(actor().id)):
        raise NotAllowed("listings.not_yours")
    return listing


def _publishes() -> bool:
    return request.form.get("act") != "draft"


def _page(
    form: ListingForm,
    *,
    kind: str,
    listing: Listing | None = None,
    question: Question | None = None,
) -> ResponseReturnValue:
    reader = actor()
    return form.page(
        "exchanges/form.html",
        kind=kind,
        listing=listing,
        question=question,
        families=vocabulary(reader.language).families(),
        waiting=photos.waiting(reader, form.once.data or "") if form.is_submitted() else (),
        most=rules,
        photos_most=PHOTOS_MOST,
        words=words,
    )


def _written(listing: Listing, *, fresh: bool) -> Response:
    if listing.state == "draft":
        toast(_("Kept as a draft: only your firm sees it."))
        return redirect_to("exchanges.mine")
    toast(str(words.DONE["publish"]) if fresh else _("Saved."))
    return redirect_to("exchanges.show", listing_id=listing.id, slug=listing.slug or "x")


def _asked() -> Question | None:
    """The reader's own question that the address names."""
    number = request.args.get("question", type=whole)
    try:
        found = threads.visible_to(actor(), number) if number else None
    except NotFound:
        return None
    return found if found is not None and found.author_id == actor().id else None


def _prefill(form: ListingForm, kind: str, question: Question | None) -> None:
    """The usual end of a kind, and the words of the question a need is made of."""
    lasts = rules.LASTS[kind]
    form.until.data = today(actor().time_zone) + lasts
    form.remote.data = question is not None
    if question is not None:
        form.title.data, form.body.data = question.title[: rules.TITLE_MOST], question.body_md
        form.skills.data = [each.skill_id for each in question.skills][: rules.SKILLS_MOST]
        form.language.data = question.language


def _photographed(form: ListingForm) -> bool:
    """Store the photos of a form; False with the reason beside the field when one is refused."""
    sent = [each for each in form.files.data or [] if isinstance(each, FileStorage)]
    try:
        for each in sent:
            if each.filename:
                _take(each, form.once.data or "")
    except Refusal as refusal:
        form.validate()
        refusal.field = "files"
        form.refuse(refusal)
        return False
    return True


def _take(sent: FileStorage, once: str) -> None:
    folder = settings().uploads_dir / FOLDER
    with closing(sent):
        most = settings().max_upload_mb * 1024 * 1024
        kept = keep(sent.read(), sent.filename or "", folder, most_bytes=most)
    try:
        act(lambda: photos.add(actor(), once, kept, now=now()))
    except (Refusal, NotAllowed):
        throw_away(kept, folder)
        raise


@pages.post(
    "/echanges/photos/<int:photo_id>/retirer",
    en="/exchanges/photos/<int:photo_id>/remove",
    may=members,
)
def remove_photo(photo_id: int) -> ResponseReturnValue:
    """Take a photo away."""
    act(lambda: photos.remove(actor(), photo_id))
    toast(_("The photo is gone."))
    return back_or("exchanges.mine")
