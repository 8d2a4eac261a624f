"""What is read because its subject was, elsewhere in the product."""

from __future__ import annotations

from sqlalchemy import CursorResult, update

from incubator.domain.chat.events import MarkerMoved
from incubator.kernel.db import db, utcnow
from incubator.kernel.events import joins, record
from incubator.reactions.notifications.events import NotificationsMoved
from incubator.reactions.notifications.models import Notification


def subscribe() -> None:
    """Hear it in its own transaction."""
    joins(MarkerMoved, room_read)


def room_read(event: MarkerMoved) -> None:
    """Who reads in a room has read that something was said there."""
    if event.actor_id is None:
        return
    done = db.session.execute(
        update(Notification)
        .where(Notification.member_id == event.actor_id, Notification.area == "room")
        .where(Notification.item_id == event.room_id, Notification.read_at.is_(None))
        .values(read_at=utcnow())
        .execution_options(synchronize_session=False)
    )
    if isinstance(done, CursorResult) and done.rowcount:
        record(NotificationsMoved(actor_id=event.actor_id, member_ids=(event.actor_id,)))
