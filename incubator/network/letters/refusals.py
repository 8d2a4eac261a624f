"""Addresses that their mail servers refused for good: nothing goes there until they are changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from incubator.kernel.db import db, insert_once
from incubator.network.letters.models import RefusedAddress

if TYPE_CHECKING:
    from datetime import datetime


def note(email: str, *, code: int, said: str, now: datetime) -> None:
    """A server said for good that there is no such mailbox; what it said first stands."""
    kept = said.replace("\0", "")[:200]
    insert_once(RefusedAddress, email=email.lower(), code=code, said=kept, at=now)


def refused(email: str) -> RefusedAddress | None:
    """What a server said of an address; None for one that nobody refused."""
    query = select(RefusedAddress).where(RefusedAddress.email == email.lower())
    return db.session.scalar(query)


def try_again(email: str) -> None:
    """Write to an address again: its owner, or who runs their site, says that it works."""
    db.session.execute(delete(RefusedAddress).where(RefusedAddress.email == email.lower()))
