"""Who looked at whose hours: each look of a manager is told to the member, once a day and page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incubator.domain.commitments import policy, rules
from incubator.domain.commitments.correction_models import HoursLook
from incubator.kernel.db import db, insert_once, transaction
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor

PAGES = ("month", "line", "contribution", "promise", "relief", "statement")


def note(viewer: Actor, member_id: int, *, page: str, now: datetime) -> bool:
    """Write down that somebody else looks at a member's hours; whether it was new that day.

    In a transaction of its own: pages that are only read call it. Nothing is written of looks at
    one's own hours, nor of those who have no right to look.
    """
    if viewer.id == member_id:
        return False
    home = db.session.scalar(select(Member.home_site_id).where(Member.id == member_id))
    if not policy.may_run_site(viewer, home):
        return False
    day = rules.civil_day(now, viewer.time_zone)
    known = select(HoursLook.id).where(
        HoursLook.member_id == member_id,
        HoursLook.viewer_id == viewer.id,
        HoursLook.day == day,
        HoursLook.page == page,
    )
    if db.session.scalar(known) is not None:
        return False
    with transaction():
        return insert_once(
            HoursLook,
            member_id=member_id,
            viewer_id=viewer.id,
            site_id=home,
            page=page,
            day=day,
            at=now,
        )


def looks_at(member_id: int, cursor: Cursor) -> Page[HoursLook]:
    """Who looked at a member's hours, the last look first."""
    query = (
        select(HoursLook)
        .where(HoursLook.member_id == member_id)
        .options(joinedload(HoursLook.viewer))
    )
    return keyset_page(query, (HoursLook.at, HoursLook.id), cursor, newest_first=True)
