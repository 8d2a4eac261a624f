"""What happens in a room besides messages, as the room reads it in small print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, literal_column, select

from incubator.domain.chat.models import Entry, Message
from incubator.domain.chat.spans import NOTHING, Span
from incubator.kernel.db import db
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from incubator.domain.chat.said import MessageView

# On a page: the last ones, should there be more.
MOST: Final = 300
COMINGS: Final = {"joined": "came", "added": "came", "left": "left", "removed": "out"}
CHANGES: Final = {"archived": "archived", "reopened": "reopened"}

_WHOM = func.coalesce(Entry.member_id, Entry.actor_id)
# Written out, so that the index on these alone serves.
_QUIET = Entry.kind.in_([literal_column(f"'{kind}'") for kind in ("member", "topic", "pin")])


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One thing that happened; ``who`` did it or came or left, ``no`` is a pinned message."""

    seq: int
    at: datetime
    what: str
    who: str
    name: str = ""
    no: int | None = None


def what_of(kind: str, data: dict[str, Any]) -> str:
    """What an entry tells everybody; empty for what concerns a few, and for messages.

    «came», «left», «out», «named», «described», «archived», «reopened», «pinned».
    """
    act = data.get("act", "")
    if kind == "member":
        return COMINGS.get(act, "")
    if kind == "topic":
        named = "named" if data.get("renamed") else "described"
        return named if act == "named" else CHANGES.get(act, "")
    return "pinned" if kind == "pin" and data.get("on") else ""


def names_of(members: Iterable[int]) -> dict[int, str]:
    """What some members are called; no statement for none."""
    wanted = sorted(set(members))
    if not wanted:
        return {}
    found = db.session.execute(select(Member.id, Member.name).where(Member.id.in_(wanted)))
    return {row.id: row.name for row in found}


def between(
    room_id: int, span: Span | None, messages: Sequence[MessageView], *, older: bool, newer: bool
) -> list[Happening]:
    """What happened around the messages of a page, up to the one that the next page begins with."""
    known = span or NOTHING
    query = (
        select(Entry.seq, Entry.kind, Entry.data, Entry.at, Member.name)
        .join(Member, Member.id == _WHOM)
        .where(Entry.room_id == room_id, _QUIET, Entry.seq > known.after, Entry.seq <= known.until)
        .order_by(Entry.seq.desc())
        .limit(MOST)
    )
    if messages and older:
        query = query.where(Entry.seq > messages[0].seq)
    if messages and newer:
        next_one = select(Message.seq).where(
            Message.room_id == room_id, Message.root_id.is_(None), Message.no > messages[-1].no
        )
        last = next_one.order_by(Message.no).limit(1).scalar_subquery()
        query = query.where(Entry.seq < last)
    found = [row for row in db.session.execute(query) if what_of(row.kind, row.data)]
    pinned = _readable(room_id, known, [row.data["no"] for row in found if row.kind == "pin"])
    return [
        Happening(
            seq=row.seq,
            at=row.at,
            what=what_of(row.kind, row.data),
            who=row.name,
            name=row.data.get("name", ""),
            no=row.data["no"] if row.data.get("no") in pinned else None,
        )
        for row in reversed(found)
    ]


def _readable(room_id: int, span: Span, nos: Sequence[int]) -> set[int]:
    """Which pinned messages the reader may open."""
    if not nos:
        return set()
    query = select(Message.no).where(
        Message.room_id == room_id,
        Message.no.in_(nos),
        Message.seq > span.after,
        Message.seq <= span.until,
    )
    return set(db.session.scalars(query))
