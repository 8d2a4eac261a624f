"""What passes and is never stored: who writes at this moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from incubator.domain.chat import policy
from incubator.domain.chat.models import Seat
from incubator.domain.chat.places import place
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor

# In larger rooms somebody always writes: it would tell nothing.
TYPING_SHOWN_TO = 50
TYPING_SECONDS = 5.0

_SEATED = (
    select(Seat.member_id)
    .where(Seat.room_id == bindparam("room_id"), Seat.left_at.is_(None))
    .limit(bindparam("most"))
)


def company(room_id: int, *, most: int = TYPING_SHOWN_TO) -> frozenset[int]:
    """The ids of those who sit in a room; nobody when they are more than ``most``."""
    ids = frozenset(db.session.scalars(_SEATED, {"room_id": room_id, "most": most + 1}))
    return ids if len(ids) <= most else frozenset()


def check_may_write(actor: Actor, room_id: int) -> None:
    """Raise NotFound ``chat.room``, NotAllowed ``chat.not_seated`` for who cannot write there."""
    if not policy.may_send(actor, seated=place(actor, room_id).seated):
        raise NotAllowed("chat.not_seated")


def too_soon(last: float | None, now: float) -> bool:
    """Whether somebody was told as writing so short a time ago (s) that it still holds."""
    return last is not None and now - last < TYPING_SECONDS
