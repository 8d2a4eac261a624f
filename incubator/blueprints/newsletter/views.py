"""What was sent, for every member of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from incubator.domain.newsletter import policy, queries
from incubator.domain.newsletter.rules import Week, days_of
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.pages import Pages, render, url
from incubator.kernel.keyset import Cursor
from incubator.network.sites.queries import open_places
from incubator.reactions.newsletter.reading import sections, told_to

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

pages = Pages("newsletter", __name__)


@pages.get("/la-semaine", en="/the-week", may=members)
def index() -> ResponseReturnValue:
    """The letters of all sites, or of one, the last first."""
    reader = actor()
    asked = request.args.get("site", "")
    places = open_places()
    chosen = next((place for place in places if place.slug == asked), None)
    cursor = Cursor(request.args.get("after"), request.args.get("before"), queries.PAGE_SIZE)
    return render(
        "newsletter/index.html",
        page=queries.archive(chosen.id if chosen else None, cursor),
        chosen=chosen,
        places=places,
        home=next((place for place in places if place.id == reader.home_site_id), None),
        is_editor=reader.is_manager,
        days_of=days_of,
    )


WEEK = "<int:year>-<int:week>/<slug>"


@pages.get(f"/la-semaine/{WEEK}", en=f"/the-week/{WEEK}", may=members)
def show(year: int, week: int, slug: str) -> ResponseReturnValue:
    """One letter: of what it points at, what the reader may read today."""
    reader = actor()
    edition = queries.of_week(reader, slug, Week(year, week))
    told = told_to(reader, edition, now=now())
    return render(
        "newsletter/show.html",
        edition=edition,
        days=days_of(edition.since_at, edition.until_at, edition.site.time_zone),
        sections=sections(told),
        may_edit=policy.may_edit(reader, edition.site_id),
        archive=url("newsletter.index", site=slug),
    )
