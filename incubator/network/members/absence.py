"""Who is away and when they are back, for cards and profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select

from incubator.kernel.db import BigId, db
from incubator.network.members.life_models import Absence

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

_BACK = select(Absence.member_id, Absence.back_on).where(
    Absence.member_id.in_(bindparam("ids", type_=BigId, expanding=True))
)


def back_days(member_ids: Iterable[int]) -> dict[int, date]:
    """The first day back of those who are away, in one statement."""
    rows = db.session.execute(_BACK, {"ids": list(member_ids)})
    return {row.member_id: row.back_on for row in rows}


def set_away(member_id: int, *, back_on: date) -> None:
    """Show a member as away until a day, which is the first one back."""
    row = db.session.get(Absence, member_id)
    if row is None:
        db.session.add(Absence(member_id=member_id, back_on=back_on))
    else:
        row.back_on = back_on
    db.session.flush()


def set_here(member_id: int) -> None:
    """Show a member as here again; nothing when they were not away."""
    db.session.execute(delete(Absence).where(Absence.member_id == member_id))
