"""How a session is changed: what it was stays written, and what counts is counted anew."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from incubator.domain.commitments import presence_rules
from incubator.domain.commitments.checkin_rules import Place
from incubator.domain.commitments.counting import recount
from incubator.domain.commitments.periods import rule_on
from incubator.domain.commitments.presence_events import SessionChanged
from incubator.domain.commitments.presence_models import Presence, PresenceRevision
from incubator.domain.commitments.presence_rules import SessionLimits, Stay
from incubator.domain.commitments.rules import civil_day
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.events import record
from incubator.network.members.models import Member
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from datetime import date, datetime

COUNTING = ("closed", "counted")
NEAR = timedelta(days=2)
# Whoever changes a member's presence waits here for the others: one open session is decided once.
_MEMBER = (
    select(Member.id, Member.home_site_id)
    .where(Member.id == bindparam("member_id"), Member.active)
    .with_for_update(key_share=True)
)


def hold_member(member_id: int) -> None:
    """Keep others from changing the presence of a member until the end of the transaction."""
    if db.session.execute(_MEMBER, {"member_id": member_id}).first() is None:
        raise NotFound("members.member")


def site_of(site_id: int) -> Site:
    """A site that is known to exist, or NotFound."""
    found = db.session.get(Site, site_id)
    if found is None:
        raise NotFound("sites.site")
    return found


def place_of(site: Site) -> Place:
    """How a site closes what was left open."""
    return Place(site.time_zone, site.cutoff_at, site.auto_close_after)


def held(session_id: int) -> Presence:
    """A session as it is now, its member held; NotFound when there is none."""
    found = db.session.get(Presence, session_id)
    if found is None:
        raise NotFound("commitments.session")
    hold_member(found.member_id)
    db.session.refresh(found)
    return found


def stay_of(session: Presence, end: datetime | None = None) -> Stay:
    """The time of a session, until ``end`` if it has none."""
    zone = site_of(session.site_id).time_zone
    ended_at = end or session.ended_at or session.started_at
    return Stay(session.id or 0, session.site_id, zone, session.started_at, ended_at)


def days_of(session: Presence) -> set[date]:
    """The civil days of its site that a session touches."""
    return {session.day, *(part.day for part in presence_rules.split(stay_of(session)))}


def limits_on(day: date) -> SessionLimits:
    """The bounds of a session on a day, in minutes."""
    rule = rule_on(day)
    return SessionLimits(rule.min_session, rule.max_session, rule.max_day)


def others(member_id: int, start: datetime, end: datetime, *, but: int | None) -> list[Stay]:
    """What counts of a member's other sessions around a time."""
    rows = db.session.scalars(
        select(Presence).where(
            Presence.member_id == member_id,
            Presence.state.in_(COUNTING),
            Presence.started_at < end + NEAR,
            Presence.started_at > start - NEAR,
            Presence.id != (but or 0),
        )
    )
    return [stay_of(row) for row in rows]


def day_at(site: Site, instant: datetime) -> date:
    """The civil day of a site at an instant."""
    return civil_day(instant, site.time_zone)


def flag(session: Presence, code: str) -> None:
    """Mark a session for the eyes of the managers."""
    flags = [each for each in session.flags.split(",") if each]
    if code not in flags:
        session.flags = ",".join([*flags, code])


def count(member_id: int, days: Iterable[date], *, actor_id: int | None, now: datetime) -> None:
    """Let the ledger follow what is known of some days."""
    db.session.flush()
    recount(member_id, sorted(days), actor_id=actor_id, now=now)


@contextmanager
def revising(
    session: Presence, *, why: str, actor_id: int | None, now: datetime
) -> Generator[None]:
    """Change a session inside: a revision keeps both sides, and its days are counted anew."""
    before, days = _told(session), days_of(session)
    yield
    session.rev += 1
    session.day = day_at(site_of(session.site_id), session.started_at)
    db.session.flush()
    revision = PresenceRevision(
        session_id=session.id,
        rev=session.rev,
        before=before,
        after=_told(session),
        reason=why,
        actor_id=actor_id,
        on_behalf_of_id=session.member_id if actor_id not in (None, session.member_id) else None,
        at=now,
    )
    db.session.add(revision)
    count(session.member_id, days | days_of(session), actor_id=actor_id, now=now)
    record(
        SessionChanged(
            actor_id=actor_id,
            site_id=session.site_id,
            member_id=session.member_id,
            session_id=session.id,
            rev=session.rev,
            why=why,
        )
    )


def _told(session: Presence) -> dict[str, Any]:
    return {
        "started_at": session.started_at.isoformat(),
        "ended_at": session.ended_at.isoformat() if session.ended_at else None,
        "state": session.state,
    }
