"""A session made to read otherwise: by its member when shorter, else by a manager of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.commitments import presence_changes as changes
from incubator.domain.commitments import presence_ends as ends
from incubator.domain.commitments import presence_policy, presence_rules
from incubator.domain.commitments.presence_wishes import changed_words, check_wish
from incubator.kernel.errors import NotAllowed, NotFound, Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.commitments.presence_models import Presence
    from incubator.domain.commitments.presence_wishes import Wish
    from incubator.network.members.actor import Actor


def apply(session: Presence, wish: Wish, *, why: str, actor_id: int, now: datetime) -> None:
    """Let a session read as wished; its member shortens it, others also confirm it."""
    own = actor_id == session.member_id
    with changes.revising(session, why=why, actor_id=actor_id, now=now):
        session.started_at, session.ended_at = wish.started_at, wish.ended_at
        session.end_source, session.state = "member" if own else "manager", "closed"
        if presence_rules.is_void(changes.stay_of(session), changes.limits_on(session.day)):
            session.state = "void"
        if not own:
            session.confirmed_by_id, session.confirmed_at, session.flags = actor_id, now, ""


def change(actor: Actor, session_id: int, wish: Wish, *, now: datetime) -> Presence:
    """A manager of the site says how a session was, and why; it is revised and counted anew.

    Raise NotAllowed ``commitments.not_yours_to_correct``; Refusal ``reason_needed`` and as
    ``check_wish``.
    """
    session = _theirs_to_change(actor, session_id)
    why = changed_words(wish.why)
    if not why:
        raise Refusal("commitments.reason_needed", field="why")
    check_wish(session.member_id, session.site_id, wish, but=session.id, now=now)
    was_open = session.state == "open"
    apply(session, wish, why=why, actor_id=actor.id, now=now)
    if was_open:
        ends.tell_left(session, actor_id=actor.id)
    return session


def void(actor: Actor, session_id: int, *, why: str, now: datetime) -> Presence:
    """A manager says that a session was none: it counts nothing. Raise as ``change``."""
    session = _theirs_to_change(actor, session_id)
    words = changed_words(why)
    if not words:
        raise Refusal("commitments.reason_needed", field="why")
    if session.state == "void":
        return session
    was_open = session.state == "open"
    with changes.revising(session, why=words, actor_id=actor.id, now=now):
        session.ended_at = session.ended_at or max(now, session.started_at)
        session.end_source, session.state, session.flags = "manager", "void", ""
    if was_open:
        ends.tell_left(session, actor_id=actor.id)
    return session


def _theirs_to_change(actor: Actor, session_id: int) -> Presence:
    session = changes.held(session_id)
    if not presence_policy.may_change(actor, session):
        if presence_policy.may_answer(actor, session):
            raise NotAllowed("commitments.not_yours_to_correct")
        raise NotFound("commitments.session")
    return session
