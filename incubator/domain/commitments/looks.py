"""Who looked at whose hours: each look of a manager is told to the member, once a day and page."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incubator.domain.commitments.correction_models import HoursLook
from incubator.kernel.keyset import Cursor, Page, keyset_page


def looks_at(member_id: int, cursor: Cursor) -> Page[HoursLook]:
    """Who looked at a member's hours, the last look first."""
    query = (
        select(HoursLook)
        .where(HoursLook.member_id == member_id)
        .options(joinedload(HoursLook.viewer))
    )
    return keyset_page(query, (HoursLook.at, HoursLook.id), cursor, newest_first=True)
