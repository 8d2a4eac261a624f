"""Who checks in is on site: one answer to that question, for those whom they let know it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.commitments.presence_events import CheckedIn, CheckedOut, StayAnnounced
from incubator.kernel.events import joins
from incubator.network.accounts.queries import account_of, actor_of
from incubator.network.members import whereabouts
from incubator.network.members.whereabouts_rules import LONGEST

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor


def came(event: CheckedIn) -> None:
    """They are there from now on; what a screen told too late is no news any more."""
    if event.until > event.told_at:
        _there(event.member_id, event.site_id, now=event.told_at, until=event.until)


def stays(event: StayAnnounced) -> None:
    """They are still there, or until another time."""
    if event.until > event.at:
        _there(event.member_id, event.site_id, now=event.at, until=event.until)


def went(event: CheckedOut) -> None:
    """They are there no more."""
    person = _person(event.member_id)
    if person:
        whereabouts.depart(person, now=event.at)


def _there(member_id: int, site_id: int | None, *, now: datetime, until: datetime) -> None:
    person = _person(member_id)
    if person and site_id:
        whereabouts.arrive(person, site_id=site_id, now=now, until=min(until, now + LONGEST))


def _person(member_id: int) -> Actor | None:
    account = account_of(member_id)
    return actor_of(account) if account else None


def subscribe() -> None:
    """Hear them in their own transaction."""
    joins(CheckedIn, came)
    joins(StayAnnounced, stays)
    joins(CheckedOut, went)
