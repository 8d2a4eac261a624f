"""Looks at the hours of many members at once: each of them sees who looked, once a day and page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.commitments import rules
from incubator.domain.commitments.correction_models import HoursLook
from incubator.kernel.db import db, insert_each_once, transaction

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from incubator.network.members.actor import Actor


def note_all(
    viewer: Actor, member_ids: Iterable[int], *, page: str, site_id: int | None, now: datetime
) -> int:
    """Write down that somebody looks at the hours of these members; how many were new that day.

    In a transaction of its own, and only if there is anything to write: pages that are only read
    call it.
    """
    day = rules.civil_day(now, viewer.time_zone)
    asked = set(member_ids) - {viewer.id}
    known = db.session.scalars(
        select(HoursLook.member_id).where(
            HoursLook.member_id.in_(asked),
            HoursLook.viewer_id == viewer.id,
            HoursLook.day == day,
            HoursLook.page == page,
        )
    )
    fresh = sorted(asked - set(known))
    if fresh:
        values = {
            "viewer_id": viewer.id,
            "site_id": site_id,
            "page": page,
            "day": day,
            "at": now,
        }
        with transaction():
            insert_each_once(HoursLook, [{"member_id": one, **values} for one in fresh])
    return len(fresh)
