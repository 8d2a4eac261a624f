"""Letters to those who decide about reported messages: managers, and who looks after the room.

Gathered by the half hour. Nothing of a message stands in them, and a room is named only to who
reads it.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from incubator.domain.chat.care import queue
from incubator.domain.chat.care.events import MessageReported
from incubator.domain.chat.care.models import ChatCase
from incubator.domain.chat.who import carers
from incubator.domain.help.bumps import is_quiet
from incubator.kernel.db import db, transaction
from incubator.kernel.events import joins
from incubator.kernel.jobs import job, later
from incubator.network.accounts.queries import account_of, actor_of
from incubator.network.letters.delivery import dues
from incubator.reactions.mail.gathering import next_half_hour
from incubator.reactions.mail.readers import managers_of
from incubator.reactions.mail.writing import write
from incubator.reactions.notifications.telling import About

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incubator.network.accounts.models import Account

KIND: Final = "chat_reports"
TELL: Final = "chat.reports"
ROOMS_MOST: Final = 10


def subscribe() -> None:
    """Hear what must be told by mail."""
    joins(MessageReported, reported)


def reported(event: MessageReported) -> None:
    """One job for each who decides and half an hour; neither who wrote nor who reported hears."""
    if is_quiet():
        return
    case = db.session.get_one(ChatCase, event.case_id)
    readers = {manager.id for manager in managers_of(case.site_id)} | carers(case.room_id)
    readers -= {event.actor_id, case.author_id}
    for member_id, due in sorted(dues(KIND, readers, at=next_half_hour(event.at)).items()):
        told = {"member_id": member_id, "since": event.at.isoformat()}
        later(TELL, told, at=due, key=f"{TELL}:{member_id}:{due:%Y%m%dT%H%M}")


@job(TELL)
def tell(payload: Mapping[str, Any]) -> None:
    """Write to somebody what still waits for them of the reports since an instant."""
    since = datetime.fromisoformat(str(payload["since"]))
    with transaction():
        reader = account_of(int(payload["member_id"]))
        if reader is not None and reader.deactivated_at is None:
            _write(reader, since)


def _write(reader: Account, since: datetime) -> None:
    lines = queue.reported_since(actor_of(reader), since)
    if lines:
        # A conversation is called by who sits in it, which is nobody else's to know.
        rooms = {line.room.name for line in lines if line.room and not line.room.pair} - {""}
        values = {"number": len(lines), "rooms": sorted(rooms)[:ROOMS_MOST]}
        write(
            KIND, "room_reports", [reader], values=values, about=About("room_reports", 0, "reports")
        )
