"""A session was otherwise, or is missing: asked by its member, decided by somebody else.

A manager of the site decides, or a witness who was there that day. Shortening needs nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from incubator.domain.commitments import checkin_rules, presence, presence_policy, presence_rules
from incubator.domain.commitments import presence_changes as changes
from incubator.domain.commitments import rules as hours_rules
from incubator.domain.commitments.correction_models import Correction
from incubator.domain.commitments.periods import period_on, rule_on
from incubator.domain.commitments.presence_answers import own_session
from incubator.domain.commitments.presence_events import (
    CorrectionAsked,
    CorrectionDecided,
    CorrectionWithdrawn,
)
from incubator.domain.commitments.presence_models import Presence
from incubator.domain.commitments.presence_rules import Stay
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor

LONGEST_TEXT = 300
PROBLEMS = {
    "future": "commitments.session_future",
    "order": "commitments.session_order",
    "too_long": "commitments.session_too_long",
    "day_full": "commitments.session_day_full",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """How a session should read: from when to when, why, and who was there, if anybody."""

    started_at: datetime
    ended_at: datetime
    why: str = ""
    witness_id: int | None = None


def ask_change(
    actor: Actor, session_id: int, wish: Wish, *, once: str, now: datetime
) -> Correction | None:
    """Say that one's session was otherwise; None when it was only shortened, which is done.

    Raise Refusal ``commitments.session_unfinished`` for an open one and as ``check_wish``.
    """
    session = own_session(actor, session_id)
    if session.ended_at is None:
        raise Refusal("commitments.session_unfinished")
    check_wish(session.member_id, session.site_id, wish, but=session.id, now=now)
    old, new = (session.started_at, session.ended_at), (wish.started_at, wish.ended_at)
    if session.state in changes.COUNTING and checkin_rules.may_change_alone(old, new):
        why = changed_words(wish.why) or "shortened"
        _apply(session, wish, why=why, actor_id=actor.id, now=now)
        return None
    asked = _asked(actor, wish, once=once, now=now)
    asked.subject_id, asked.site_id, asked.day = session.id, session.site_id, session.day
    # While somebody thinks about it, nobody is asked and nothing lapses.
    session.state = "disputed" if session.state == "presumed" else session.state
    return _keep(asked, actor)


def ask_missing(actor: Actor, site_id: int, wish: Wish, *, once: str, now: datetime) -> Correction:
    """Say that one was at a site without checking in; somebody else has to agree.

    Raise NotAllowed ``commitments.guests_are_not_present``; NotFound; Refusal as ``check_wish``.
    """
    if not presence_policy.may_be_present(actor):
        raise NotAllowed("commitments.guests_are_not_present")
    changes.hold_member(actor.id)
    site = changes.site_of(site_id)
    check_wish(actor.id, site_id, wish, but=None, now=now)
    asked = _asked(actor, wish, once=once, now=now)
    asked.site_id, asked.day = site.id, changes.day_at(site, wish.started_at)
    return _keep(asked, actor)


def check_wish(member_id: int, site_id: int, wish: Wish, *, but: int | None, now: datetime) -> None:
    """Refuse what cannot have been.

    Raise Refusal ``commitments.session_future``, ``session_order``, ``session_too_long``,
    ``session_day_full``, ``before_joining``, ``too_long_ago``, ``text_too_long`` or
    ``witness_not_there``.
    """
    site = changes.site_of(site_id)
    day = changes.day_at(site, wish.started_at)
    stay = Stay(but or 0, site_id, site.time_zone, wish.started_at, wish.ended_at)
    around = changes.others(member_id, stay.start, stay.end, but=but)
    limits = changes.limits_on(day)
    wrong = presence_rules.problem(stay, around, limits=limits, now=now)
    if wrong:
        raise Refusal(PROBLEMS[wrong], field="ended", most=limits.max_session // 60)
    joined_at = db.session.get_one(Member, member_id).joined_at
    hours_rules.check_day(
        day,
        today=changes.day_at(site, now),
        joined_on=changes.day_at(site, joined_at),
        back_days=rule_on(day).back_days,
    )
    changed_words(wish.why)
    if wish.witness_id is not None:
        _check_witness(member_id, site_id, wish)


def _check_witness(member_id: int, site_id: int, wish: Wish) -> None:
    """Who vouches for somebody was there at the time, by their own session."""
    if wish.witness_id == member_id:
        raise Refusal("commitments.receiver_self", field="witness")
    there = db.session.scalar(
        select(func.count())
        .select_from(Presence)
        .where(
            Presence.member_id == wish.witness_id,
            Presence.site_id == site_id,
            Presence.state.in_(("open", *changes.COUNTING)),
            Presence.started_at < wish.ended_at,
            func.coalesce(Presence.ended_at, wish.ended_at) > wish.started_at,
        )
    )
    if not there:
        raise Refusal("commitments.witness_not_there", field="witness")


def changed_words(text: str) -> str:
    """A reason on one line; raise Refusal ``commitments.text_too_long``."""
    words = " ".join(text.split())
    if len(words) > LONGEST_TEXT:
        raise Refusal("commitments.text_too_long", field="why", most=LONGEST_TEXT)
    return words


def _asked(actor: Actor, wish: Wish, *, once: str, now: datetime) -> Correction:
    found = db.session.scalar(
        select(Correction).where(Correction.asked_by_id == actor.id, Correction.once == once)
    )
    if found is not None:
        return found
    return Correction(
        subject="session",
        member_id=actor.id,
        proposal={
            "started_at": wish.started_at.isoformat(),
            "ended_at": wish.ended_at.isoformat(),
        },
        why=changed_words(wish.why),
        asked_by_id=actor.id,
        asked_at=now,
        witness_id=wish.witness_id,
        once=once,
    )


def _keep(correction: Correction, actor: Actor) -> Correction:
    if correction not in db.session:
        db.session.add(correction)
        db.session.flush()
        record(CorrectionAsked(**_told(correction, actor)))
    return correction


def withdraw(actor: Actor, correction_id: int, *, now: datetime) -> Correction:
    """No longer ask; raise NotFound, or Refusal ``commitments.decided_before``."""
    correction = _held(actor, correction_id)
    if correction.asked_by_id != actor.id:
        raise NotAllowed("commitments.not_yours")
    if correction.state == "withdrawn":
        return correction
    _settle(correction, actor, "withdrawn", now=now)
    _ask_again(correction, now=now)
    record(CorrectionWithdrawn(**_told(correction, actor)))
    return correction


def decide(
    actor: Actor, correction_id: int, *, accept: bool, reason: str = "", now: datetime
) -> Correction:
    """Agree, and the session reads so; or not, and say why. Deciding alike twice changes nothing.

    Raise NotAllowed ``commitments.not_yours_to_correct``; Refusal ``reason_needed`` for a no,
    ``note_needed`` for one forgotten check-in too many, ``decided_before`` and as ``check_wish``.
    """
    correction = _held(actor, correction_id)
    if not presence_policy.may_decide(actor, correction):
        raise NotAllowed("commitments.not_yours_to_correct")
    state, words = "accepted" if accept else "refused", changed_words(reason)
    if correction.state == state:
        return correction
    if not words and not accept:
        raise Refusal("commitments.reason_needed", field="reason")
    if not words and wants_note(correction):
        raise Refusal("commitments.note_needed", field="reason")
    _settle(correction, actor, state, now=now)
    correction.reason = words
    if accept:
        _carry_out(correction, actor, now=now)
    else:
        _ask_again(correction, now=now)
    db.session.flush()
    record(CorrectionDecided(**_told(correction, actor), accepted=accept))
    return correction


def _ask_again(correction: Correction, *, now: datetime) -> None:
    """What was to be settled by this correction is open again: its member is asked anew."""
    session = db.session.get(Presence, correction.subject_id) if correction.subject_id else None
    if session and session.state == "disputed":
        session.state, session.asked_at = "presumed", now
        db.session.flush()


def wants_note(correction: Correction) -> bool:
    """Whether this is one forgotten check-in too many of its period to be agreed without a word."""
    if correction.subject_id is not None:
        return False
    period = period_on(correction.day)
    span = period.span if period else hours_rules.month_of(correction.day)
    before = db.session.scalar(
        select(func.count())
        .select_from(Correction)
        .where(
            Correction.member_id == correction.member_id,
            Correction.subject == "session",
            Correction.subject_id.is_(None),
            Correction.state == "accepted",
            Correction.day >= span.starts_on,
            Correction.day < span.ends_on,
            Correction.id != correction.id,
        )
    )
    limit = rule_on(correction.day).proposals_limit
    return checkin_rules.needs_note(before or 0, limit=limit)


def wish_of(correction: Correction) -> Wish:
    """What a correction proposes."""
    told = correction.proposal
    return Wish(
        started_at=datetime.fromisoformat(told["started_at"]),
        ended_at=datetime.fromisoformat(told["ended_at"]),
    )


def _carry_out(correction: Correction, actor: Actor, *, now: datetime) -> None:
    wish, why = wish_of(correction), correction.reason or correction.why or "correction"
    site_id = correction.site_id
    if site_id is None:
        raise NotFound("sites.site")
    check_wish(correction.member_id, site_id, wish, but=correction.subject_id, now=now)
    if correction.subject_id is not None:
        session = changes.held(correction.subject_id)
        _apply(session, wish, why=why, actor_id=actor.id, now=now)
        return
    made = Presence(
        member_id=correction.member_id,
        site_id=site_id,
        day=correction.day,
        started_at=wish.started_at,
        ended_at=wish.ended_at,
        state="closed",
        source="manager",
        end_source="manager",
        confirmed_by_id=actor.id,
        confirmed_at=now,
    )
    db.session.add(made)
    db.session.flush()
    # The subject stays unnamed: that is how one counts what was forgotten.
    correction.proposal = {**correction.proposal, "session_id": made.id}
    days = changes.days_of(made)
    changes.count(made.member_id, days, actor_id=actor.id, now=now)


def _apply(session: Presence, wish: Wish, *, why: str, actor_id: int, now: datetime) -> None:
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
    _apply(session, wish, why=why, actor_id=actor.id, now=now)
    if was_open:
        presence.tell_left(session, actor_id=actor.id)
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
        presence.tell_left(session, actor_id=actor.id)
    return session


def _theirs_to_change(actor: Actor, session_id: int) -> Presence:
    session = changes.held(session_id)
    if not presence_policy.may_change(actor, session):
        if presence_policy.may_answer(actor, session):
            raise NotAllowed("commitments.not_yours_to_correct")
        raise NotFound("commitments.session")
    return session


def _held(actor: Actor, correction_id: int) -> Correction:
    """A correction as it is now, its member held; NotFound when it is not theirs to see."""
    found = db.session.get(Correction, correction_id)
    if found is None or found.subject != "session":
        raise NotFound("commitments.correction")
    if not presence_policy.may_see_correction(actor, found):
        raise NotFound("commitments.correction")
    changes.hold_member(found.member_id)
    db.session.refresh(found)
    return found


def _settle(correction: Correction, actor: Actor, state: str, *, now: datetime) -> None:
    if correction.state != "asked":
        raise Refusal("commitments.decided_before")
    correction.state, correction.decided_at = state, now
    correction.decided_by_id = actor.id
    db.session.flush()


def _told(correction: Correction, actor: Actor) -> dict[str, Any]:
    return {
        "actor_id": actor.id,
        "site_id": correction.site_id,
        "member_id": correction.member_id,
        "correction_id": correction.id,
    }
