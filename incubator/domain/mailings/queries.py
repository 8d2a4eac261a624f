"""Messages to many that somebody sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.mailings.models import Mailing, Recipient
from incubator.kernel.db import db
from incubator.kernel.keyset import Cursor, Page, keyset_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.network.members.actor import Actor


def sent_by(actor: Actor, cursor: Cursor) -> Page[Mailing]:
    """What somebody sent, the newest first."""
    query = select(Mailing).where(Mailing.author_id == actor.id)
    return keyset_page(query, (Mailing.sent_at, Mailing.id), cursor, newest_first=True)


def recipients_of(mailing_id: int) -> Sequence[int]:
    """The members to whom it went."""
    return db.session.scalars(
        select(Recipient.member_id).where(Recipient.mailing_id == mailing_id)
    ).all()
