"""The log of what was done, by whom, when and where."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import request

from incubator.blueprints.admin import log_file
from incubator.blueprints.admin.routes import cursor, number, pages
from incubator.blueprints.admin.values import value_words
from incubator.blueprints.admin.words import ACTIONS, action_words, detail_words
from incubator.edge import spreadsheets
from incubator.edge.access import managers
from incubator.edge.actor import actor
from incubator.edge.forms import act
from incubator.edge.numbers import natural
from incubator.edge.pages import render
from incubator.kernel.keyset import Cursor
from incubator.network.accounts.queries import People, people_for, sites_of
from incubator.network.sites.queries import open_places
from incubator.reactions.audit.queries import (
    MOST_EXPORTED,
    Which,
    entry_for,
    export_for,
    log_for,
    people_in,
)

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

MOST_NAMED = 20
FILTERS = ("action", "who", "part", "site", "since", "until")


@pages.get("/reseau/journal", en="/network/log", may=managers)
def log() -> ResponseReturnValue:
    """Entries by action, member, site and period; managers see those of their sites."""
    typed = _typed()
    found = log_for(actor(), _which(typed), cursor(size=40))
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
        value_words=value_words,
        most=MOST_EXPORTED,
    )


@pages.get("/reseau/journal/<int:entry_id>", en="/network/log/<int:entry_id>", may=managers)
def log_entry(entry_id: int) -> ResponseReturnValue:
    """One entry with all that was written."""
    entry = entry_for(actor(), entry_id)
    return render(
        "admin/log_entry.html",
        entry=entry,
        named=people_in([entry]),
        site_names={site.id: site.name for site in open_places()},
        action_words=action_words,
        detail_words=detail_words,
        value_words=value_words,
    )


@pages.post("/reseau/journal/fichier", en="/network/log/file", may=managers)
def export_log() -> ResponseReturnValue:
    """The entries that the filters choose as a file; that they were taken stands in the log."""
    asked = request.values.get("kind", "")
    kind = asked if asked in spreadsheets.KINDS else spreadsheets.usual_kind()
    rows = act(lambda: export_for(actor(), _which(_typed()), kind=kind))
    return log_file.answer(rows, people_in(rows), kind=kind)


def _typed() -> dict[str, str]:
    return {name: request.values.get(name, "").strip()[:100] for name in FILTERS}


def _which(typed: dict[str, str]) -> Which:
    return Which(
        action=typed["action"],
        member_ids=_named(typed["who"]),
        part=typed["part"],
        site_id=number("site"),
        since=_midnight(typed["since"]),
        until=_midnight(typed["until"], days=1),
    )


def _named(text: str) -> frozenset[int] | None:
    """The members that a name, an address or a number stands for; None chooses nobody."""
    if not text:
        return None
    row_number = natural(text)
    if row_number is not None:
        return frozenset({row_number})
    found = people_for(actor(), People(text=text), Cursor(size=MOST_NAMED))
    return frozenset(account.id for account in found.rows)


def _midnight(text: str, *, days: int = 0) -> datetime | None:
    """The start of a civil day in the reader's zone, so many days later; None if it is no day."""
    try:
        day = date.fromisoformat(text) + timedelta(days=days)
        return datetime.combine(day, time(), ZoneInfo(actor().time_zone)).astimezone(UTC)
    except (ValueError, OverflowError):  # no day, or one beyond the first or the last
        return None
