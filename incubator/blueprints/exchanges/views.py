"""Pages to read: the list, what is for the reader, their own, one listing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, request, send_file

from incubator.blueprints.exchanges import looking, words
from incubator.blueprints.exchanges.forms import SearchForm
from incubator.blueprints.exchanges.routes import pages
from incubator.domain.exchanges.listings import lists, matching, policy, queries, rules
from incubator.domain.exchanges.listings.models import FOLDER
from incubator.domain.exchanges.listings.renew_links import micros
from incubator.domain.help import queries as threads
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.pages import redirect_to, render, url
from incubator.edge.state import settings
from incubator.edge.uploads import FOR_EVER
from incubator.kernel.errors import NotFound
from incubator.kernel.files import picture_path
from incubator.kernel.kept_files import LARGE, SMALL
from incubator.kernel.keyset import Cursor
from incubator.network.members.vocabulary import vocabulary
from incubator.network.sites.queries import open_places

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.exchanges.listings.models import Listing

ID = "<int:listing_id>"


def cursor(size: int) -> Cursor:
    """Where the page that the address asks for begins."""
    return Cursor(request.args.get("after"), request.args.get("before"), size)


@pages.get("/echanges", en="/exchanges", may=members)
def index() -> ResponseReturnValue:
    """The needs and offers of the network, by filters."""
    reader = actor()
    known, places = vocabulary(reader.language), open_places()
    asked = looking.read(request.args, known, places)
    page = lists.page_for(reader, asked.filters(known), cursor(lists.PAGE_SIZE))
    return render(
        "exchanges/index.html",
        page=page,
        looking=asked,
        known=known,
        sites=places,
        numbers=lists.numbers(reader),
        search_form=SearchForm(formdata=None, name=asked.called),
        mine=queries.firm_ids_of(reader.id),
        words=words,
    )


@pages.get("/echanges/pour-moi", en="/exchanges/for-me", may=members)
def for_me() -> ResponseReturnValue:
    """What fits the reader's listings and skills, with the reasons."""
    reader = actor()
    return render(
        "exchanges/for_me.html",
        matches=matching.for_reader(reader),
        firms=queries.firms_of(reader.id),
        numbers=lists.numbers(reader),
        words=words,
    )


@pages.get("/echanges/mes-annonces", en="/exchanges/mine", may=members)
def mine() -> ResponseReturnValue:
    """Every listing of the reader's firms, with its state."""
    reader = actor()
    return render(
        "exchanges/mine.html",
        page=lists.mine(reader, cursor(lists.MINE_SIZE)),
        firms=queries.firms_of(reader.id),
        numbers=lists.numbers(reader),
        rules=rules,
        micros=micros,
        words=words,
    )


@pages.get(f"/echanges/annonces/{ID}", en=f"/exchanges/listings/{ID}", may=members)
def by_id(listing_id: int) -> ResponseReturnValue:
    """The short address of a listing leads to the readable one."""
    return redirect(listing_url(queries.visible_to(actor(), listing_id)), 303)


def listing_url(listing: Listing) -> str:
    """The readable address of a listing."""
    return url("exchanges.show", listing_id=listing.id, slug=listing.slug or "x")


@pages.get(f"/echanges/annonces/{ID}-<slug>", en=f"/exchanges/listings/{ID}-<slug>", may=members)
def show(listing_id: int, slug: str) -> ResponseReturnValue:
    """One listing, what fits it, and what its firm may do."""
    listing = queries.visible_to(actor(), listing_id)
    if slug != (listing.slug or "x"):
        return redirect_to("exchanges.show", listing_id=listing.id, slug=listing.slug or "x")
    return render("exchanges/show.html", **shown(listing))


def shown(listing: Listing) -> dict[str, Any]:
    """What the page of a listing shows."""
    reader = actor()
    firm_ids = queries.firm_ids_of(reader.id)
    own = policy.may_publish(reader, listing.firm_id, firm_ids)
    matches = matching.for_listing(reader, listing) if own else matching.own_for(reader, listing)
    manages = not own and policy.may_withdraw(reader, listing, firm_ids)
    return {
        "listing": listing,
        "own": own,
        "matches": matches,
        "acts": rules.acts_from(listing.state) if own else (),
        "may_withdraw": manages and listing.state in rules.RUNNING,
        "steps": queries.steps_of(listing.id) if own or manages else (),
        "question": _question(listing),
        "seen": micros(listing.until) if listing.until else 0,
        "words": words,
    }


def _question(listing: Listing) -> object | None:
    """The thread that a need was made of, where the reader may read it."""
    question_id = queries.origin_of(listing.id)
    try:
        return threads.visible_to(actor(), question_id) if question_id else None
    except NotFound:
        return None


@pages.get(
    "/echanges/photos/<int:photo_id>-<int:width>.webp",
    en="/exchanges/photos/<int:photo_id>-<int:width>.webp",
    may=members,
)
def photo(photo_id: int, width: int) -> ResponseReturnValue:
    """A photo at one of its widths, for those who may read its listing."""
    found = queries.photo_visible_to(actor(), photo_id)
    folder = settings().uploads_dir / FOLDER
    path = picture_path(found.file_key, width, folder) if width in {SMALL, LARGE} else None
    if path is None:
        raise NotFound("listings.photo")
    response = send_file(path, mimetype="image/webp")
    response.headers["Cache-Control"] = FOR_EVER
    return response
