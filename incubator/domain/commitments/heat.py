"""Presence of a site by weekday and hour, read from its sessions of the last weeks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from incubator.domain.commitments import heat_rules
from incubator.domain.commitments.presence_models import Presence
from incubator.kernel.db import db
from incubator.network.sites import public_holidays
from incubator.network.sites.models import Closure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.domain.commitments.heat_rules import Cell
    from incubator.network.sites.models import Site

WEEKS = (4, 13, 26)
DAY = timedelta(days=1)
COUNTING = ("closed", "counted")


def cells_of(site: Site, today: date, weeks: int) -> list[Cell]:
    """The cells of a site's week over the last weeks before today, once people check in there."""
    known = db.session.scalar(select(func.min(Presence.day)).where(Presence.site_id == site.id))
    first = max(today - timedelta(weeks=weeks), known or today)
    rows = db.session.execute(
        select(Presence.member_id, Presence.started_at, Presence.ended_at).where(
            Presence.site_id == site.id,
            Presence.day >= first,
            Presence.day < today,
            Presence.state.in_(COUNTING),
        )
    )
    stays = [(member, start, end) for member, start, end in rows if end is not None]
    return heat_rules.cells(stays, _open_days(site, first, today), site.time_zone)


def _open_days(site: Site, first: date, end: date) -> Sequence[date]:
    """The days from the first to the last on which no closure or public holiday shut the site."""
    shut = db.session.execute(
        select(Closure.starts_on, Closure.ends_on).where(
            Closure.site_id.is_(None) | (Closure.site_id == site.id),
            Closure.starts_on < end,
            Closure.ends_on > first,
        )
    ).all()
    holidays = set(public_holidays.between(site.country, site.subdivision, span=(first, end)))
    days = (first + timedelta(days=number) for number in range((end - first).days))
    return [
        day
        for day in days
        if day not in holidays and not any(start <= day < stop for start, stop in shut)
    ]
