"""Copies of letters, for administrators; who reads one is noted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound
from incubator.kernel.events import record
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.reactions.mail.events import CopyRead
from incubator.reactions.mail.models import MailCopy

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor


def copies_for(actor: Actor, member_id: int | None, cursor: Cursor) -> Page[MailCopy]:
    """What was sent, the newest first; raise NotAllowed ``mail.copies``."""
    if not actor.is_administrator:
        raise NotAllowed("mail.copies")
    query = select(MailCopy)
    if member_id is not None:
        query = query.where(MailCopy.member_id == member_id)
    return keyset_page(query, (MailCopy.at, MailCopy.id), cursor, newest_first=True)


def read_copy(actor: Actor, letter_id: str) -> MailCopy:
    """One copy, its reading noted in the log; raise NotAllowed or NotFound ``mail.copy``."""
    if not actor.is_administrator:
        raise NotAllowed("mail.copies")
    found = db.session.get(MailCopy, letter_id)
    if found is None:
        raise NotFound("mail.copy")
    record(CopyRead(actor_id=actor.id, member_id=found.member_id, letter=found.kind))
    return found
