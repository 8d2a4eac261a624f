"""One member who is nobody: the author of what was written by those who left without their name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.kernel.db import db, insert_once
from incubator.kernel.text import fold
from incubator.network.members.models import Member
from incubator.network.members.nobody import NAME

if TYPE_CHECKING:
    from datetime import datetime

# No name becomes this part of an address: slugs hold letters, digits and dashes.
SLUG = "~ancien-membre"


def tombstone(*, now: datetime) -> int:
    """The id of the network's tombstone, made when it is first needed."""
    found = _id()
    if found is None:
        insert_once(
            Member,
            slug=SLUG,
            name=NAME,
            sort_name=fold(NAME),
            active=False,
            joined_at=now,
        )
        found = _id()
    if found is None:
        raise LookupError(SLUG)
    return found


def is_tombstone(member: Member) -> bool:
    """Whether a row stands for those who left without their name."""
    return member.slug == SLUG


def _id() -> int | None:
    return db.session.scalar(select(Member.id).where(Member.slug == SLUG))
