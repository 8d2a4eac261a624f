"""Coming and going: check in, check out, by whatever means; the rules are ``checkin_rules``.

A punch is written as it came and never changed; what it does to the member's session follows. All
that concerns one member happens one after the other, and the database itself holds that at most
one session is open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import bindparam, select

from incubator.domain.commitments import checkin_rules, presence_policy, presence_rules
from incubator.domain.commitments import presence_changes as changes
from incubator.domain.commitments.checkin_rules import Decision, Ending, OpenSession
from incubator.domain.commitments.periods import period_on, rule_on
from incubator.domain.commitments.presence_events import (
    CheckedIn,
    CheckedOut,
    PunchKept,
    SessionPresumed,
    StayAnnounced,
)
from incubator.domain.commitments.presence_models import Presence, Punch
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.events import record
from incubator.network.sites import queries as sites
from incubator.network.sites import rules as opening

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor
    from incubator.network.sites.models import Site

Way = Literal["in", "out"]
LONGEST_UID = 36
# What shows that somebody stood there, unlike a tap on a page.
ON_THE_SPOT = frozenset({"qr", "kiosk", "badge"})

_SENT = select(Punch).where(Punch.uid == bindparam("uid"))
_OPEN = select(Presence).where(
    Presence.member_id == bindparam("member_id"), Presence.ended_at.is_(None)
)
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Press:
    """A press of a button: ``uid`` is made where it was pressed, so that it counts once.

    ``occurred_at`` is what an enrolled device says; without it, it is now. ``planned_end`` is
    when they mean to leave.
    """

    uid: str
    site_id: int
    source: str
    occurred_at: datetime | None = None
    planned_end: datetime | None = None
    device_id: int | None = None
    clock_offset_s: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a punch did: its ``outcome`` as it is kept, and the session it touched, if any.

    The same for a punch that is sent again.
    """

    outcome: str
    session: Presence | None

    @property
    def by_correction(self) -> bool:
        """Whether only a correction can still count it."""
        return self.outcome in {"late", "refused"}


def check_in(actor: Actor, press: Press, *, member_id: int | None = None, now: datetime) -> Answer:
    """Say that one is there (or that ``member_id`` is); already in: the open session, no error.

    Raise NotAllowed ``commitments.guests_are_not_present`` or ``not_your_site``; NotFound;
    Refusal ``commitments.leaving_time``, ``uid_bad``, ``uid_reused``.
    """
    return _by(actor, "in", press, member_id=member_id, now=now)


def check_out(actor: Actor, press: Press, *, member_id: int | None = None, now: datetime) -> Answer:
    """Say that one goes; who is not in stays so. Raise as ``check_in``."""
    return _by(actor, "out", press, member_id=member_id, now=now)


def _by(actor: Actor, way: Way, press: Press, *, member_id: int | None, now: datetime) -> Answer:
    whose = actor.id if member_id is None else member_id
    if not presence_policy.may_punch_for(actor, whose, press.site_id):
        own = whose == actor.id
        raise NotAllowed(
            "commitments.guests_are_not_present" if own else "commitments.not_your_site"
        )
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
    apply = _come if way == "in" else _go
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


def _come(
    member_id: int, press: Press, *, punch: checkin_rules.Punch, actor_id: int | None, now: datetime
) -> tuple[str, Presence | None]:
    site = changes.site_of(punch.site_id)
    current = open_of(member_id)
    decision = checkin_rules.check_in(
        punch,
        as_open(current),
        site_open=takes_people(site, punch.instant),
        period_closed=is_closed(site, punch.instant),
        late=_patience(site, punch.instant),
    )
    if decision.start is None:
        return decision.recorded, None
    if current and decision.outcome in {"already", "earlier"}:
        _seen_again(current, decision, press, punch=punch, actor_id=actor_id, now=now)
        return decision.recorded, current
    if current and decision.ending and decision.outcome == "opened":
        finish(current, decision.ending, actor_id=actor_id, now=now)
    made = _begin(member_id, decision, press, site=site, now=now)
    _tell_beginning(made, site, actor_id=actor_id, now=now)
    return decision.recorded, made


def _begin(
    member_id: int, decision: Decision, press: Press, *, site: Site, now: datetime
) -> Presence:
    """Open a session, or write one of the past of which nobody knows the end."""
    start = decision.start or now
    past = decision.ending if decision.outcome == "before" else None
    session = Presence(
        member_id=member_id,
        site_id=site.id,
        day=changes.day_at(site, start),
        started_at=start,
        ended_at=past.at if past else None,
        state=past.state if past else "open",
        end_source=past.source if past else None,
        source=press.source,
        asked_at=now if past else None,
        flags="",
    )
    if press.planned_end and not past:
        session.planned_end_at = leaving_time(session, press.planned_end, site=site, now=now)
    if out_of_hours(site, start):
        changes.flag(session, "off_hours")
    db.session.add(session)
    db.session.flush()
    return session


def _tell_beginning(session: Presence, site: Site, *, actor_id: int | None, now: datetime) -> None:
    told = _told(session, actor_id)
    if session.ended_at is not None:
        record(SessionPresumed(**told))
    else:
        until = stays_until(session, site)
        record(CheckedIn(**told, at=session.started_at, until=until, told_at=now))


def _seen_again(
    session: Presence,
    decision: Decision,
    press: Press,
    *,
    punch: checkin_rules.Punch,
    actor_id: int | None,
    now: datetime,
) -> None:
    """In already: they were there at this instant too, if something on the spot says so."""
    site = changes.site_of(session.site_id)
    if decision.outcome == "earlier" and decision.start:
        with changes.revising(session, why="punch", actor_id=actor_id, now=now):
            session.started_at = decision.start
    elif press.source in ON_THE_SPOT:
        session.last_ping_at = max(filter(None, (session.last_ping_at, punch.instant)))
    if press.planned_end:
        session.planned_end_at = leaving_time(session, press.planned_end, site=site, now=now)
    db.session.flush()
    announce(session, actor_id=actor_id, now=now)


def announce(session: Presence, *, actor_id: int | None, now: datetime) -> None:
    """Say until when an open session is taken to last."""
    until = stays_until(session, changes.site_of(session.site_id))
    record(StayAnnounced(**_told(session, actor_id), at=now, until=until))


def _go(
    member_id: int, press: Press, *, punch: checkin_rules.Punch, actor_id: int | None, now: datetime
) -> tuple[str, Presence | None]:
    del press
    site = changes.site_of(punch.site_id)
    current = _meant(member_id, punch)
    decision = checkin_rules.check_out(
        punch,
        as_open(current),
        period_closed=is_closed(site, punch.instant),
        late=_patience(site, punch.instant),
    )
    if current is None or decision.ending is None:
        return decision.recorded, None
    finish(current, decision.ending, actor_id=actor_id, now=now)
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
        record(SessionPresumed(**_told(session, actor_id)))


def tell_left(session: Presence, *, actor_id: int | None) -> None:
    """Say that an open session has ended."""
    if session.ended_at is not None:
        record(CheckedOut(**_told(session, actor_id), at=session.ended_at))


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


def _told(session: Presence, actor_id: int | None) -> dict[str, Any]:
    return {
        "actor_id": actor_id,
        "site_id": session.site_id,
        "member_id": session.member_id,
        "session_id": session.id,
    }


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


def takes_people(site: Site, instant: datetime) -> bool:
    """Whether a site is in use on the day of an instant: not closed for good, no closure.

    Outside its hours and on public holidays members with a key may come: a flag tells managers.
    """
    day = changes.day_at(site, instant)
    if site.closed_on is not None:
        return False
    around = sites.closures_of([site.id], day - timedelta(days=1))
    return not any(each.starts_on <= day < each.ends_on for each in around)


def out_of_hours(site: Site, instant: datetime) -> bool:
    """Whether a site that keeps hours was shut at an instant."""
    full = sites.with_id(site.id)
    if full is None or not full.hours:
        return False
    return not opening.open_at(sites.timetables([full], instant)[site.id], instant)


def is_closed(site: Site, instant: datetime) -> bool:
    """Whether the period of an instant is closed already."""
    period = period_on(changes.day_at(site, instant))
    return period is not None and period.state == "closed"


def _patience(site: Site, instant: datetime) -> timedelta:
    return timedelta(hours=rule_on(changes.day_at(site, instant)).late_hours)
