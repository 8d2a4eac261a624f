"""Coming to a slot: signing up, giving the place back, looking for a stand-in, standing in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.commitments import planned, slot_rules
from incubator.domain.commitments.signup_checks import offered
from incubator.domain.commitments.slot_events import (
    PlaceFreed,
    PlaceKept,
    PlaceTaken,
    StandInFound,
)
from incubator.domain.commitments.slot_models import Signup, Slot
from incubator.domain.commitments.slot_plans import LONGEST_NOTE
from incubator.domain.commitments.slot_store import (
    COMING,
    held_member,
    held_slot,
    signup_of,
    signups_of,
)
from incubator.domain.commitments.slot_watches import unwatch
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound, Refusal
from incubator.kernel.events import record
from incubator.kernel.text import one_line

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor


def sign_up(actor: Actor, slot_id: int, *, once: str, now: datetime) -> Signup:
    """Take a place in a slot; repeating with the same ``once`` returns the first.

    Raise NotAllowed for guests, Refusal ``commitments.slot_full``, ``slot_yours``,
    ``slot_cancelled``, ``slot_begun``, ``slot_skill_needed`` or ``slot_overlap``.
    """
    slot = offered(actor, slot_id, once=once, now=now)
    if isinstance(slot, Signup):
        return slot
    places = {signup.place for signup in signups_of(slot.id)}
    free = next((n for n in range(1, slot.capacity_max + 1) if n not in places), None)
    if free is None:
        raise Refusal("commitments.slot_full")
    made = _book(actor, slot, place=free, once=once, now=now)
    record(PlaceTaken(actor_id=actor.id, site_id=slot.site_id, slot_id=slot.id, member_id=actor.id))
    return made


def take_over(actor: Actor, signup_id: int, *, once: str, now: datetime) -> Signup:
    """Come in the place of somebody who cannot.

    Raise Refusal ``commitments.stand_in_found`` when nobody is wanted any more, and what
    ``sign_up`` raises.
    """
    slot = offered(actor, signup_of(signup_id).slot_id, once=once, now=now)
    if isinstance(slot, Signup):
        return slot
    wanted = next((s for s in signups_of(slot.id) if s.id == signup_id), None)
    if wanted is None or wanted.state != "stand_in_wanted":
        raise Refusal("commitments.stand_in_found")
    wanted.state, wanted.changed_by_id, wanted.changed_at = "taken_over", actor.id, now
    db.session.flush()
    made = _book(actor, slot, place=wanted.place, once=once, now=now, replaces_id=wanted.id)
    record(
        StandInFound(
            actor_id=actor.id,
            site_id=slot.site_id,
            slot_id=slot.id,
            member_id=actor.id,
            instead_of=wanted.member_id,
        )
    )
    return made


def cannot_come(actor: Actor, signup_id: int, *, reason: str = "", now: datetime) -> Signup:
    """Give one's place back: free at once with notice, else once somebody stands in.

    Repeating changes nothing. Raise Refusal ``commitments.slot_begun``, ``signup_settled`` or
    ``text_too_long``.
    """
    signup, slot = _own(actor, signup_id)
    if signup.state in {"cancelled", "stand_in_wanted"}:
        return signup
    outcome = slot_rules.cancelling(slot.starts_at, now=now, notice_hours=slot.notice_hours)
    if signup.state != "booked" or slot.state != "planned":
        raise Refusal("commitments.signup_settled")
    if outcome is None:
        raise Refusal("commitments.slot_begun")
    words = one_line(reason)
    if len(words) > LONGEST_NOTE:
        raise Refusal("commitments.text_too_long", field="reason", most=LONGEST_NOTE)
    signup.reason = words
    _free(signup, slot, state=outcome, by_id=actor.id, now=now)
    return signup


def come_after_all(actor: Actor, signup_id: int, *, now: datetime) -> Signup:
    """Keep one's place while nobody has taken it. Raise Refusal ``commitments.signup_settled``."""
    signup, slot = _own(actor, signup_id)
    if signup.state == "booked":
        return signup
    if signup.state != "stand_in_wanted" or slot.state != "planned":
        raise Refusal("commitments.signup_settled")
    signup.state, signup.changed_by_id, signup.changed_at = "booked", actor.id, now
    signup.reason = ""
    planned.keep([actor.id], now=now)
    record(PlaceKept(actor_id=actor.id, site_id=slot.site_id, slot_id=slot.id, member_id=actor.id))
    return signup


def release(
    member_id: int, *, since: datetime, until: datetime | None, by_id: int | None, now: datetime
) -> int:
    """Excuse a member from every slot that begins in a stretch (None: for ever); how many."""
    held_member(member_id)
    query = (
        select(Signup.id, Signup.slot_id)
        .join(Slot, Slot.id == Signup.slot_id)
        .where(
            Signup.member_id == member_id,
            Signup.state.in_(COMING),
            Slot.state == "planned",
            Slot.starts_at >= since,
        )
        .order_by(Signup.slot_id)
    )
    if until is not None:
        query = query.where(Slot.starts_at < until)
    theirs = db.session.execute(query).all()
    for signup_id, slot_id in theirs:
        slot = held_slot(slot_id)
        _free(signup_of(signup_id), slot, state="excused", by_id=by_id, now=now)
    return len(theirs)


def _book(
    actor: Actor,
    slot: Slot,
    *,
    place: int,
    once: str,
    now: datetime,
    replaces_id: int | None = None,
) -> Signup:
    made = Signup(
        slot_id=slot.id,
        member_id=actor.id,
        place=place,
        state="booked",
        replaces_id=replaces_id,
        booked_by_id=actor.id,
        booked_at=now,
        once=once,
    )
    db.session.add(made)
    db.session.flush()
    planned.keep([actor.id], now=now)
    unwatch(actor, slot.id)
    return made


def _own(actor: Actor, signup_id: int) -> tuple[Signup, Slot]:
    """The actor's sign-up as it is now and its slot, held; NotFound for anybody else's."""
    signup = signup_of(signup_id)
    if signup.member_id != actor.id:
        raise NotFound("commitments.signup")
    held_member(actor.id)
    slot = held_slot(signup.slot_id)
    db.session.refresh(signup)
    return signup, slot


def _free(signup: Signup, slot: Slot, *, state: str, by_id: int | None, now: datetime) -> None:
    signup.state, signup.changed_by_id, signup.changed_at = state, by_id, now
    planned.keep([signup.member_id], now=now)
    record(
        PlaceFreed(
            actor_id=by_id,
            site_id=slot.site_id,
            slot_id=slot.id,
            member_id=signup.member_id,
            stand_in=state == "stand_in_wanted",
        )
    )
