"""How a session goes on and ends: until when it lasts, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from incubator.domain.commitments import checkin_rules, presence_rules
from incubator.domain.commitments import presence_changes as changes
from incubator.domain.commitments.checkin_rules import OpenSession
from incubator.domain.commitments.presence_events import (
    CheckedOut,
    SessionPresumed,
    StayAnnounced,
)
from incubator.domain.commitments.presence_models import Presence
from incubator.kernel.db import db
from incubator.kernel.errors import Refusal
from incubator.kernel.events import record

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.commitments.checkin_rules import Ending
    from incubator.network.sites.models import Site


_OPEN = select(Presence).where(
    Presence.member_id == bindparam("member_id"), Presence.ended_at.is_(None)
)


def open_of(member_id: int) -> Presence | None:
    """The session of a member that has no end."""
    return db.session.scalar(_OPEN, {"member_id": member_id})


def as_open(session: Presence | None) -> OpenSession | None:
    """A session as the rules see it."""
    if session is None:
        return None
    return OpenSession(
        session.site_id, session.started_at, session.planned_end_at, session.last_ping_at
    )


def finish(session: Presence, ending: Ending, *, actor_id: int | None, now: datetime) -> None:
    """Give a session its end; what is too long to be believed is for a manager."""
    was_open = session.state == "open"
    if was_open:
        _end(session, ending, now)
        db.session.flush()
        if session.state == "closed":
            days = changes.days_of(session)
            changes.count(session.member_id, days, actor_id=actor_id, now=now)
        tell_left(session, actor_id=actor_id)
    else:
        with changes.revising(session, why="punch", actor_id=actor_id, now=now):
            _end(session, ending, now)
    if session.state == "presumed":
        record(SessionPresumed(**told(session, actor_id)))


def tell_left(session: Presence, *, actor_id: int | None) -> None:
    """Say that an open session has ended."""
    if session.ended_at is not None:
        record(CheckedOut(**told(session, actor_id), at=session.ended_at))


def _end(session: Presence, ending: Ending, now: datetime) -> None:
    state = settled_state(session, ending.at, now=now) if ending.state == "closed" else "presumed"
    session.ended_at, session.end_source, session.state = ending.at, ending.source, state
    if session.state == "presumed":
        session.asked_at = now


def settled_state(session: Presence, end: datetime, *, now: datetime) -> str:
    """What becomes of a session whose end is known: closed, void, or presumed when unbelievable."""
    stay, limits = changes.stay_of(session, end), changes.limits_on(session.day)
    if presence_rules.is_void(stay, limits):
        return "void"
    around = changes.others(session.member_id, stay.start, stay.end, but=session.id)
    wrong = presence_rules.problem(stay, around, limits=limits, now=now)
    if wrong in {"too_long", "day_full"}:
        changes.flag(session, wrong)
        return "presumed"
    return "closed"


def announce(session: Presence, *, actor_id: int | None, now: datetime) -> None:
    """Say until when an open session is taken to last."""
    until = stays_until(session, changes.site_of(session.site_id))
    record(StayAnnounced(**told(session, actor_id), at=now, until=until))


def stays_until(session: Presence, site: Site) -> datetime:
    """Until when who is in is taken to be there: as they plan, else to the site's cut-off."""
    limit = checkin_rules.cut_off(session.started_at, changes.place_of(site))
    return min(session.planned_end_at or limit, limit)


def leaving_time(session: Presence, planned: datetime, *, site: Site, now: datetime) -> datetime:
    """A planned leaving time that may be believed: to come, and before the site's cut-off.

    Raise Refusal ``commitments.leaving_time``.
    """
    limit = checkin_rules.cut_off(session.started_at, changes.place_of(site))
    if not now < planned <= limit:
        raise Refusal("commitments.leaving_time", field="planned")
    return planned


def told(session: Presence, actor_id: int | None) -> dict[str, Any]:
    """What every event about a session says."""
    return {
        "actor_id": actor_id,
        "site_id": session.site_id,
        "member_id": session.member_id,
        "session_id": session.id,
    }
