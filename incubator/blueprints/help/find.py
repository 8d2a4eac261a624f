"""Finding threads: the list with its views and filters, and threads that resemble a title."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import request

from incubator.blueprints.help import looking as looking_for
from incubator.blueprints.help.care.pinning import pinned_for
from incubator.blueprints.help.pages import pages
from incubator.blueprints.help.routing import panel
from incubator.domain.help import bumps, drafts, follows, lists, rules, search, similar
from incubator.domain.help.routing import queries as routing
from incubator.edge.access import members, signed_in
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.pages import render
from incubator.kernel.keyset import Cursor
from incubator.network.members.marking import pieces
from incubator.network.members.reader import counted
from incubator.network.members.vocabulary import vocabulary
from incubator.network.sites.queries import open_places

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue

    from incubator.blueprints.help.looking import Looking
    from incubator.network.members.actor import Actor


@pages.get("/entraide", en="/help", may=signed_in)
def index() -> ResponseReturnValue:
    """The threads, by view, skill, site, author and words."""
    reader = actor()
    known, places = vocabulary(reader.language), open_places()
    mine = lists.skills_of(reader.id)
    house = looking_for.House(known, places, reader.language)
    looking = looking_for.read(request.args, house, usual=_usual(reader, offers=bool(mine)))
    cursor = Cursor(request.args.get("after"), request.args.get("before"), search.PAGE_SIZE)
    found = search.find(reader, looking.filters(known), cursor)
    pinned = pinned_for(reader, looking, first=not (cursor.after or cursor.before))
    unread, begun, asked = _own_numbers(reader)
    shown = [thread.question.id for thread in found.page.rows] if unread else []
    return render(
        "help/index.html",
        looking=looking,
        found=found,
        page=found.page,
        pinned=pinned,
        pinned_ids={thread.question.id for thread in pinned},
        known=known,
        sites=tuple(places),
        my_skills=mine,
        mine=frozenset(each.id for each in mine),
        thanked=() if reader.is_guest else tuple(lists.helpers_since(month_start(reader, now()))),
        views=looking_for.FOR_GUESTS if reader.is_guest else tuple(looking_for.VIEW_WORDS),
        view_words=looking_for.VIEW_WORDS,
        sort_words=looking_for.SORT_WORDS,
        unread=unread,
        drafts=begun,
        news=search.unread_of(reader, shown),
        followed=_followed(reader, looking),
        pieces=pieces,
        requests=panel.asked_of(reader) if asked else [],
    )


def _usual(reader: Actor, *, offers: bool) -> str:
    """The view that comes first: what asks for the reader's skills, if they may answer."""
    return "for_me" if offers and not reader.is_guest else "open"


def _own_numbers(reader: Actor) -> tuple[int, int, int]:
    """How many threads have news for the reader, how many drafts they have, what is asked of them.

    Read in one statement.
    """
    if reader.is_guest:
        return 0, 0, 0
    unread, begun, asked = counted((bumps.UNREAD, drafts.NUMBER, routing.WAITING), reader)
    return unread, begun, asked


def _followed(reader: Actor, looking: Looking) -> dict[str, bool]:
    """Whether the reader follows the skill and the site that are looked for."""
    skill, site = looking.skill, looking.site
    return {
        "skill": bool(skill and follows.follows_skill(reader.id, skill.id)),
        "site": bool(site and follows.follows_site(reader.id, site.id)),
    }


def month_start(reader: Actor, instant: datetime) -> datetime:
    """When the present month began where the reader lives."""
    local = instant.astimezone(ZoneInfo(reader.time_zone))
    return (local - timedelta(days=local.day - 1)).replace(hour=0, minute=0, second=0)


@pages.get("/entraide/semblables", en="/help/similar", may=members)
def alike() -> ResponseReturnValue:
    """Threads that resemble a title being typed."""
    title = request.args.get("title", "")[: rules.TITLE_MOST]
    near = similar.similar(actor(), title)
    return render("help/alike.html", title=title, similar=near, pieces=pieces)
