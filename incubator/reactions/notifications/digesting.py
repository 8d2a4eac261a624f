"""Digests: planned when something is raised, gathered when they are due, never of nothing.

The plan is a job a member, rhythm and local day, so that there is one however much comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import or_, select

from incubator.kernel.db import db, insert_each_once
from incubator.kernel.jobs import Job
from incubator.network.letters import paces, wishes
from incubator.network.letters.kinds import KINDS, MAIL
from incubator.network.members.reader import values_of
from incubator.reactions.notifications.models import Notification
from incubator.reactions.notifications.sights import MINE, READABLE_STILL

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor

GATHER: Final = "mail.digest"


def plan(rhythm: str, member_ids: Collection[int], *, now: datetime) -> None:
    """Let the next digest of these members be gathered, unless it is planned already."""
    rows = [
        {
            "kind": GATHER,
            "key": f"{GATHER}:{rhythm}:{member_id}:{due.day}",
            "payload": {"member_id": member_id, "rhythm": rhythm},
            "state": "waiting",
            "due_at": due.at,
            "attempts": 0,
            "error": "",
            "created_at": now,
        }
        for member_id, due in paces.next_dues(rhythm, member_ids, now=now).items()
    ]
    if rows:
        insert_each_once(Job, rows)


def waiting(actor: Actor, rhythm: str) -> Sequence[Notification]:
    """What a digest has to tell: unread, not seen in the list, in no digest yet, in no letter."""
    wanted = wishes.wanted_by(actor.id)
    kinds = [
        kind.code
        for kind in KINDS
        if kind.optional and wanted[kind.code, rhythm] and not wanted[kind.code, MAIL]
    ]
    if not kinds:
        return ()
    fresh = or_(
        Notification.digested_at.is_(None), Notification.digested_at < Notification.raised_at
    )
    query = (
        select(Notification)
        .where(MINE, READABLE_STILL, fresh, Notification.kind.in_(kinds))
        .where(Notification.read_at.is_(None), Notification.seen_at.is_(None))
        .order_by(Notification.raised_at.desc(), Notification.area, Notification.item_id)
        .with_for_update()
    )
    return db.session.scalars(query.params(values_of(actor))).all()
