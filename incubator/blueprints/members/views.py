"""The directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from incubator.blueprints.members import firm_views, own, profile
from incubator.blueprints.members.routes import pages
from incubator.blueprints.members.words import first_names
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.formats import clock
from incubator.edge.locale import clocks_differ, language
from incubator.edge.pages import render
from incubator.kernel.keyset import Cursor
from incubator.network.members import directory
from incubator.network.members.vocabulary import vocabulary
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

__all__ = ["firm_views", "own", "pages", "profile"]


@pages.get("/annuaire", en="/directory", may=members)
def index() -> ResponseReturnValue:
    """Active members, found by name, firm, skill and site."""
    reader, asked = actor(), request.args
    known, places = vocabulary(language()), sites.open_sites()
    skill = known.with_slug(asked.get("skill", ""))
    site = next((each for each in places if each.slug == asked.get("site")), None)
    filters = directory.Filters(
        words=directory.search_words(asked.get("q", "")[:200]),
        skill_ids=tuple(known.below(skill)) if skill else (),
        site_id=site.id if site else None,
        newest_first=asked.get("sort") == "newest",
    )
    cursor = Cursor(asked.get("after"), asked.get("before"), directory.PAGE_SIZE)
    return render(
        "members/index.html",
        page=directory.members_page(filters, cursor, today(reader.time_zone), reader=reader),
        known=known,
        sites={each.id: each for each in places},
        clocks={each.id: _clock(each.time_zone) for each in places},
        places=tuple((each.id, each.slug, each.city, each.hue) for each in places),
        q=asked.get("q", "").strip()[:200],
        skill=skill,
        site=site,
        newest_first=filters.newest_first,
        wished=directory.wanted_by(reader.id),
        firms=first_names,
    )


def _clock(zone: str) -> str:
    """The time it is there, if it is another than the reader's."""
    return clock(now(), zone) if clocks_differ(zone) else ""
