"""Who came to a slot: a sheet filled in from check-ins, corrected by a manager, then locked.

Locking makes each sign-up that was kept a fact that counts, once. A manager's own hours wait for
the word of another manager, as everybody's own do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from incubator.domain.commitments import planned, slot_policy, slot_rules
from incubator.domain.commitments.presence_models import Presence
from incubator.domain.commitments.rules import civil_day
from incubator.domain.commitments.slot_credits import count, credit
from incubator.domain.commitments.slot_events import SheetLocked
from incubator.domain.commitments.slot_models import Slot
from incubator.domain.commitments.slot_store import COMING, held_slot, signups_of
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from incubator.domain.commitments.slot_models import Signup
    from incubator.domain.commitments.slot_rules import Hours
    from incubator.network.members.actor import Actor

ANSWERS = ("done", "partial", "missed", "excused")
MOST_TEAM = 500
# Time that a manager may still correct, or that has not ended, proves nothing yet.
PROVEN = ("closed", "counted")


@dataclass(frozen=True)
class Answer:
    """What a manager says of a sign-up; ``minutes`` are asked for when it was kept in part."""

    state: str
    minutes: int = 0


@dataclass(frozen=True)
class SheetLine:
    """A sign-up with what the check-ins say of it.

    ``open`` lines want a look: who came in part or not, or nobody's check-in can tell.
    """

    signup: Signup
    answer: Answer
    open: bool


@dataclass(frozen=True)
class Sheet:
    """The sheet of a slot; ``checked_in`` tells whether anybody checked in at the site that day."""

    slot: Slot
    lines: Sequence[SheetLine]
    checked_in: bool


def sheet_of(actor: Actor, slot_id: int) -> Sheet:
    """The sheet of a slot as far as check-ins tell. Raise NotFound, NotAllowed."""
    slot = db.session.scalar(
        select(Slot).where(Slot.id == slot_id).options(joinedload(Slot.site, innerjoin=True))
    )
    if slot is None:
        raise NotFound("commitments.slot")
    if not slot_policy.may_plan(actor, slot.site_id):
        raise NotAllowed("commitments.not_your_site")
    return _filled(slot)


def settle(
    actor: Actor,
    slot_id: int,
    *,
    answers: Mapping[int, Answer],
    team_size: int | None,
    now: datetime,
) -> Slot:
    """Lock the sheet of a slot that is over: what is answered by sign-up, else what is filled in.

    Raise NotAllowed ``commitments.not_your_site``, Refusal ``commitments.slot_locked``,
    ``slot_cancelled``, ``slot_not_over``, ``team_size``, ``sheet_answer`` or ``sheet_minutes``.
    """
    slot = held_slot(slot_id)
    if not slot_policy.may_plan(actor, slot.site_id):
        raise NotAllowed("commitments.not_your_site")
    check_over(slot, now)
    if team_size is not None and not 0 <= team_size <= MOST_TEAM:
        raise Refusal("commitments.team_size", field="team_size", most=MOST_TEAM)
    kept, lines = [], _filled(slot).lines
    for line in lines:
        answer = answers.get(line.signup.id, line.answer)
        if _answer(line.signup, answer, slot, actor_id=actor.id, now=now):
            kept.append(credit(slot, line.signup, actor, now=now))
    slot.state, slot.team_size = "locked", team_size
    slot.locked_by_id, slot.locked_at = actor.id, now
    db.session.flush()
    planned.keep([line.signup.member_id for line in lines], now=now)
    record(SheetLocked(actor_id=actor.id, site_id=slot.site_id, slot_id=slot.id, done=len(kept)))
    # In one order for everybody, so that two sheets of the same people never wait in a ring.
    for fact in sorted(kept, key=lambda each: each.giver_id):
        count(fact, actor, now=now)
    return slot


def check_over(slot: Slot, now: datetime) -> None:
    """Raise Refusal where a sheet is locked, or its slot cancelled or not over."""
    if slot.state == "locked":
        raise Refusal("commitments.slot_locked")
    if slot.state == "cancelled":
        raise Refusal("commitments.slot_cancelled")
    if slot.ends_at > now:
        raise Refusal("commitments.slot_not_over")


def _filled(slot: Slot) -> Sheet:
    """What check-ins say of each sign-up.

    Where a site has none that day, the sign-up is taken; for who came without, the manager's word.
    """
    signups = signups_of(slot.id, COMING)
    stays = _stays(slot, [signup.member_id for signup in signups])
    day = civil_day(slot.starts_at, slot.site.time_zone)
    here = exists().where(
        Presence.site_id == slot.site_id, Presence.day == day, Presence.state != "void"
    )
    checked_in = bool(db.session.scalar(select(here)))
    lines = []
    for signup in signups:
        theirs = stays.get(signup.member_id, [])
        state, minutes = slot_rules.attendance((slot.starts_at, slot.ends_at), theirs)
        told = not checked_in or signup.booked_by_id != signup.member_id
        if told and state == "missed" and signup.state == "booked":
            lines.append(SheetLine(signup, Answer("done"), open=True))
        else:
            lines.append(SheetLine(signup, Answer(state, minutes), open=state != "done"))
    return Sheet(slot, lines, checked_in)


def _stays(slot: Slot, member_ids: Sequence[int]) -> dict[int, list[Hours]]:
    """When each was at the site during the slot, without overlaps."""
    rows = db.session.execute(
        select(Presence.member_id, Presence.started_at, Presence.ended_at)
        .where(
            Presence.member_id.in_(member_ids),
            Presence.site_id == slot.site_id,
            Presence.state.in_(PROVEN),
            Presence.started_at < slot.ends_at,
            Presence.ended_at > slot.starts_at,
        )
        .order_by(Presence.started_at)
    )
    found: dict[int, list[Hours]] = {}
    for member_id, start, end in rows:
        if end is None:
            continue
        theirs = found.setdefault(member_id, [])
        begin = max(start, theirs[-1][1]) if theirs else start
        if begin < end:
            theirs.append((begin, end))
    return found


def _answer(signup: Signup, answer: Answer, slot: Slot, *, actor_id: int, now: datetime) -> bool:
    """Write down what became of a sign-up; whether it counts."""
    whole = _length(slot)
    if answer.state not in ANSWERS:
        raise Refusal("commitments.sheet_answer")
    if answer.state == "partial" and not 0 < answer.minutes <= whole:
        raise Refusal("commitments.sheet_minutes", most=whole)
    minutes = {"done": whole, "partial": answer.minutes}.get(answer.state, 0)
    signup.state, signup.minutes = answer.state, minutes
    signup.changed_by_id, signup.changed_at = actor_id, now
    return minutes > 0


def _length(slot: Slot) -> int:
    return int((slot.ends_at - slot.starts_at).total_seconds()) // 60
