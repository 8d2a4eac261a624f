"""What a site has to say to a press: whether it takes people, and how late one may tell."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from incubator.domain.commitments import presence_changes as changes
from incubator.domain.commitments.periods import period_on, rule_on
from incubator.network.sites import queries as sites
from incubator.network.sites import rules as opening

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.sites.models import Site

A_DAY = timedelta(days=1)


def takes_people(site: Site, instant: datetime) -> bool:
    """Whether a site is in use on the day of an instant: not closed for good, no closure.

    Outside its hours and on public holidays members with a key may come: a flag tells managers.
    """
    day = changes.day_at(site, instant)
    if site.closed_on is not None and site.closed_on <= day:
        return False
    around = sites.closures_of([site.id], day - A_DAY)
    return not any(each.starts_on <= day < each.ends_on for each in around)


def out_of_hours(site: Site, instant: datetime) -> bool:
    """Whether a site that keeps hours was shut at an instant."""
    full = sites.with_id(site.id)
    if full is None or not full.hours:
        return False
    return not opening.open_at(sites.timetables([full], instant)[site.id], instant)


def is_closed(site: Site, instant: datetime) -> bool:
    """Whether the period of an instant is closed already."""
    period = period_on(changes.day_at(site, instant))
    return period is not None and period.state == "closed"


def patience(site: Site, instant: datetime) -> timedelta:
    """How long a press may wait on its device."""
    return timedelta(hours=rule_on(changes.day_at(site, instant)).late_hours)
