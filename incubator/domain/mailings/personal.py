"""What messages to many keep of a member, and how it is forgotten."""

from __future__ import annotations

from sqlalchemy import delete

from incubator.domain.mailings.models import Mailing, Recipient
from incubator.kernel.db import db
from incubator.kernel.personal import Part, PersonalData

personal_data = PersonalData(
    {
        "messages-sent": Part(Mailing, (Mailing.author_id,), secret=("once",)),
        "messages-received": Part(Recipient, (Recipient.member_id,)),
    }
)


def forget(member_id: int) -> None:
    """Take away that they were written to; how many were stays."""
    db.session.execute(delete(Recipient).where(Recipient.member_id == member_id))
