"""A session was otherwise, or is missing: asked by its member, decided by somebody else.

A manager of the site decides, or a witness who was there that day. Shortening needs nobody.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from incubator.domain.commitments import checkin_rules, presence_policy
from incubator.domain.commitments import presence_changes as changes
from incubator.domain.commitments import presence_edits as edits
from incubator.domain.commitments.correction_models import Correction
from incubator.domain.commitments.presence_answers import own_session
from incubator.domain.commitments.presence_events import (
    CorrectionAsked,
)
from incubator.domain.commitments.presence_wishes import Wish, changed_words, check_wish
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.events import record

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor


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
        edits.apply(session, wish, why=why, actor_id=actor.id, now=now)
        return None
    asked = _asked(actor, wish, once=once, now=now)
    asked.subject_id, asked.site_id, asked.day = session.id, session.site_id, session.day
    # While somebody thinks about it, nobody is asked and nothing lapses.
    if asked.state == "asked" and session.state == "presumed":
        session.state = "disputed"
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
        state="asked",
        asked_by_id=actor.id,
        asked_at=now,
        witness_id=wish.witness_id,
        once=once,
    )


def _keep(correction: Correction, actor: Actor) -> Correction:
    if correction not in db.session:
        db.session.add(correction)
        db.session.flush()
        record(CorrectionAsked(**told(correction, actor)))
    return correction


def wish_of(correction: Correction) -> Wish:
    """What a correction proposes."""
    told = correction.proposal
    return Wish(
        started_at=datetime.fromisoformat(told["started_at"]),
        ended_at=datetime.fromisoformat(told["ended_at"]),
    )


def told(correction: Correction, actor: Actor) -> dict[str, Any]:
    """What every event about a correction says."""
    return {
        "actor_id": actor.id,
        "site_id": correction.site_id,
        "member_id": correction.member_id,
        "correction_id": correction.id,
    }
