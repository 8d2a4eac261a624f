"""What a check-in does to the sessions of its member."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.commitments import checkin_rules
from incubator.domain.commitments import presence_changes as changes
from incubator.domain.commitments import presence_ends as ends
from incubator.domain.commitments import presence_places as places
from incubator.domain.commitments.presence_events import CheckedIn, SessionPresumed
from incubator.domain.commitments.presence_models import Presence
from incubator.kernel.db import db
from incubator.kernel.events import record

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.commitments.checkin_rules import Decision
    from incubator.domain.commitments.presses import Press
    from incubator.network.sites.models import Site

# What shows that somebody stood there, unlike a tap on a page.
ON_THE_SPOT = frozenset({"qr", "kiosk", "badge"})


def come(
    member_id: int, press: Press, *, punch: checkin_rules.Punch, actor_id: int | None, now: datetime
) -> tuple[str, Presence | None]:
    """Begin a session, or note that one is in already; the outcome, and the session it touched."""
    site = changes.site_of(punch.site_id)
    current = ends.open_of(member_id)
    decision = checkin_rules.check_in(
        punch,
        ends.as_open(current),
        site_open=places.takes_people(site, punch.instant),
        period_closed=places.is_closed(site, punch.instant),
        late=places.patience(site, punch.instant),
    )
    if decision.start is None:
        return decision.recorded, None
    if current and decision.outcome in {"already", "earlier"}:
        _seen_again(current, decision, press, punch=punch, actor_id=actor_id, now=now)
        return decision.recorded, current
    if current and decision.ending and decision.outcome == "opened":
        ends.finish(current, decision.ending, actor_id=actor_id, now=now)
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
        session.planned_end_at = ends.leaving_time(session, press.planned_end, site=site, now=now)
    if places.out_of_hours(site, start):
        changes.flag(session, "off_hours")
    db.session.add(session)
    db.session.flush()
    return session


def _tell_beginning(session: Presence, site: Site, *, actor_id: int | None, now: datetime) -> None:
    told = ends.told(session, actor_id)
    if session.ended_at is not None:
        record(SessionPresumed(**told))
    else:
        until = ends.stays_until(session, site)
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
        session.planned_end_at = ends.leaving_time(session, press.planned_end, site=site, now=now)
    db.session.flush()
    ends.announce(session, actor_id=actor_id, now=now)
