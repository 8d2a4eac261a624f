"""What one member said becomes another's: a merge of two rows, or a name that goes."""

from __future__ import annotations

from sqlalchemy import String, cast, delete, func, literal, select, update

from incubator.domain.chat.events import MessagesHandedOver
from incubator.domain.chat.models import Entry, Message, Pair, Room, Seat
from incubator.kernel.db import db
from incubator.kernel.events import record


def hand_over(*, from_id: int, to_id: int, by_id: int | None) -> int:
    """Let another member be the author of all that one said; how many messages.

    The log of the rooms follows, so that whoever reads it anew reads the new name; an event
    says that it was changed. A message gets a new ``cid``: no browser waits for it any more.
    """
    moved = literal("moved-").concat(cast(Message.id, String))
    said = Message.author_id == from_id
    number = db.session.scalar(select(func.count()).select_from(Message).where(said)) or 0
    changes = (
        update(Message).where(said).values(author_id=to_id, cid=moved),
        update(Entry).where(Entry.actor_id == from_id).values(actor_id=to_id),
        update(Room).where(Room.created_by_id == from_id).values(created_by_id=to_id, once=None),
    )
    for change in changes:
        db.session.execute(change.execution_options(synchronize_session=False))
    _hand_over_pairs(from_id, to_id)
    record(MessagesHandedOver(actor_id=by_id, from_id=from_id, to_id=to_id, how_many=number))
    return number


def _hand_over_pairs(from_id: int, to_id: int) -> None:
    """Direct conversations become another's; of two with the same person one stays current."""
    theirs = (Pair.low_id == from_id) | (Pair.high_id == from_id)
    for pair in db.session.scalars(select(Pair).where(theirs).order_by(Pair.room_id)).all():
        other = pair.high_id if pair.low_id == from_id else pair.low_id
        low, high = sorted((to_id, other if other != from_id else to_id))
        taken = select(Pair.room_id).where(
            Pair.low_id == low, Pair.high_id == high, Pair.current, Pair.room_id != pair.room_id
        )
        pair.current = pair.current and db.session.scalar(taken) is None
        pair.low_id, pair.high_id = low, high
        db.session.flush()


def merge_seats(*, from_id: int, to_id: int) -> None:
    """Give one member's seats to another; where both sit, the further marker counts."""
    rows = db.session.scalars(
        select(Seat).where(Seat.member_id.in_((from_id, to_id))).with_for_update()
    ).all()
    own = {seat.room_id: seat for seat in rows if seat.member_id == to_id}
    for seat in rows:
        if seat.member_id != from_id:
            continue
        mine = own.get(seat.room_id)
        if mine is None:
            db.session.add(
                Seat(
                    room_id=seat.room_id,
                    member_id=to_id,
                    read_no=seat.read_no,
                    involvement=seat.involvement,
                    joined_at=seat.joined_at,
                    left_at=seat.left_at,
                )
            )
            continue
        mine.read_no = max(mine.read_no, seat.read_no)
        if mine.left_at is not None and seat.left_at is None:
            mine.left_at = None
    db.session.flush()
    db.session.execute(delete(Seat).where(Seat.member_id == from_id))
