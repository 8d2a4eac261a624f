"""Who sits in a room."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from incubator.domain.chat.models import Seat
from incubator.kernel.db import db
from incubator.network.accounts.queries import members_among
from incubator.network.members.models import Member
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

FACES = 36
LISTED = 200


def able(member_ids: Collection[int]) -> frozenset[int]:
    """Those of some people who may talk today: members of the network who have not left."""
    active = select(Member.id).where(Member.id.in_(member_ids), Member.active)
    return members_among(member_ids) & set(db.session.scalars(active))


def seats_of(member_ids: Collection[int]) -> dict[int, set[int]]:
    """The rooms in which each of some members sits."""
    query = select(Seat.member_id, Seat.room_id).where(
        Seat.member_id.in_(member_ids), Seat.left_at.is_(None)
    )
    found = defaultdict[int, set[int]](set)
    for member_id, room_id in db.session.execute(query):
        found[member_id].add(room_id)
    return found


def seated(room_id: int, *, limit: int = FACES) -> list[tuple[Member, Site | None]]:
    """Members with a seat in a room and their home sites, the newest members first."""
    query = (
        select(Member, Site)
        .join(Seat, Seat.member_id == Member.id)
        .outerjoin(Site, Site.id == Member.home_site_id)
        .where(Seat.room_id == room_id, Seat.left_at.is_(None), Member.active)
        .order_by(Seat.member_id.desc())
        .limit(limit)
    )
    return [(member, site) for member, site in db.session.execute(query)]


def size(room_id: int, *, most: int = 500) -> int:
    """How many sit in a room, counted up to ``most``."""
    some = select(Seat.member_id).where(Seat.room_id == room_id, Seat.left_at.is_(None))
    query = select(func.count()).select_from(some.limit(most).subquery())
    return db.session.scalar(query) or 0


def carers(room_id: int) -> frozenset[int]:
    """Those who look after a room by their seat."""
    query = select(Seat.member_id).where(
        Seat.room_id == room_id, Seat.moderator, Seat.left_at.is_(None)
    )
    return frozenset(db.session.scalars(query))


@dataclass(frozen=True, kw_only=True)
class Sitter:
    """Somebody in a room: whether they look after it, until when they are silent."""

    member: Member
    moderator: bool
    muted_until: datetime | None


def sitters(room_id: int, *, limit: int = LISTED) -> list[Sitter]:
    """Who sits in a room: those who look after it first, then by name."""
    query = (
        select(Member, Seat.moderator, Seat.muted_until)
        .join(Seat, Seat.member_id == Member.id)
        .where(Seat.room_id == room_id, Seat.left_at.is_(None), Member.active)
        .order_by(Seat.moderator.desc(), Member.sort_name, Member.id)
    )
    return [
        Sitter(member=member, moderator=moderator, muted_until=until)
        for member, moderator, until in db.session.execute(query.limit(limit))
    ]
