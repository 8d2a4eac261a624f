"""What time does to facts: sessions left open, questions nobody answered, silence over help.

Each act has a transaction of its own, may be repeated, and is done however late one asks.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from incubator.domain.commitments import accounts, checkin_rules, counting
from incubator.domain.commitments import presence_changes as changes
from incubator.domain.commitments import presence_ends as ends
from incubator.domain.commitments.correction_models import waits_for_a_word
from incubator.domain.commitments.events import HoursUnanswered
from incubator.domain.commitments.models import Contribution
from incubator.domain.commitments.periods import rule_on
from incubator.domain.commitments.presence_models import Presence
from incubator.kernel.db import db, transaction
from incubator.kernel.events import record
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

BATCH = 500


def presume(now: datetime) -> int:
    """Give a provisional end to the sessions that are open past their cut-off; how many."""
    rows = db.session.execute(
        select(Presence, Site)
        .join(Site, Site.id == Presence.site_id)
        .where(Presence.ended_at.is_(None), Presence.started_at <= now)
        .order_by(Presence.started_at, Presence.id)
    )
    past = [
        (row.id, row.member_id)
        for row, site in rows.all()
        if now >= checkin_rules.cut_off(row.started_at, changes.place_of(site))
    ]
    for session_id, member_id in past:
        with transaction():
            presume_one(session_id, member_id, now=now)
    return len(past)


def presume_one(session_id: int, member_id: int, *, now: datetime) -> None:
    """Give one session its provisional end, if it is open past its cut-off."""
    accounts.lock_member(member_id)
    session = db.session.get_one(Presence, session_id, populate_existing=True)
    current = ends.as_open(session)
    if current is None or session.state != "open":
        return
    place = changes.place_of(changes.site_of(session.site_id))
    ending = checkin_rules.forgotten(current, place, now=now)
    if ending is not None:
        ends.finish(session, ending, actor_id=None, now=now)


def settle_unanswered(now: datetime) -> int:
    """Let presumed sessions that nobody answered for count what is proven, or nothing.

    One that is disputed, or of which somebody has yet to decide on a correction, waits.
    """
    days = rule_on(now.date()).close_after_days
    asked_at = func.coalesce(Presence.asked_at, Presence.ended_at)
    rows = db.session.execute(
        select(Presence.id, Presence.member_id)
        .where(
            Presence.state == "presumed",
            asked_at <= now - timedelta(days=days),
            ~waits_for_a_word(Presence.id),
        )
        .order_by(Presence.id)
    ).all()
    for session_id, member_id in rows:
        with transaction():
            _settle(session_id, member_id, now=now)
    return len(rows)


def _settle(session_id: int, member_id: int, *, now: datetime) -> None:
    accounts.lock_member(member_id)
    session = db.session.get_one(Presence, session_id, populate_existing=True)
    presumed = ends.as_open(session)
    if session.state != "presumed" or presumed is None or session.ended_at is None:
        return
    if db.session.scalar(select(waits_for_a_word(session_id))):
        return
    end = checkin_rules.unanswered_end(presumed, provisional=session.ended_at)
    with changes.revising(session, why="unanswered", actor_id=None, now=now):
        session.ended_at, session.end_source = end, "auto"
        state = ends.settled_state(session, end, now=now)
        # What is still not to be believed counts nothing.
        session.state = "closed" if state == "closed" else "void"


def pass_on_silence(now: datetime) -> int:
    """Hand help that its receiver has not answered to to the managers; how many."""
    before = now - timedelta(days=rule_on(now.date()).silence_days)
    handed = 0
    while True:
        with transaction():
            some = _silent(before)
            for row in some:
                row.state = "needs_manager"
                record(
                    HoursUnanswered(
                        actor_id=None,
                        site_id=row.home_site_id,
                        contribution_id=row.id,
                        giver_id=row.giver_id,
                        receiver_id=row.receiver_id,
                        kind=row.kind_code,
                        minutes=row.minutes,
                    )
                )
        handed += len(some)
        if len(some) < BATCH:
            return handed


def _silent(before: datetime) -> Sequence[Contribution]:
    return db.session.scalars(
        select(Contribution)
        .where(
            Contribution.state == "declared",
            or_(Contribution.receiver_id.is_not(None), Contribution.unnamed_id.is_not(None)),
            Contribution.declared_at <= before,
        )
        .order_by(Contribution.declared_at, Contribution.id)
        .limit(BATCH)
        .with_for_update()
    ).all()


def count_stray(now: datetime) -> int:
    """Count the closed sessions that nobody counted, as after a machine was stopped."""
    rows = db.session.execute(
        select(Presence.member_id, Presence.day)
        .where(Presence.state == "closed", Presence.ended_at <= now)
        .order_by(Presence.member_id)
    ).all()
    days: dict[int, set[date]] = {}
    for member_id, day in rows:
        days.setdefault(member_id, set()).add(day)
    for member_id, some in days.items():
        with transaction():
            counting.recount(member_id, some, actor_id=None, now=now)
    return len(rows)
