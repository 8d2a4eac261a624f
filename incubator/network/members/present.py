"""Who is where, as far as a reader may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, true

from incubator.kernel.db import db
from incubator.network.members import policy
from incubator.network.members.audience import EVERYTHING_AS_USUAL, reach
from incubator.network.members.audiences import (
    audiences_of,
    fields_seen,
    seen_fields,
    visible_in_lists,
)
from incubator.network.members.models import Member
from incubator.network.members.whereabouts_models import ArrivalWatch, Whereabouts
from incubator.network.members.whereabouts_rules import usual_half_days

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row

    from incubator.network.members.actor import Actor

MOST_SHOWN = 60


@dataclass(frozen=True, kw_only=True)
class Presence:
    """What a reader may know of where a member is.

    ``site_id`` and ``since`` are None for who is not on site; ``may_await`` tells whether the
    reader may ask to be told, ``awaits`` whether they did.
    """

    site_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    usual: tuple[int, ...] = ()
    awaited: bool = False
    may_await: bool = False
    awaits: bool = False


HIDDEN = Presence()


def here_now(now: datetime) -> ColumnElement[bool]:
    """The rows of those who are on site at an instant."""
    return Whereabouts.until > now


def on_site(reader: Actor, site_id: int, now: datetime) -> Sequence[Row[Member, datetime | None]]:
    """Who is at a site and lets the reader know, with since when; the last to come first."""
    return db.session.execute(
        select(Member, Whereabouts.since)
        .join(Whereabouts, Whereabouts.member_id == Member.id)
        .where(Whereabouts.site_id == site_id, here_now(now), Member.active == true())
        .where(visible_in_lists(reader, "presence"))
        .order_by(Whereabouts.since.desc(), Member.id)
        .limit(MOST_SHOWN)
    ).all()


def counts(reader: Actor, now: datetime) -> dict[int, int]:
    """How many people of each site the reader may see there now."""
    found: dict[int, int] = {}
    rows = db.session.scalars(
        select(Whereabouts.site_id)
        .join(Member, Member.id == Whereabouts.member_id)
        .where(here_now(now), Member.active == true(), visible_in_lists(reader, "presence"))
        .limit(2000)
    )
    for site_id in rows:
        if site_id is not None:
            found[site_id] = found.get(site_id, 0) + 1
    return found


def presence_of(reader: Actor, member: Member, now: datetime) -> Presence:
    """Where a member is and usually is, if they let the reader know."""
    if "presence" not in seen_fields(reader, member):
        return HIDDEN
    row = db.session.get(Whereabouts, member.id)
    if row is None:
        return HIDDEN
    there = row.until is not None and row.until > now
    may = policy.may_await(reader, member.id, awaited=row.awaited, shown=True)
    waits = may and db.session.get(ArrivalWatch, (reader.id, member.id)) is not None
    return Presence(
        site_id=row.site_id if there else None,
        since=row.since if there else None,
        until=row.until if there else None,
        usual=tuple(usual_half_days(row.usual)),
        awaited=row.awaited,
        may_await=may,
        awaits=waits,
    )


def own_presence(reader: Actor, now: datetime) -> Presence:
    """Where the reader said they are."""
    row = db.session.get(Whereabouts, reader.id)
    if row is None:
        return HIDDEN
    there = row.until is not None and row.until > now
    return Presence(
        site_id=row.site_id if there else None,
        since=row.since if there else None,
        until=row.until if there else None,
        usual=tuple(usual_half_days(row.usual)),
        awaited=row.awaited,
    )


def may_know(readers: Iterable[Actor], member_id: int) -> frozenset[int]:
    """The ids of those of some readers whom a member lets know where they are."""
    member = db.session.get(Member, member_id)
    if member is None or not member.active:
        return frozenset()
    chosen = audiences_of([member_id]).get(member_id, EVERYTHING_AS_USUAL)
    return frozenset(
        reader.id
        for reader in readers
        if "presence" in chosen.seen_by(reach(reader, member_id, member.home_site_id))
    )


SIGNS = frozenset({"online", "presence"})
_PLACED = select(Member.id, Member.home_site_id).where(
    Member.id.in_(bindparam("member_ids", expanding=True)), Member.active == true()
)
_HERE = select(Whereabouts.member_id).where(
    Whereabouts.member_id.in_(bindparam("member_ids", expanding=True)),
    Whereabouts.until > bindparam("now"),
    Whereabouts.site_id.is_not(None),
)


def in_sight(reader: Actor, member_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """Which of ``SIGNS`` the reader sees of each of some members; who shows none is left out."""
    people = db.session.execute(_PLACED, {"member_ids": list(member_ids)}).all()
    seen = {m: fields & SIGNS for m, fields in fields_seen(reader, people).items()}
    return {member: fields for member, fields in seen.items() if fields}


def here_among(member_ids: Iterable[int], now: datetime) -> frozenset[int]:
    """Those of some members who are on site; who may know it was asked before."""
    asked = {"member_ids": list(member_ids), "now": now}
    return frozenset(db.session.scalars(_HERE, asked))


def awaited_by(reader: Actor) -> Sequence[Member]:
    """Those whose arrival the reader waits for."""
    return db.session.scalars(
        select(Member)
        .join(ArrivalWatch, ArrivalWatch.watched_id == Member.id)
        .where(ArrivalWatch.watcher_id == reader.id, Member.active == true())
        .order_by(Member.sort_name, Member.id)
        .limit(MOST_SHOWN)
    ).all()
