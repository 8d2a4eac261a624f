"""The word of somebody else on a correction: yes, and the session reads so; no, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from incubator.domain.commitments import checkin_rules, presence_policy
from incubator.domain.commitments import presence_changes as changes
from incubator.domain.commitments import presence_edits as edits
from incubator.domain.commitments import rules as hours_rules
from incubator.domain.commitments.correction_models import Correction, waits_for_a_word
from incubator.domain.commitments.periods import period_on, rule_on
from incubator.domain.commitments.presence_corrections import told, wish_of
from incubator.domain.commitments.presence_events import CorrectionDecided, CorrectionWithdrawn
from incubator.domain.commitments.presence_models import Presence
from incubator.domain.commitments.presence_wishes import changed_words, check_wish
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor


def withdraw(actor: Actor, correction_id: int, *, now: datetime) -> Correction:
    """No longer ask; raise NotFound, or Refusal ``commitments.decided_before``."""
    correction = _held(actor, correction_id)
    if correction.asked_by_id != actor.id:
        raise NotAllowed("commitments.not_yours")
    if correction.state == "withdrawn":
        return correction
    _settle(correction, actor, "withdrawn", now=now)
    _ask_again(correction, now=now)
    record(CorrectionWithdrawn(**told(correction, actor)))
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
    record(CorrectionDecided(**told(correction, actor), accepted=accept))
    return correction


def _ask_again(correction: Correction, *, now: datetime) -> None:
    """What was to be settled by this correction is open again: its member is asked anew.

    Unless somebody still has to say yes or no to another correction of it.
    """
    session = db.session.get(Presence, correction.subject_id) if correction.subject_id else None
    waits = correction.subject_id and db.session.scalar(
        select(waits_for_a_word(correction.subject_id))
    )
    if session and session.state == "disputed" and not waits:
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


def _carry_out(correction: Correction, actor: Actor, *, now: datetime) -> None:
    wish, why = wish_of(correction), correction.reason or correction.why or "correction"
    site_id = correction.site_id
    if site_id is None:
        raise NotFound("sites.site")
    check_wish(correction.member_id, site_id, wish, but=correction.subject_id, now=now)
    if correction.subject_id is not None:
        session = changes.held(correction.subject_id)
        edits.apply(session, wish, why=why, actor_id=actor.id, now=now)
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
