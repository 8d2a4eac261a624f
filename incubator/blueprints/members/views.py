"""The directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from incubator.blueprints.members import audience_page, own, profile
from incubator.blueprints.members import looking as looking_for
from incubator.blueprints.members.because import because
from incubator.blueprints.members.routes import pages
from incubator.blueprints.members.words import first_names, language_choices
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.formats import clock
from incubator.edge.locale import clocks_differ, language
from incubator.edge.pages import render
from incubator.edge.sectors import sectors
from incubator.kernel.keyset import Cursor
from incubator.network.accounts.queries import members_among
from incubator.network.members import directory
from incubator.network.members.marking import pieces
from incubator.network.members.vocabulary import vocabulary
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

__all__ = ["audience_page", "own", "pages", "profile"]


@pages.get("/annuaire", en="/directory", may=members)
def index() -> ResponseReturnValue:
    """Active members, found by what they do, where and when."""
    reader, asked, instant = actor(), request.args, now()
    known, places = vocabulary(language()), sites.open_places()
    looking = looking_for.read(asked, known, places)
    cursor = Cursor(asked.get("after"), asked.get("before"), directory.PAGE_SIZE)
    found = directory.find(
        looking.filters(known, instant), cursor, today(reader.time_zone), reader=reader, now=instant
    )
    wished = directory.wanted_by(reader.id)
    return render(
        "members/index.html",
        looking=looking,
        found=found,
        page=found.page,
        reached=members_among([each.id for each in found.page.rows]),
        known=known,
        sites={each.id: each for each in places},
        clocks={each.id: _clock(each.time_zone) for each in places},
        places=tuple(places),
        spoken=language_choices(),
        sectors=sectors(),
        wished=wished,
        answering=not looking.view
        and any(wished.intersection(each.offered[:3]) for each in found.page.rows),
        firms=first_names,
        pieces=pieces,
        because=because,
    )


def _clock(zone: str) -> str:
    """The time it is there, if it is another than the reader's."""
    return clock(now(), zone) if clocks_differ(zone) else ""
