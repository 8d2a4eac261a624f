"""Letters about a week by the clock: drafted on Thursday, left on Friday, in each site's time.

Each hour writes a job for each letter that is due: one that fails keeps no other from its readers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incubator.domain.newsletter import commands, queries
from incubator.domain.newsletter.rules import FEWEST, Week, due_week, plan_for, week_before
from incubator.kernel.db import transaction, utcnow
from incubator.kernel.errors import Refusal
from incubator.kernel.jobs import job, later
from incubator.kernel.schedule import hourly
from incubator.network.sites.queries import open_places, place_of
from incubator.reactions.newsletter.composing import compose, is_news

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from incubator.domain.newsletter.models import Edition
    from incubator.network.sites.queries import Place

DRAFT, LEAVE = "newsletter.draft", "newsletter.leave"
EMPTY = "newsletter.empty"


def subscribe() -> None:
    """Its jobs are known once this module is."""


@hourly("newsletter.drafts")
def drafts(payload: Mapping[str, Any]) -> None:
    """A job for each site whose Thursday morning it is, or was, and that has no letter yet."""
    del payload
    now = utcnow()
    weeks = {place.id: due_week(now, place.time_zone) for place in open_places()}
    asked = {week: queries.sites_with(week) for week in set(weeks.values()) if week}
    with transaction():
        for site_id, week in weeks.items():
            if week and site_id not in asked[week]:
                key = f"{DRAFT}:{site_id}:{week.year}-{week.number}"
                later(DRAFT, {"site_id": site_id, "week": list(week)}, key=key)


@job(DRAFT)
def draft(payload: Mapping[str, Any]) -> None:
    """Draft the letter of a site for a week, or note that the week was quiet."""
    place = place_of(int(payload["site_id"]))
    if place:
        with transaction():
            draft_week(place, Week(*payload["week"]), now=utcnow())


def draft_week(place: Place, week: Week, *, now: datetime) -> int | None:
    """The letter of a week: with what quiet weeks before it left, or at the end of a month.

    In the caller's transaction; None when there is one already.
    """
    carried = _untold_since(queries.last_of(place.id))
    plan = plan_for(week, place.time_zone, now=now, carried=carried)
    # What others lived through makes no letter of a quiet house.
    lately = compose(place, week_before(week, place.time_zone), plan.until, own=True)
    written = is_news(lately, FEWEST) or week.ends_month
    subjects = compose(place, plan.since, plan.until) if written else []
    return commands.draft(place.id, plan, subjects, now=now)


def _untold_since(last: Edition | None) -> datetime | None:
    """Where the last letter ended; of a quiet week nothing was told."""
    if last is None:
        return None
    return last.since_at if last.state == "quiet" else last.until_at


@hourly("newsletter.leaves")
def leaves(payload: Mapping[str, Any]) -> None:
    """A job for each letter whose hour has come."""
    del payload
    now = utcnow()
    due = queries.due_to_leave(now)
    with transaction():
        for edition_id in due:
            later(LEAVE, {"edition_id": edition_id}, key=f"{LEAVE}:{edition_id}:{now:%Y-%m-%dT%H}")


@job(LEAVE)
def leave(payload: Mapping[str, Any]) -> None:
    """Let a letter leave if nobody holds it; one that says nothing any more is skipped."""
    edition_id = int(payload["edition_id"])
    try:
        with transaction():
            commands.leave(edition_id, now=utcnow())
    except Refusal as refusal:
        if refusal.code != EMPTY:
            raise
        with transaction():
            commands.leave(edition_id, now=utcnow(), empty=True)
