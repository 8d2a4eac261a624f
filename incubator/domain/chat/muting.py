"""Who may not talk in a room for a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from incubator.domain.chat import policy, rules
from incubator.domain.chat.comings import seat_row
from incubator.domain.chat.events import MemberMuted
from incubator.domain.chat.log import next_entry, write
from incubator.domain.chat.places import Place, place
from incubator.domain.chat.seats import seat_of
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.network.accounts.queries import account_of, actor_of

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor


def mute(actor: Actor, room_id: int, member_id: int, *, hours: int | None, now: datetime) -> bool:
    """Let a member be silent in a room for some hours, or with None talk again; if it changed.

    Raise NotFound ``chat.room`` or ``chat.nobody``, NotAllowed ``chat.not_yours``, Refusal
    ``chat.bad_hours``, or ``chat.not_silenced`` for who looks after the room too.
    """
    room = place(actor, room_id, lock=True)
    if not policy.may_run(actor, room):
        raise NotAllowed("chat.not_yours")
    return silence(actor, room, member_id, hours=hours, now=now)


def silence(actor: Actor, room: Place, member_id: int, *, hours: int | None, now: datetime) -> bool:
    """The same for who may: the caller holds the room and asked. Raise NotFound and Refusal."""
    if hours is not None and hours not in rules.MUTED_HOURS:
        raise Refusal("chat.bad_hours")
    held = seat_of(room.id, member_id)
    if held is None:
        raise NotFound("chat.nobody")
    if hours is not None and _looks_after(member_id, room, moderator=held.moderator):
        raise Refusal("chat.not_silenced")
    until = now + timedelta(hours=hours) if hours is not None else None
    before = held.muted_until if held.muted_until and held.muted_until > now else None
    if before == until:
        return False
    _tell(actor, room, member_id, until=until, now=now)
    return True


def lift(actor: Actor, room: Place, member_id: int, *, until: datetime, now: datetime) -> None:
    """Take back a silence; one that somebody chose since, or that is over, stays as it is."""
    held = seat_of(room.id, member_id)
    if held is not None and held.muted_until == until and until > now:
        _tell(actor, room, member_id, until=None, now=now)


def _tell(
    actor: Actor, room: Place, member_id: int, *, until: datetime | None, now: datetime
) -> None:
    seq = next_entry(room.id)
    seat_row(room.id, member_id).muted_until = until
    db.session.flush()
    data = {"act": "muted" if until else "unmuted"}
    data |= {"until": until.isoformat()} if until else {}
    write(room.id, seq, actor, kind="member", member_id=member_id, data=data, at=now)
    record(
        MemberMuted(
            actor_id=actor.id,
            site_id=room.site_id,
            room_id=room.id,
            seq=seq,
            member_id=member_id,
            until=until,
        )
    )


def _looks_after(member_id: int, room: Place, *, moderator: bool) -> bool:
    account = account_of(member_id)
    if moderator or account is None:
        return moderator
    theirs = actor_of(account)
    return theirs.is_administrator or (room.kind == "site" and theirs.manages(room.site_id))


def check_may_talk(room: Place, *, now: datetime) -> None:
    """Raise NotAllowed ``chat.archived``, or ``chat.muted`` with ``until`` when one may again."""
    if room.archived:
        raise NotAllowed("chat.archived")
    if room.muted_until is not None and room.muted_until > now:
        raise NotAllowed("chat.muted", until=room.muted_until)
