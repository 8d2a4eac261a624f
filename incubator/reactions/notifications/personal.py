"""What a member was told of, and how it is forgotten."""

from __future__ import annotations

from sqlalchemy import delete

from incubator.kernel.db import db
from incubator.kernel.personal import Part, PersonalData
from incubator.reactions.notifications.models import Notification

# Who made the news is for the eyes of the product, which asks each time who may be named.
personal_data = PersonalData(
    {"notifications": Part(Notification, (Notification.member_id,), secret=("people", "cause"))}
)


def forget(member_id: int) -> None:
    """Nobody is told anything any more."""
    db.session.execute(delete(Notification).where(Notification.member_id == member_id))
