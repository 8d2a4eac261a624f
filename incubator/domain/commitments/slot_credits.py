"""Hours of who came to a slot: one fact for each sign-up, confirmed by the manager who locks.

Their own wait for the word of another manager, as everybody's own do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incubator.domain.commitments import rules
from incubator.domain.commitments.counting import recount
from incubator.domain.commitments.events import HoursConfirmed, HoursDeclared
from incubator.domain.commitments.models import Contribution
from incubator.kernel.db import db
from incubator.kernel.events import record

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.commitments.slot_models import Signup, Slot
    from incubator.network.members.actor import Actor


def credit(slot: Slot, signup: Signup, actor: Actor, *, now: datetime) -> Contribution:
    """The fact of a sign-up that was kept; the id of the sign-up makes it one.

    Who came in part has no hours of the clock: what they were checked in for that day already
    counts as presence.
    """
    own = signup.member_id == actor.id
    whole = signup.state == "done"
    fact = Contribution(
        giver_id=signup.member_id,
        kind_code=slot.kind_code,
        day=rules.civil_day(slot.starts_at, slot.site.time_zone),
        started_at=slot.starts_at if whole else None,
        ended_at=slot.ends_at if whole else None,
        minutes=signup.minutes,
        home_site_id=signup.member.home_site_id,
        site_id=slot.site_id,
        signup_id=signup.id,
        state="declared" if own else "confirmed",
        note=slot.title,
        declared_at=now,
        declared_by_id=actor.id,
        decided_by_id=None if own else actor.id,
        decided_at=None if own else now,
        once=f"signup:{signup.id}",
    )
    db.session.add(fact)
    return fact


def count(fact: Contribution, actor: Actor, *, now: datetime) -> None:
    """Let a fact count that somebody else has confirmed; tell of it."""
    told: dict[str, Any] = {
        "actor_id": actor.id,
        "site_id": fact.home_site_id,
        "contribution_id": fact.id,
        "giver_id": fact.giver_id,
        "receiver_id": None,
        "kind": fact.kind_code,
        "minutes": fact.minutes,
    }
    record(HoursDeclared(**told))
    if fact.state == "declared":
        return
    recount(fact.giver_id, [fact.day], actor_id=actor.id, now=now)
    record(HoursConfirmed(**told))
