"""What everybody was told, against what the database holds."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from incubator.domain.chat.models import Entry, Message, Room
from incubator.kernel.db import db

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.torture.client import Member, Tally

Shown = dict[int, tuple[int, str]]


def stored(room: int) -> tuple[list[tuple[int, str]], Shown]:
    """The log of a room (number, kind) and its messages by number (id, what is shown)."""
    log = db.session.execute(
        select(Entry.seq, Entry.kind).where(Entry.room_id == room).order_by(Entry.seq)
    )
    messages = db.session.execute(
        select(Message.no, Message.id, Message.body_html).where(Message.room_id == room)
    )
    return [(seq, kind) for seq, kind in log], {no: (id_, html) for no, id_, html in messages}


def heads() -> dict[int, int]:
    """The last number of the log of each room."""
    found = db.session.execute(select(Room.id, Room.seq))
    return {room.id: room.seq for room in found}


def shown(told: Iterable[dict[str, Any]]) -> Shown:
    """What a page shows after these entries."""
    page: Shown = {}
    for entry in told:
        if "html" in entry:
            page[entry["no"]] = (entry["id"], entry["html"])
    return page


def figures(members: list[Member], tally: Tally) -> dict[str, int]:
    """How many messages were lost, doubled or shown out of order; all must be none."""
    cids = Counter(db.session.scalars(select(Message.cid)))
    rooms = {room: stored(room) for room in {one.room for one in members}}
    lost = sum(1 for cid in tally.acknowledged if cid not in cids)
    doubled = sum(times - 1 for times in cids.values())
    disorder = 0
    for member in members:
        log, messages = rooms[member.room]
        page = shown(member.told)
        lost += sum(1 for no in messages if page.get(no) != messages[no])
        doubled += sum(1 for no in page if no not in messages)
        told = [(one["seq"], one["kind"]) for one in member.told]
        disorder += sum(1 for ours, theirs in zip(told, log, strict=False) if ours != theirs)
        disorder += abs(len(told) - len(log))
    numbers = [[number for number, _ in log] for log, _ in rooms.values()]
    holes = sum(1 for found in numbers if found != list(range(1, len(found) + 1)))
    return {"lost": lost, "doubled": doubled, "out_of_order": disorder + holes}
