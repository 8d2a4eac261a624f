"""Addresses that their mail servers refused for good: nothing goes there until they are changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from incubator.kernel.db import db, insert_once
from incubator.network.accounts.models import Account
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


def refused_of(member_id: int) -> RefusedAddress | None:
    """What a server said of a member's present address."""
    here = select(Account.email).where(Account.id == member_id).scalar_subquery()
    return db.session.scalar(select(RefusedAddress).where(RefusedAddress.email == here))


def try_again_of(member_id: int) -> None:
    """Write to a member's present address again."""
    here = select(Account.email).where(Account.id == member_id).scalar_subquery()
    db.session.execute(delete(RefusedAddress).where(RefusedAddress.email == here))
