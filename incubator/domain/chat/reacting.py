"""Signs under a message: one of each kind a member."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from incubator.domain.chat.acting import Changed, begin
from incubator.domain.chat.events import MessageChanged
from incubator.domain.chat.message_models import Reaction
from incubator.domain.chat.message_rules import SIGNS, SIGNS_MOST, sign, slow_down
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import Refusal
from incubator.kernel.events import record
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from incubator.network.members.actor import Actor

NAMES_MOST = 60


@dataclass(frozen=True, kw_only=True)
class Sign:
    """How many gave a sign, and whether the reader is among them."""

    emoji: str
    count: int
    mine: bool


def react(
    actor: Actor, room_id: int, *, no: int, cid: str, emoji: str, on: bool, now: datetime
) -> Changed:
    """Put a sign under a message, or take it back; what is already so stays so.

    Raise as ``acting.begin``; NotAllowed ``chat.not_seated``; Refusal ``chat.bad_sign``,
    ``chat.message_gone`` or ``chat.signs_too_many``; TooMany.
    """
    kind = sign(emoji)
    act = begin(actor, room_id, no=no, kind="react", cid=cid, now=now)
    if act.before:
        count = _count(act.message.id, kind)
        return Changed(room_id=act.room.id, no=no, seq=act.before.seq, count=count, again=True)
    act.check_seated()
    act.check_there()
    slow_down(actor, "react", now)
    changed = (
        _put(act.message.id, kind, actor, now=now) if on else _take(act.message.id, kind, actor)
    )
    count = _count(act.message.id, kind)
    if not changed:
        return Changed(room_id=act.room.id, no=no, count=count)
    seq = act.write({"emoji": kind, "on": on, "count": count})
    record(
        MessageChanged(
            actor_id=actor.id,
            site_id=act.room.site_id,
            room_id=act.room.id,
            seq=seq,
            message_id=act.message.id,
            no=no,
        )
    )
    return Changed(room_id=act.room.id, no=no, seq=seq, count=count)


def _put(message_id: int, emoji: str, actor: Actor, *, now: datetime) -> bool:
    kinds = select(Reaction.emoji).where(Reaction.message_id == message_id).distinct()
    known = set(db.session.scalars(kinds))
    if emoji not in known and len(known) >= SIGNS_MOST:
        raise Refusal("chat.signs_too_many", most=SIGNS_MOST)
    return insert_once(Reaction, message_id=message_id, emoji=emoji, member_id=actor.id, at=now)


def _take(message_id: int, emoji: str, actor: Actor) -> bool:
    own = select(Reaction).where(
        Reaction.message_id == message_id,
        Reaction.emoji == emoji,
        Reaction.member_id == actor.id,
    )
    row = db.session.scalar(own)
    if row is None:
        return False
    db.session.delete(row)
    db.session.flush()
    return True


def _count(message_id: int, emoji: str) -> int:
    query = select(func.count()).where(Reaction.message_id == message_id, Reaction.emoji == emoji)
    return db.session.scalars(query).one()


def signs_under(actor: Actor, message_ids: Collection[int]) -> dict[int, list[Sign]]:
    """The signs of some messages, in the order of the house."""
    if not message_ids:
        return {}
    mine = case((Reaction.member_id == actor.id, 1), else_=0)
    rows = db.session.execute(
        select(Reaction.message_id, Reaction.emoji, func.count(), func.max(mine))
        .where(Reaction.message_id.in_(message_ids))
        .group_by(Reaction.message_id, Reaction.emoji)
    )
    found: dict[int, list[Sign]] = {}
    for message_id, emoji, count, own in rows:
        found.setdefault(message_id, []).append(Sign(emoji=emoji, count=count, mine=bool(own)))
    for signs in found.values():
        signs.sort(key=lambda each: SIGNS.index(each.emoji))
    return found


def who_reacted(message_id: int) -> list[tuple[str, list[Member]]]:
    """The people behind each sign of a message, the first to give it first; 60 of each at most."""
    rows = db.session.execute(
        select(Reaction.emoji, Member)
        .join(Member, Member.id == Reaction.member_id)
        .where(Reaction.message_id == message_id)
        .order_by(Reaction.at, Member.id)
        .limit(NAMES_MOST * SIGNS_MOST)
    )
    found: dict[str, list[Member]] = {}
    for emoji, member in rows:
        found.setdefault(emoji, []).append(member)
    ordered = sorted(found.items(), key=lambda item: SIGNS.index(item[0]))
    return [(emoji, people[:NAMES_MOST]) for emoji, people in ordered]
