"""What a member was suggested so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, select

from incubator.domain.suggestions.models import Suggested
from incubator.domain.suggestions.rules import Seen
from incubator.kernel.db import db
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from datetime import date


class History(NamedTuple):
    """What was suggested, by key, and until when the member wants peace from all of it."""

    seen: dict[str, Seen]
    rests_until: date | None


_HISTORY = (
    select(
        Member.hint_rests_until,
        Suggested.key,
        Suggested.days,
        Suggested.last_on,
        Suggested.ended,
    )
    .select_from(Member)
    .outerjoin(Suggested, Suggested.member_id == Member.id)
    .where(Member.id == bindparam("member_id"))
)


def history_of(member_id: int) -> History:
    """A member's history, by one statement."""
    rows = db.session.execute(_HISTORY, {"member_id": member_id}).all()
    seen = {row.key: Seen(row.days, row.last_on, row.ended) for row in rows if row.key}
    return History(seen, rows[0].hint_rests_until if rows else None)
