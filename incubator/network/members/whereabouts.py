"""Saying where one is, and asking to be told when somebody comes. ``by`` is who acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.network.members import policy, whereabouts_rules
from incubator.network.members.audiences import seen_fields
from incubator.network.members.events import (
    ArrivalAwaited,
    MemberArrived,
    MemberDeparted,
    PresenceChosen,
)
from incubator.network.members.models import Member
from incubator.network.members.ownership import own
from incubator.network.members.whereabouts_models import ArrivalWatch, Whereabouts
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from incubator.network.members.actor import Actor


def arrive(
    by: Actor,
    *,
    site_id: int,
    now: datetime,
    until: datetime | None = None,
    closes: datetime | None = None,
) -> Whereabouts:
    """Say that one is at a site, until an instant or until it ``closes``; again moves the end.

    Who sees it is the audience of the field «presence». Raise NotFound ``sites.site``;
    Refusal ``presence.closed`` for a site closed for good, or as ``stay_until``.
    """
    own(by, by.id)
    site = db.session.get(Site, site_id)
    if site is None:
        raise NotFound("sites.site")
    if site.closed_on is not None:
        raise Refusal("presence.closed", field="site_id")
    end = whereabouts_rules.stay_until(now, wished=until, closes=closes)
    row = _row(by.id)
    stays = row.site_id == site_id and row.until is not None and row.until > now
    row.until = end
    if not stays:
        row.site_id, row.since = site_id, now
    db.session.flush()
    if not stays:
        record(MemberArrived(actor_id=by.id, member_id=by.id, site_id=site_id))
    return row


def depart(by: Actor, *, now: datetime) -> None:
    """Say that one has gone; saying it twice changes nothing."""
    own(by, by.id)
    row = _row(by.id)
    if row.until is None or row.until <= now:
        return
    left, row.site_id, row.since, row.until = row.site_id, None, None, None
    db.session.flush()
    record(MemberDeparted(actor_id=by.id, member_id=by.id, site_id=left))


def choose(by: Actor, *, usual: Iterable[int], awaited: bool) -> None:
    """Choose the usual half-days on site, and whether others may wait for one's arrival.

    Who no longer may be awaited is forgotten by those who waited. Raise Refusal
    ``presence.usual``.
    """
    mask = whereabouts_rules.usual_mask(usual)
    own(by, by.id)
    row = _row(by.id)
    if (row.usual, row.awaited) == (mask, awaited):
        return
    row.usual, row.awaited = mask, awaited
    if not awaited:
        db.session.execute(delete(ArrivalWatch).where(ArrivalWatch.watched_id == by.id))
    db.session.flush()
    record(PresenceChosen(actor_id=by.id, site_id=by.home_site_id, member_id=by.id))


def watch(by: Actor, *, watched_id: int, now: datetime) -> None:
    """Ask to be told, once, when somebody comes; asking again changes nothing.

    Raise NotFound ``members.member``; NotAllowed ``presence.watch`` unless they allow it and
    show the asker where they are; Refusal ``presence.too_many``.
    """
    member = db.session.get(Member, watched_id)
    if member is None or not member.active:
        raise NotFound("members.member")
    row = db.session.get(Whereabouts, watched_id)
    shown = "presence" in seen_fields(by, member)
    if not policy.may_await(by, watched_id, awaited=bool(row and row.awaited), shown=shown):
        raise NotAllowed("presence.watch")
    own(by, by.id)
    waiting = db.session.scalar(
        select(func.count()).select_from(ArrivalWatch).where(ArrivalWatch.watcher_id == by.id)
    )
    if (waiting or 0) >= whereabouts_rules.MOST_WATCHES:
        raise Refusal("presence.too_many", most=whereabouts_rules.MOST_WATCHES)
    if insert_once(ArrivalWatch, watcher_id=by.id, watched_id=watched_id, asked_at=now):
        record(ArrivalAwaited(actor_id=by.id, site_id=member.home_site_id, member_id=watched_id))


def unwatch(by: Actor, *, watched_id: int) -> None:
    """No longer wait for somebody."""
    db.session.execute(
        delete(ArrivalWatch).where(
            ArrivalWatch.watcher_id == by.id, ArrivalWatch.watched_id == watched_id
        )
    )


def take_watchers(watched_id: int) -> list[int]:
    """The ids of those who wait for somebody, who then wait no more."""
    waiting = db.session.scalars(
        delete(ArrivalWatch)
        .where(ArrivalWatch.watched_id == watched_id)
        .returning(ArrivalWatch.watcher_id)
    )
    return sorted(waiting)


def _row(member_id: int) -> Whereabouts:
    insert_once(Whereabouts, member_id=member_id, usual=0, awaited=False)
    return db.session.get_one(Whereabouts, member_id, with_for_update=True, populate_existing=True)
