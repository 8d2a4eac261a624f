"""What every act on a message has in common: the room held, the message, the entry of the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from incubator.domain.chat import log, policy, queries, rules
from incubator.domain.chat.models import BY_SEAT, Message
from incubator.domain.chat.muting import check_may_talk
from incubator.domain.chat.places import Place, place
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Act:
    """An act on message ``no`` of a room, held until the commit; ``before`` if it was done."""

    actor: Actor
    kind: str
    cid: str
    room: Place
    message: Message
    seated: bool
    before: log.Done | None
    now: datetime

    def write(self, data: dict[str, Any], *, with_text: bool = False) -> int:
        """Add the entry; its ``seq``. ``with_text``: whoever reads it needs the message."""
        seq = log.next_entry(self.room.id)
        # Some who sit there may not read what was said before they came.
        hidden = with_text and self.room.kind in BY_SEAT
        log.write(
            self.room.id,
            seq,
            self.actor,
            kind=self.kind,
            at=self.now,
            message_id=self.message.id if with_text else None,
            data={"no": self.message.no, **data, **({"by_seat": True} if hidden else {})},
            cid=self.cid,
        )
        return seq

    def check_seated(self) -> None:
        """Raise NotAllowed ``chat.not_seated`` for who may not speak there, or as on speaking."""
        if not policy.may_send(self.actor, seated=self.seated):
            raise NotAllowed("chat.not_seated")
        check_may_talk(self.room, now=self.now)

    def check_there(self) -> None:
        """Raise Refusal ``chat.message_gone`` when there is only a trace of the message."""
        if self.message.gone_at is not None:
            raise Refusal("chat.message_gone")


@dataclass(frozen=True, kw_only=True)
class Changed:
    """An act as acknowledged: where it stands in the log, and what it left.

    ``again`` when it had been done before; ``seq`` is 0 when there was nothing to do.
    """

    room_id: int
    no: int
    seq: int = 0
    rev: int = 0
    html: str = ""
    count: int = 0
    again: bool = False


def begin(actor: Actor, room_id: int, *, no: int, kind: str, cid: str, now: datetime) -> Act:
    """Hold the room and find the message; raise NotFound, Refusal ``chat.bad_cid``, Conflict."""
    key = rules.named(cid)
    room = place(actor, room_id, lock=True)
    query = select(Message).where(queries.within(room), Message.no == no)
    message = db.session.scalar(query.execution_options(populate_existing=True))
    if message is None:
        raise NotFound("chat.message")
    return Act(
        actor=actor,
        kind=kind,
        cid=key,
        room=room,
        message=message,
        seated=room.seated,
        before=log.done_before(actor, room.id, cid=key, kind=kind, no=no),
        now=now,
    )
