"""Raising a notification in the transaction of its cause: once a cause, one row a subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from sqlalchemy import select

from incubator.kernel.db import db, insert_each_once, read_once, transaction, utcnow
from incubator.kernel.events import record
from incubator.kernel.jobs import job, later
from incubator.network.letters import wishes
from incubator.network.letters.kinds import APP, CHANNELS, DAILY, MAIL, PUSH, WEEKLY, kind_named
from incubator.reactions.notifications import digesting, pushing, rules
from incubator.reactions.notifications.events import NotificationsMoved
from incubator.reactions.notifications.models import Notification

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

TELL: Final = "notifications.tell"
# More than so many rows are written by jobs of as many each, not in the act's own transaction.
AT_ONCE: Final = 500


@dataclass(frozen=True)
class About:
    """What news are about: a subject of an ``area``, what happened to it, and who did it.

    ``title`` names a place or a thing; a person is named by ``by`` alone, so that their name is
    never kept. ``site_id`` says whose desk, for kinds that are for who runs a site.
    """

    area: str
    item_id: int
    what: str
    by: int | None = None
    title: str = ""
    site_id: int | None = None


def tell(kind: str, member_ids: Collection[int], about: About) -> set[int]:
    """Raise a subject for some members; those who may be written to about it.

    Who has muted the subject is left out, but where the kind cannot be refused.
    """
    muted = muted_by(member_ids, about.area, about.item_id)
    readers = sorted(set(member_ids) - muted)
    cause = read_once("notifications.cause", lambda: uuid4().hex)
    if len(readers) <= AT_ONCE:
        _raise(kind, readers, about, cause=cause)
    else:
        for start in range(0, len(readers), AT_ONCE):
            part = {"kind": kind, "member_ids": readers[start : start + AT_ONCE], "cause": cause}
            later(TELL, part | {"about": vars(about)})
    return set(readers) if kind_named(kind).optional else set(member_ids)


@job(TELL)
def tell_many(payload: Mapping[str, Any]) -> None:
    """Raise a subject for one part of many members; done twice it raises once."""
    with transaction():
        _raise(
            str(payload["kind"]),
            list(payload["member_ids"]),
            About(**payload["about"]),
            cause=str(payload["cause"]),
        )


def muted_by(member_ids: Collection[int], area: str, item_id: int) -> set[int]:
    """Who of these wants to hear no more of a subject."""
    here = (Notification.area == area, Notification.item_id == item_id, Notification.muted)
    rows = select(Notification.member_id).where(*here)
    if len(member_ids) <= AT_ONCE:
        rows = rows.where(Notification.member_id.in_(sorted(member_ids)))
    return set(db.session.scalars(rows)) & set(member_ids)


def _raise(kind: str, member_ids: Sequence[int], about: About, *, cause: str) -> None:
    takers = wishes.takers(kind, member_ids, CHANNELS)
    written, seers = takers[MAIL], takers[APP]
    readers = sorted(seers.union(*takers.values()))
    if not readers:
        return
    now = utcnow()
    insert_each_once(Notification, [_fresh(kind, each, about, now=now) for each in readers])
    rows = db.session.scalars(
        select(Notification)
        .where(Notification.area == about.area, Notification.item_id == about.item_id)
        .where(Notification.member_id.in_(readers))
        .order_by(Notification.member_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        if not row.muted:
            _renew(row, kind, about, cause=cause, now=now)
            row.shown = row.member_id in seers
    db.session.flush()
    for rhythm in (DAILY, WEEKLY):
        digesting.plan(rhythm, takers[rhythm] - written, now=now)
    news = pushing.News(area=about.area, item_id=about.item_id, cause=cause)
    pushing.plan(takers[PUSH], news)
    record(NotificationsMoved(actor_id=None, member_ids=tuple(sorted(seers))))


def _fresh(kind: str, member_id: int, about: About, *, now: datetime) -> dict[str, object]:
    """A row as it begins: read, so that raising it counts from one."""
    return {
        "member_id": member_id,
        "area": about.area,
        "item_id": about.item_id,
        "kind": kind,
        "what": about.what,
        "title": about.title[:200],
        "desk": False,
        "site_id": None,
        "people": [],
        "times": 1,
        "cause": "",
        "shown": True,
        "muted": False,
        "raised_at": now,
        "seen_at": None,
        "read_at": now,
        "archived_at": None,
        "digested_at": None,
    }


def _renew(row: Notification, kind: str, about: About, *, cause: str, now: datetime) -> None:
    """Let a row tell what happened, beside what it tells already and nobody has read."""
    again = row.cause == cause
    anew = (row.read_at is not None or row.archived_at is not None) and not again
    if anew or rules.weightiest(row.what, about.what) == about.what:
        row.kind, row.what = kind, about.what
    if anew:
        row.times, row.people = 1, []
    elif not again:
        row.times += 1
    row.people = rules.with_person(row.people, about.by)
    row.raised_at = now
    if not again:
        row.cause = cause
        row.seen_at = row.read_at = row.archived_at = None
    row.title = about.title[:200]
    row.desk, row.site_id = kind_named(kind).reader == "desk", about.site_id
