"""Proofs of the facts: sessions, contributions, promises, and the lines that they ask for."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from incubator.domain.commitments import history, presence_rules, promise_history, wanted
from incubator.domain.commitments.faults import MOST, Fault
from incubator.domain.commitments.models import Contribution, Rule
from incubator.domain.commitments.presence_models import Presence
from incubator.domain.commitments.promise_models import Pledge
from incubator.domain.commitments.status_models import Status
from incubator.kernel.db import db

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


def one_session_is_open(_now: datetime) -> Iterator[Fault]:
    """At most one session of a member is open."""
    rows = db.session.execute(
        select(Presence.member_id, func.count())
        .where(Presence.ended_at.is_(None))
        .group_by(Presence.member_id)
        .having(func.count() > 1)
    )
    for member_id, count in rows:
        yield Fault(1, f"member {member_id} has {count} open sessions")


def sessions_go_forward(_now: datetime) -> Iterator[Fault]:
    """No session ends before it begins."""
    rows = db.session.scalars(
        select(Presence.id).where(Presence.ended_at < Presence.started_at).limit(MOST)
    )
    for session_id in rows:
        yield Fault(2, f"session {session_id} ends before it begins")


def nothing_future_counts(now: datetime) -> Iterator[Fault]:
    """What has not taken place counts nothing."""
    sessions = select(Presence.id).where(
        Presence.state.in_(wanted.COUNTED_SESSIONS), Presence.ended_at > now
    )
    for session_id in db.session.scalars(sessions.limit(MOST)):
        yield Fault(16, f"session {session_id} is counted and ends in the future")
    # A zone that is ahead of UTC is a day further at most.
    helped = select(Contribution.id).where(
        Contribution.state.in_(wanted.COUNTED_HELP), Contribution.day > now.date()
    )
    latest = presence_rules.day_start(now.date(), "UTC") + presence_rules.DAY
    for contribution_id in db.session.scalars(helped.where(Contribution.decided_at > latest)):
        yield Fault(16, f"contribution {contribution_id} is counted before its day")


def nobody_confirms_themselves(_now: datetime) -> Iterator[Fault]:
    """Hours that count have somebody else's word."""
    rows = db.session.scalars(
        select(Contribution.id)
        .where(
            Contribution.state.in_(wanted.COUNTED_HELP),
            Contribution.decided_by_id == Contribution.giver_id,
        )
        .limit(MOST)
    )
    for contribution_id in rows:
        yield Fault(14, f"contribution {contribution_id} was confirmed by its giver")


def sanctions_are_announced(_now: datetime) -> Iterator[Fault]:
    """Nobody is paused without a warning and the days of grace after it."""
    paused, warned = aliased(Status), aliased(Status)
    grace = db.session.scalar(select(func.min(Rule.grace_days))) or 0
    rows = db.session.execute(
        select(paused.member_id, paused.since_at, func.max(warned.warned_at))
        .outerjoin(
            warned,
            and_(
                warned.member_id == paused.member_id,
                warned.state == "late",
                warned.since_at <= paused.since_at,
            ),
        )
        .where(paused.state == "paused")
        .group_by(paused.id, paused.member_id, paused.since_at)
    )
    for member_id, since_at, warned_at in rows:
        if warned_at is None or (since_at.date() - warned_at.date()).days < grace:
            yield Fault(17, f"member {member_id} was paused without warning and grace")


def periods_meet(_now: datetime) -> Iterator[Fault]:
    """Periods have no gap, and are closed in their order."""
    periods = history.calendar()
    for before, after in pairwise(periods):
        if before.ends_on != after.starts_on:
            yield Fault(5, f"periods {before.id} and {after.id} do not meet")
        if after.state == "closed" and before.state != "closed":
            yield Fault(11, f"period {after.id} was closed before period {before.id}")


def promises_are_remembered(_now: datetime) -> Iterator[Fault]:
    """The last that was recorded of a promise is what it says."""
    for one in promise_history.untold(MOST):
        yield Fault(21, f"what pledge {one} says was not recorded")


def pledges_share_no_day(_now: datetime) -> Iterator[Fault]:
    """Two promises of one holder share no day."""
    one, other = aliased(Pledge), aliased(Pledge)
    rows = db.session.execute(
        select(one.id, other.id)
        .join(
            other,
            and_(
                other.id > one.id,
                or_(other.member_id == one.member_id, other.firm_id == one.firm_id),
                or_(one.valid_to.is_(None), other.valid_from < one.valid_to),
                or_(other.valid_to.is_(None), one.valid_from < other.valid_to),
                or_(one.valid_to.is_(None), one.valid_to > one.valid_from),
                or_(other.valid_to.is_(None), other.valid_to > other.valid_from),
            ),
        )
        .limit(MOST)
    )
    for first, second in rows:
        yield Fault(10, f"pledges {first} and {second} share days")
