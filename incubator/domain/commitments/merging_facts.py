"""Presence, slots, reliefs and what speaks for a member, when two members are one person.

Where the one who stays has a row of the kind that may be only once, the other's ends. Punches,
revisions and obligations stay as they were written: ``members_merged`` tells whose they were.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import aliased

from incubator.domain.commitments.correction_models import Correction, HoursLook
from incubator.domain.commitments.kiosk_models import Badge, Feed
from incubator.domain.commitments.ledger_models import Gift
from incubator.domain.commitments.presence_models import Presence
from incubator.domain.commitments.promise_models import Relief
from incubator.domain.commitments.slot_models import Signup, SlotWatch
from incubator.domain.commitments.status_models import Choice, Status
from incubator.kernel.db import db

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute

TAKEN = ("booked", "stand_in_wanted", "done", "partial", "missed")


def move(*, kept_id: int, gone_id: int, by_id: int, now: datetime) -> None:
    """Let one member's facts be the other's; nothing that counted is lost."""
    _end_doubles(kept_id, gone_id, now=now)
    _of_another((kept_id, gone_id), by_id=by_id)
    _drop_doubles(kept_id, gone_id)
    theirs: tuple[InstrumentedAttribute[Any], ...] = (
        Presence.member_id,
        Signup.member_id,
        SlotWatch.member_id,
        Relief.member_id,
        Status.member_id,
        Correction.member_id,
        HoursLook.member_id,
        HoursLook.viewer_id,
        Badge.member_id,
        Feed.member_id,
        Choice.member_id,
    )
    for column in theirs:
        _change(column == gone_id, column, kept_id)
    # What one gave the other stays with the two rows: nobody gives to themselves.
    for side, across in ((Gift.giver_id, Gift.receiver_id), (Gift.receiver_id, Gift.giver_id)):
        _change((side == gone_id) & across.is_distinct_from(kept_id), side, kept_id)
    db.session.expire_all()


def _change(which: ColumnElement[bool], column: InstrumentedAttribute[Any], value: object) -> None:
    change = update(column.class_).where(which).values({column: value})
    db.session.execute(change.execution_options(synchronize_session=False))


def _end_doubles(kept_id: int, gone_id: int, *, now: datetime) -> None:
    """Of two open sessions, live places, states and feeds, the gone member's end."""
    ends: tuple[tuple[type[Any], Any, dict[str, object]], ...] = (
        (
            Presence,
            Presence.ended_at.is_(None),
            {"ended_at": now, "end_source": "merge", "state": "presumed"},
        ),
        (Status, Status.until_at.is_(None), {"until_at": now}),
        (Feed, Feed.revoked_at.is_(None), {"revoked_at": now}),
    )
    for model, live, values in ends:
        change = update(model).where(model.member_id == gone_id, live).values(values)
        db.session.execute(change.execution_options(synchronize_session=False))
    other = aliased(Signup)
    both = exists().where(
        other.slot_id == Signup.slot_id, other.member_id == kept_id, other.state.in_(TAKEN)
    )
    change = update(Signup).where(Signup.member_id == gone_id, Signup.state.in_(TAKEN), both)
    change = change.values(state="cancelled", changed_at=now, reason="merged")
    db.session.execute(change.execution_options(synchronize_session=False))


def _of_another(pair: tuple[int, int], *, by_id: int) -> None:
    """Nobody decided on their own, nor was their own witness, after all: who merges answers."""
    for model in (Relief, Correction, Status):
        own = model.member_id.in_(pair) & model.decided_by_id.in_(pair)
        _change(own, model.decided_by_id, by_id)
    witnessed = Correction.member_id.in_(pair) & Correction.witness_id.in_(pair)
    _change(witnessed, Correction.witness_id, None)


def _drop_doubles(kept_id: int, gone_id: int) -> None:
    """What says the same twice, or of one person that they looked at themselves."""
    pair = (kept_id, gone_id)
    db.session.execute(
        delete(HoursLook).where(HoursLook.member_id.in_(pair), HoursLook.viewer_id.in_(pair))
    )
    for column, across in (
        (HoursLook.member_id, HoursLook.viewer_id),
        (HoursLook.viewer_id, HoursLook.member_id),
    ):
        twin = aliased(HoursLook)
        same = exists().where(
            getattr(twin, column.key) == kept_id,
            getattr(twin, across.key) == across,
            twin.day == HoursLook.day,
            twin.page == HoursLook.page,
        )
        db.session.execute(
            delete(HoursLook)
            .where(column == gone_id, same)
            .execution_options(synchronize_session=False)
        )
    watched = select(SlotWatch.slot_id).where(SlotWatch.member_id == kept_id)
    db.session.execute(
        delete(SlotWatch).where(SlotWatch.member_id == gone_id, SlotWatch.slot_id.in_(watched))
    )
    if db.session.get(Choice, kept_id):
        db.session.execute(delete(Choice).where(Choice.member_id == gone_id))
