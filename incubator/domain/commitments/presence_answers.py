"""What a member says of their own session: when they leave, when they left, that it was a mistake.

Nobody raises their own minutes alone: what no earlier proof stands for becomes a correction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from incubator.domain.commitments import checkin_rules, presence_policy
from incubator.domain.commitments import presence_changes as changes
from incubator.domain.commitments import presence_ends as ends
from incubator.domain.commitments.periods import rule_on
from incubator.domain.commitments.presence_models import Presence
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.commitments.rules import Span
    from incubator.network.members.actor import Actor


def own_session(actor: Actor, session_id: int) -> Presence:
    """A session of one's own, held; NotFound when it is not theirs to see."""
    session = changes.held(session_id)
    if not presence_policy.may_answer(actor, session):
        if actor.manages(session.site_id):
            raise NotAllowed("commitments.not_your_session")
        raise NotFound("commitments.session")
    return session


def plan_leaving(actor: Actor, session_id: int, *, planned: datetime, now: datetime) -> Presence:
    """Say when one means to leave: it also proves the end, should one forget to check out.

    Raise Refusal ``commitments.session_over`` or ``leaving_time``.
    """
    own_session(actor, session_id)
    return plan(session_id, planned=planned, actor_id=actor.id, now=now)


def plan(session_id: int, *, planned: datetime, actor_id: int | None, now: datetime) -> Presence:
    """The same for whoever has found out whose session it is; raise as ``plan_leaving``."""
    session = changes.held(session_id)
    if session.state != "open":
        raise Refusal("commitments.session_over")
    site = changes.site_of(session.site_id)
    session.planned_end_at = ends.leaving_time(session, planned, site=site, now=now)
    db.session.flush()
    ends.announce(session, actor_id=actor_id, now=now)
    return session


def undo(actor: Actor, session_id: int, *, now: datetime) -> Presence:
    """Take back a check-in made by mistake: it counts nothing; twice changes nothing.

    Raise Refusal ``commitments.session_over`` once it has ended.
    """
    session = own_session(actor, session_id)
    if session.state == "void":
        return session
    if session.state != "open":
        raise Refusal("commitments.session_over")
    with changes.revising(session, why="undone", actor_id=actor.id, now=now):
        session.ended_at = max(now, session.started_at)
        session.end_source, session.state = "member", "void"
    ends.tell_left(session, actor_id=actor.id)
    return session


def answer(actor: Actor, session_id: int, *, ended_at: datetime, now: datetime) -> bool:
    """Say when a presumed session ended; whether one's own word was enough.

    If not, ask for a correction. Raise Refusal ``commitments.session_settled`` when somebody has
    decided, ``session_order`` for an end before the beginning, ``session_future``.
    """
    session = own_session(actor, session_id)
    if session.state not in {"presumed", "disputed"}:
        raise Refusal("commitments.session_settled")
    if ended_at < session.started_at:
        raise Refusal("commitments.session_order", field="ended")
    if ended_at > now:
        raise Refusal("commitments.session_future", field="ended")
    presumed = ends.as_open(session)
    elsewhere = next_beginning(session)
    if presumed is None or not checkin_rules.may_answer_alone(
        presumed, ended_at, now=now, seen_elsewhere=elsewhere
    ):
        return False
    state = ends.settled_state(session, ended_at, now=now)
    with changes.revising(session, why="answered", actor_id=actor.id, now=now):
        session.ended_at, session.end_source, session.state = ended_at, "member", state
    return True


def next_beginning(session: Presence) -> datetime | None:
    """When the same member was next seen somewhere: a session does not last beyond it."""
    return db.session.scalar(
        select(func.min(Presence.started_at)).where(
            Presence.member_id == session.member_id,
            Presence.started_at > session.started_at,
            Presence.id != session.id,
            Presence.state != "void",
        )
    )


def asks_leaving_time(member_id: int, span: Span) -> bool:
    """Whether one forgot to check out so often in a span that the screen asks when one leaves."""
    forgotten = db.session.scalar(
        select(func.count())
        .select_from(Presence)
        .where(
            Presence.member_id == member_id,
            Presence.day >= span.starts_on,
            Presence.day < span.ends_on,
            Presence.asked_at.is_not(None),
        )
    )
    limit = rule_on(span.starts_on).forgotten_limit
    return checkin_rules.asks_leaving_time(forgotten or 0, limit=limit)
