"""Letters to who reported a message of a room: it was looked at, and what came of it."""

from __future__ import annotations

from sqlalchemy import select

from incubator.domain.chat.care.events import RoomReportsAnswered
from incubator.domain.chat.care.models import ChatReport
from incubator.domain.help.bumps import is_quiet
from incubator.kernel.db import db
from incubator.kernel.events import joins
from incubator.reactions.mail.readers import accounts_of
from incubator.reactions.mail.writing import write
from incubator.reactions.notifications.telling import About


def subscribe() -> None:
    """Hear what must be told by mail."""
    joins(RoomReportsAnswered, answered)


def answered(event: RoomReportsAnswered) -> None:
    """To those whose reports waited; nothing of the room or the message stands in the letter."""
    if is_quiet():
        return
    waited = (ChatReport.case_id == event.case_id, ChatReport.reported_at >= event.since)
    reporters = set(db.session.scalars(select(ChatReport.reporter_id).where(*waited)))
    readers = accounts_of(reporters - {event.actor_id})
    about = About("room_report", event.case_id, "reported")
    write("help_reported", "room_reported", readers, values={"what": event.what}, about=about)
