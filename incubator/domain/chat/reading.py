"""How far others have read, in small rooms, between those who all chose to show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, true

from incubator.domain.chat.models import Seat
from incubator.kernel.db import db
from incubator.network.members.audience import EVERYTHING_AS_USUAL, ME, Audiences, reach
from incubator.network.members.audiences import audiences_of
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from incubator.network.members.actor import Actor

MOST_READERS = 20
FIELD = "reading"


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody who sits in a room and has read up to message ``no``."""

    id: int
    home_site_id: int | None
    name: str
    no: int


@dataclass(frozen=True)
class Circle:
    """Those who sit in a small room, and who shows whom how far they read; pure."""

    readers: Sequence[Reader]
    chosen: Mapping[int, Audiences]

    def seen_by(self, actor: Actor) -> list[Reader]:
        """The readers whom ``actor`` sees: nobody when they sit elsewhere or show nothing."""
        if not self._shows(actor.id) or all(each.id != actor.id for each in self.readers):
            return []
        return [each for each in self.readers if each.id != actor.id and self._sees(actor, each)]

    def _shows(self, member_id: int) -> bool:
        return self._choice(member_id).of(FIELD) != ME

    def _sees(self, actor: Actor, other: Reader) -> bool:
        near = reach(actor, other.id, other.home_site_id)
        return FIELD in self._choice(other.id).seen_by(near)

    def _choice(self, member_id: int) -> Audiences:
        return self.chosen.get(member_id, EVERYTHING_AS_USUAL)


NOBODY = Circle((), {})
_READERS = (
    select(Member.id, Member.home_site_id, Member.name, Seat.read_no)
    .join(Seat, Seat.member_id == Member.id)
    .where(Seat.room_id == bindparam("room_id"), Seat.left_at.is_(None), Member.active == true())
    .order_by(Member.sort_name, Member.id)
    .limit(MOST_READERS + 1)
)


def circle(room_id: int) -> Circle:
    """Those who sit in a room; ``NOBODY`` when they are more than 20."""
    rows = db.session.execute(_READERS, {"room_id": room_id}).all()
    if len(rows) > MOST_READERS:
        return NOBODY
    readers = [Reader(id=i, home_site_id=home, name=name, no=no) for i, home, name, no in rows]
    return Circle(readers, audiences_of(each.id for each in readers))
