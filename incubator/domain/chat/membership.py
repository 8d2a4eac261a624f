"""Who comes into a room and goes out of it, each as an entry of its log, under its lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.chat import policy
from incubator.domain.chat.comings import come_in, go_out
from incubator.domain.chat.events import SeatWithdrawn
from incubator.domain.chat.places import Place, place, place_left
from incubator.domain.chat.seats import seat_of
from incubator.domain.chat.succession import succeed
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.network.accounts.queries import account_of, actor_of

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor


def join(actor: Actor, room_id: int, *, now: datetime) -> None:
    """Take a seat in an open room; a second time changes nothing.

    Raise NotAllowed ``chat.guests_listen``, ``chat.archived`` or, after a removal,
    ``chat.removed``.
    """
    room = place(actor, room_id, lock=True)
    if not policy.may_sit(actor):
        raise NotAllowed("chat.guests_listen")
    if room.seated:
        return
    check_open(room)
    if room.removed:
        raise NotAllowed("chat.removed")
    come_in(actor, room, actor.id, act="joined", now=now)
    succeed(actor, room, now=now)


def check_open(room: Place) -> None:
    """Raise NotAllowed ``chat.archived`` where nobody comes in or talks any more."""
    if room.archived:
        raise NotAllowed("chat.archived")


def invite(
    actor: Actor, room_id: int, member_id: int, *, whole: bool = False, now: datetime
) -> bool:
    """Let a member in; whether they were not there. ``whole``: they read what was said before.

    Only who looks after a private room shows its past; a conversation of several never does.
    Raise NotFound, NotAllowed ``chat.not_yours`` or ``chat.archived``, Refusal
    ``chat.not_to_them`` for a guest or somebody who left.
    """
    room = place(actor, room_id, lock=True)
    if not policy.may_invite(actor, room):
        raise NotAllowed("chat.not_yours")
    check_open(room)
    account = account_of(member_id)
    if account is None or account.deactivated_at or actor_of(account).is_guest:
        raise Refusal("chat.not_to_them", field="who")
    seat = seat_of(room.id, member_id)
    if seat is not None:
        return False
    shown = whole and room.kind == "private"
    come_in(actor, room, member_id, act="added", whole=shown, now=now)
    return True


def leave(actor: Actor, room_id: int, *, now: datetime) -> None:
    """Give up a seat; a second time changes nothing.

    Raise NotAllowed ``chat.home_room`` for the rooms of one's own sites.
    """
    room = place_left(actor, room_id)
    if not policy.may_leave(actor, room):
        raise NotAllowed("chat.home_room")
    if not room.seated:
        return
    go_out(actor, room, actor.id, act="left", now=now)
    succeed(actor, room, now=now)


def remove(actor: Actor, room_id: int, member_id: int, *, now: datetime) -> bool:
    """Take a member out of a room; whether they were there. They come back when invited.

    Raise NotFound, NotAllowed ``chat.not_yours``, Refusal ``chat.leave_yourself``, or
    ``chat.home_room`` for those who come with their site.
    """
    room = place(actor, room_id, lock=True)
    if not policy.may_remove(actor, room):
        raise NotAllowed("chat.not_yours")
    if member_id == actor.id:
        raise Refusal("chat.leave_yourself")
    if seat_of(room.id, member_id) is None:
        return False
    account = account_of(member_id)
    if account and policy.belongs(actor_of(account), room):
        raise Refusal("chat.home_room_theirs")
    seq = go_out(actor, room, member_id, act="removed", now=now)
    told = {"room_id": room.id, "seq": seq, "member_id": member_id}
    record(SeatWithdrawn(actor_id=actor.id, site_id=room.site_id, **told))
    succeed(actor, room, now=now)
    return True


def seat_there(room: Place, member_id: int) -> None:
    """Raise NotFound ``chat.nobody`` where a member does not sit."""
    if seat_of(room.id, member_id) is None:
        raise NotFound("chat.nobody")
