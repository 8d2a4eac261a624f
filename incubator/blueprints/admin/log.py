"""The log of what was done, by whom, when and where."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import request

from incubator.blueprints.admin.routes import cursor, number, pages
from incubator.blueprints.admin.words import ACTIONS, ROLES, action_words, detail_words
from incubator.edge.access import managers
from incubator.edge.actor import actor
from incubator.edge.pages import render
from incubator.kernel.keyset import Cursor
from incubator.network.accounts.queries import People, people_for, sites_of
from incubator.network.sites.queries import open_places
from incubator.reactions.audit.queries import Which, log_for, people_in

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

MOST_NAMED = 20


@pages.get("/reseau/journal", en="/network/log", may=managers)
def log() -> ResponseReturnValue:
    """Entries by action, member, site and period; managers see those of their sites."""
    typed = {
        name: request.args.get(name, "").strip()[:100]
        for name in ("action", "who", "site", "since", "until")
    }
    until = _midnight(typed["until"], days=1)
    which = Which(
        action=typed["action"],
        member_ids=_named(typed["who"]),
        site_id=number("site"),
        since=_midnight(typed["since"]),
        until=until,
    )
    found = log_for(actor(), which, cursor(size=40))
    return render(
        "admin/log.html",
        page=found,
        typed=typed,
        chosen={name: value for name, value in typed.items() if value},
        named=people_in(found.rows),
        site_options=[(site.id, site.name) for site in sites_of(actor())],
        site_names={site.id: site.name for site in open_places()},
        actions=sorted(((key, str(words)) for key, words in ACTIONS.items()), key=lambda a: a[1]),
        action_words=action_words,
        detail_words=detail_words,
        roles=ROLES,
    )


def _named(text: str) -> frozenset[int] | None:
    """The members that a name, an address or a number stands for; None chooses nobody."""
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return frozenset({int(text[:18])})
    found = people_for(actor(), People(text=text), Cursor(size=MOST_NAMED))
    return frozenset(account.id for account in found.rows)


def _midnight(text: str, *, days: int = 0) -> datetime | None:
    """The start of a civil day in the reader's zone, so many days later; None if it is no day."""
    try:
        day = date.fromisoformat(text) + timedelta(days=days)
        return datetime.combine(day, time(), ZoneInfo(actor().time_zone)).astimezone(UTC)
    except (ValueError, OverflowError):  # no day, or one beyond the first or the last
        return None
