"""The hours of a site, for its managers: members, what waits for a decision, promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.commitments import board_words
from incubator.blueprints.commitments.forms import PledgeForm
from incubator.blueprints.commitments.looking import noted
from incubator.blueprints.commitments.routes import pages
from incubator.blueprints.commitments.views import (
    PAGE_SIZE,
    asked_day,
    managed_sites,
    shared_words,
)
from incubator.domain.commitments import board, pledges, policy, queries, rules
from incubator.domain.membership import charters_queries
from incubator.edge.access import managers
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import attempt
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel.errors import NotAllowed
from incubator.kernel.hours import format_minutes
from incubator.kernel.keyset import Cursor
from incubator.network.members import queries as people
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
    noted(reader, [row.id for row in page.rows], page="members", site_id=site.id)
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
        queue=board.queue(reader, site.id, cursor_of("queue", QUEUE_SIZE)),
        page=page,
        **shared_words(),
    )


def cursor_of(prefix: str, size: int) -> Cursor:
    """Where a list of the page begins; the queue has arguments of its own."""
    if prefix:
        return Cursor(request.args.get(prefix), None, size)
    return Cursor(request.args.get("after"), request.args.get("before"), size)


@pages.form("/heures/engagement/<slug>", en="/hours/pledge/<slug>", may=managers)
def pledge(slug: str) -> ResponseReturnValue:
    """What a member promises, from when on; earlier promises below."""
    reader = actor()
    member = people.profile(reader, slug)
    if not policy.may_pledge(reader, member):
        raise NotAllowed("commitments.not_yours_to_pledge")
    noted(reader, [member.id], page="promise", site_id=member.home_site_id)
    this_day = today(reader.time_zone)
    month = queries.month(member.id, this_day)
    usual = month.pledge.minutes_per_period if month.pledge else queries.usual_minutes(this_day)
    form = PledgeForm(
        duration=format_minutes(usual),
        valid_from=max(rules.month_of(this_day).starts_on, month.joined_on),
    )
    made = attempt(
        form,
        lambda: pledges.pledge(
            reader,
            member_id=member.id,
            minutes_per_period=form.minutes,
            valid_from=form.valid_from.data or this_day,
            charter_version_id=charters_queries.last_signed(member.id),
            now=now(),
        ),
    )
    if made is None:
        return form.page(
            "commitments/pledge.html",
            member=member,
            month=month,
            history=queries.pledge_history(member.id),
            today=this_day,
        )
    toast(_("Promise recorded for %(name)s.", name=member.name))
    if member.home_site is None:
        return redirect_to("commitments.pledge", slug=slug)
    return redirect_to("commitments.site_index", slug=member.home_site.slug)
