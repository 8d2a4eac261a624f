"""Coming and going: check in, check out, by whatever means; the rules are ``checkin_rules``.

A punch is written as it came and never changed; what it does to the member's session follows. All
that concerns one member happens one after the other, and the database itself holds that at most
one session is open.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from incubator.domain.commitments import checkin_rules, presence_policy
from incubator.domain.commitments import presence_changes as changes
from incubator.domain.commitments import presence_coming as coming
from incubator.domain.commitments import presence_ends as ends
from incubator.domain.commitments import presence_places as places
from incubator.domain.commitments.presence_events import (
    PunchKept,
)
from incubator.domain.commitments.presence_guests import is_guest
from incubator.domain.commitments.presence_models import Presence, Punch
from incubator.domain.commitments.presses import Answer, Press, Way
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.events import record

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor

LONGEST_UID = 36
A_DAY = timedelta(days=1)

_SENT = select(Punch).where(Punch.uid == bindparam("uid"))
_BEGUN_BEFORE = (
    select(Presence)
    .where(
        Presence.member_id == bindparam("member_id"),
        Presence.started_at <= bindparam("at"),
        Presence.state != "void",
    )
    .order_by(Presence.started_at.desc(), Presence.id.desc())
    .limit(1)
)


def check_in(actor: Actor, press: Press, *, member_id: int | None = None, now: datetime) -> Answer:
    """Say that one is there (or that ``member_id`` is); already in: the open session, no error.

    Raise NotAllowed ``commitments.guests_are_not_present``, ``not_your_site``, or
    ``not_yours_to_correct`` for a manager's word on oneself; NotFound; Refusal
    ``commitments.leaving_time``, ``uid_bad``, ``uid_reused``.
    """
    return _by(actor, "in", press, member_id=member_id, now=now)


def check_out(actor: Actor, press: Press, *, member_id: int | None = None, now: datetime) -> Answer:
    """Say that one goes; who is not in stays so. Raise as ``check_in``."""
    return _by(actor, "out", press, member_id=member_id, now=now)


def _by(actor: Actor, way: Way, press: Press, *, member_id: int | None, now: datetime) -> Answer:
    whose = actor.id if member_id is None else member_id
    own = whose == actor.id
    if not presence_policy.may_punch_for(actor, whose, press.site_id):
        raise NotAllowed(
            "commitments.guests_are_not_present" if own else "commitments.not_your_site"
        )
    if own and press.source == "manager":
        raise NotAllowed("commitments.not_yours_to_correct")
    if not own and is_guest(whose):
        raise NotAllowed("commitments.guests_are_not_present")
    return punched(whose, way, press, actor_id=actor.id, now=now)


def punched(
    member_id: int, way: Way, press: Press, *, actor_id: int | None, now: datetime
) -> Answer:
    """Write a punch and do what it says; for whoever has found out whose it is."""
    changes.hold_member(member_id)
    if found := _sent_before(member_id, way, press):
        return found
    site = changes.site_of(press.site_id)
    punch = checkin_rules.Punch(site.id, press.occurred_at or now, now)
    apply = coming.come if way == "in" else _go
    outcome, session = apply(member_id, press, punch=punch, actor_id=actor_id, now=now)
    row = Punch(
        uid=press.uid,
        member_id=member_id,
        site_id=site.id,
        kind=way,
        occurred_at=punch.occurred_at,
        received_at=now,
        source=press.source,
        outcome=outcome,
        device_id=press.device_id,
        clock_offset_s=press.clock_offset_s,
        actor_id=actor_id,
        session_id=session.id if session else None,
    )
    db.session.add(row)
    db.session.flush()
    if outcome in checkin_rules.KEPT:
        record(PunchKept(actor_id=actor_id, site_id=site.id, member_id=member_id, outcome=outcome))
    return Answer(outcome=outcome, session=session)


def _sent_before(member_id: int, way: Way, press: Press) -> Answer | None:
    if not 1 <= len(press.uid) <= LONGEST_UID:
        raise Refusal("commitments.uid_bad")
    punch = db.session.scalar(_SENT, {"uid": press.uid})
    if punch is None:
        return None
    if (punch.member_id, punch.kind, punch.site_id) != (member_id, way, press.site_id):
        raise Refusal("commitments.uid_reused")
    session = db.session.get(Presence, punch.session_id) if punch.session_id else None
    return Answer(outcome=punch.outcome, session=session)


def _go(
    member_id: int, press: Press, *, punch: checkin_rules.Punch, actor_id: int | None, now: datetime
) -> tuple[str, Presence | None]:
    del press
    site = changes.site_of(punch.site_id)
    current = _meant(member_id, punch)
    decision = checkin_rules.check_out(
        punch,
        ends.as_open(current),
        period_closed=places.is_closed(site, punch.instant),
        late=places.patience(site, punch.instant),
    )
    if current is None or decision.ending is None:
        return decision.recorded, None
    ends.finish(current, decision.ending, actor_id=actor_id, now=now)
    return decision.recorded, current


def _meant(member_id: int, punch: checkin_rules.Punch) -> Presence | None:
    """The session that a check-out ends: the open one, or one presumed while a queue waited."""
    found = db.session.scalar(_BEGUN_BEFORE, {"member_id": member_id, "at": punch.instant})
    if found is None or found.state == "open":
        return found
    here = found.site_id == punch.site_id and found.state == "presumed"
    place = changes.place_of(changes.site_of(found.site_id))
    recent = punch.instant <= checkin_rules.cut_off(found.started_at, place)
    return found if here and recent else None
