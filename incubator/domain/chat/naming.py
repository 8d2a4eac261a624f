"""What conversations of several are called: by who sits there, unless they gave it a name."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, select

from incubator.domain.chat.models import Seat
from incubator.kernel.db import db
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


NAMED: Final = 3
LENGTH: Final = 80
_PEOPLE = (
    select(Seat.room_id, Member.id, Member.name)
    .join(Member, Member.id == Seat.member_id)
    .where(
        Seat.room_id.in_(bindparam("room_ids", expanding=True)),
        Seat.left_at.is_(None),
    )
    .order_by(Seat.room_id, Member.sort_name, Member.id)
)


def names_of(room_ids: Collection[int], *, but: int) -> dict[int, str]:
    """What conversations are called for one of their people: after the first of the others."""
    people = defaultdict[int, list[str]](list)
    for room_id, member_id, name in db.session.execute(_PEOPLE, {"room_ids": list(room_ids)}):
        if member_id != but:
            people[room_id].append(name)
    return {room_id: _called(people[room_id]) for room_id in room_ids}


def _called(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    said = ", ".join(names[:NAMED]) or "…"
    return f"{said[: LENGTH - 6]} +{more}" if more > 0 else said[:LENGTH]
