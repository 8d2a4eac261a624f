"""A new row of a room: its address, and what there may be once."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.chat import rules
from incubator.domain.chat.events import RoomOpened
from incubator.domain.chat.models import CLOSED, Room
from incubator.kernel.db import db, insert_once_id
from incubator.kernel.events import record
from incubator.kernel.text import slugify

if TYPE_CHECKING:
    from datetime import datetime


def open_room(
    *,
    kind: str,
    slug: str,
    now: datetime,
    name: str = "",
    site_id: int | None = None,
    by: int | None = None,
    once: str | None = None,
    key: str | None = None,
) -> int | None:
    """Insert a room; its id, or None when what there may be once is there already.

    ``key`` and ``once`` are told in the model. The address of a closed room tells nothing.
    """
    closed = kind in CLOSED
    address = secret_address(kind, slug, now) if closed else _free_slug(slugify(slug))
    values = {"kind": kind, "slug": address, "name": name, "purpose": "", "site_id": site_id}
    values |= {"seq": 0, "msg_no": 0, "created_by_id": by, "once": once, "key": key, "found_by": ""}
    number = insert_once_id(Room, **values, created_at=now, archived_at=None)
    if number is not None:
        record(RoomOpened(actor_id=by, site_id=site_id, room_id=number, private=closed))
    return number


def secret_address(kind: str, *parts: object) -> str:
    """An address that nobody guesses a name from. No topic has such: a full stop is never there."""
    key = blake2b(" ".join(map(str, parts)).encode(), digest_size=12).hexdigest()
    return f"{kind}.{key}"


def _free_slug(wanted: str) -> str:
    taken = set(db.session.scalars(select(Room.slug).where(Room.slug.like(f"{wanted}%"))))
    taken |= rules.RESERVED
    if wanted not in taken:
        return wanted
    return next(s for n in range(2, len(taken) + 3) if (s := f"{wanted}-{n}") not in taken)
