"""The hours of a site, for its managers: members, and what waits for a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from incubator.blueprints.commitments import board_words
from incubator.blueprints.commitments.looking import noted
from incubator.blueprints.commitments.routes import pages
from incubator.blueprints.commitments.views import (
    PAGE_SIZE,
    asked_day,
    managed_sites,
    shared_words,
)
from incubator.domain.commitments import board, policy, rules
from incubator.edge.access import managers
from incubator.edge.actor import actor
from incubator.edge.clock import today
from incubator.edge.pages import render
from incubator.kernel.errors import NotAllowed
from incubator.kernel.keyset import Cursor
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.network.sites.models import Site

QUEUE_SIZE = 10


def own_site(slug: str) -> Site:
    """The site of an address if the reader runs it; raise NotFound or NotAllowed."""
    site = sites.with_address(slug)
    if not policy.may_run_site(actor(), site.id):
        raise NotAllowed("commitments.not_your_site")
    return site


@pages.get("/heures/site/<slug>", en="/hours/site/<slug>", may=managers)
def site_index(slug: str) -> ResponseReturnValue:
    """The members of a site with their month, and the hours to decide on."""
    reader, site = actor(), own_site(slug)
    this_day = today(site.time_zone)
    day = asked_day(this_day)
    view = request.args.get("view", "late")
    view = view if view in board.VIEWS else "late"
    span = rules.month_of(day)
    page = board.members_page(site.id, day, view=view, cursor=cursor_of("", PAGE_SIZE))
    queue = board.queue(reader, site.id, cursor_of("queue", QUEUE_SIZE))
    seen = [*(row.id for row in page.rows), *(one.giver_id for one in queue.rows)]
    noted(reader, seen, page="members", site_id=site.id)
    return render(
        "commitments/site.html",
        views=board_words.views_of(site, "members"),
        site=site,
        own_sites=managed_sites(),
        view=view,
        span=span,
        elapsed=span.elapsed(this_day),
        month=f"{span.starts_on:%Y-%m}",
        earlier=rules.month_before(day),
        later=rules.month_of(span.ends_on) if span.ends_on <= this_day else None,
        totals=board.totals(site.id, day),
        queue=queue,
        page=page,
        **shared_words(),
    )


def cursor_of(prefix: str, size: int) -> Cursor:
    """Where a list of the page begins; the queue has arguments of its own."""
    if prefix:
        return Cursor(request.args.get(prefix), None, size)
    return Cursor(request.args.get("after"), request.args.get("before"), size)
