"""The reader's own timeline: what they did and what was done about them, day by day."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import lazy_gettext as _l

from incubator.blueprints.admin.routes import cursor, pages
from incubator.blueprints.admin.words import action_words
from incubator.edge.access import signed_in
from incubator.edge.actor import actor
from incubator.edge.pages import render, url
from incubator.edge.titles import titles_for
from incubator.reactions.audit.own_lines import own_lines
from incubator.reactions.audit.own_rules import KINDS, TOLD_BY_NAME
from incubator.reactions.audit.queries import members_named

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from flask.typing import ResponseReturnValue

    from incubator.network.members.models import Member
    from incubator.reactions.audit.own_models import OwnLine

# As many as titles are looked up at once.
PAGE = 20
WORDS = {
    "hours": (_l("Hours"), "timer"),
    "help": (_l("Mutual help"), "hand-helping"),
    "rooms": (_l("Rooms and circles"), "messages-square"),
    "people": (_l("Profile and firms"), "circle-user"),
    "membership": (_l("Membership"), "door-open"),
    "account": (_l("Account"), "key-round"),
}
# Where what an act is about may be read: the endpoint and the name of its number there. Each asks
# the reader's rights again when it is opened.
PLACES = {
    "contribution": ("commitments.show", "contribution_id"),
    "slot": ("commitments.slot", "slot_id"),
    "process": ("membership.process", "process_id"),
    "question": ("help.by_id", "id"),
}


@pages.get("/moi/activite", en="/me/activity", may=signed_in)
def activity() -> ResponseReturnValue:
    """What I did and what happened to me, the newest first, of one kind or of all."""
    reader = actor()
    asked = request.args.get("kind", "")
    kind = asked if asked in KINDS else ""
    page = own_lines(reader, kind, cursor(size=PAGE))
    addresses = {line.id: _address(line) for line in page.rows}
    return render(
        "admin/activity.html",
        page=page,
        kind=kind,
        days=_by_day(page.rows, reader.time_zone),
        kinds=WORDS,
        addresses=addresses,
        titles=titles_for(reader, {found for found in addresses.values() if found}),
        named=_named(page.rows, reader.id),
        action_words=action_words,
    )


def _by_day(lines: Iterable[OwnLine], zone: str) -> list[tuple[date, list[OwnLine]]]:
    """The lines under the civil days of the reader's zone."""
    here = ZoneInfo(zone)
    days = groupby(lines, key=lambda line: line.at.astimezone(here).date())
    return [(day, list(each)) for day, each in days]


def _address(line: OwnLine) -> str:
    found = PLACES.get(line.about)
    return url(found[0], **{found[1]: line.about_id}) if found and line.about_id else ""


def _named(lines: Iterable[OwnLine], reader_id: int) -> dict[int, Member]:
    """Whom lines name, by the id of the line: those who decided about the reader."""
    told = {
        line.id: line.by_id
        for line in lines
        if line.by_id and line.by_id != reader_id and line.action in TOLD_BY_NAME
    }
    people = members_named(told.values())
    return {line_id: people[by_id] for line_id, by_id in told.items() if by_id in people}
