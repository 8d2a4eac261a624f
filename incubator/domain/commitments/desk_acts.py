"""What a manager does on the page of the five minutes, beside the acts of each list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.commitments import desk, policy, presence_edits, presence_policy
from incubator.domain.commitments import presence_changes as changes
from incubator.domain.commitments.models import Contribution
from incubator.domain.commitments.oversight_events import FlagsLifted
from incubator.domain.commitments.presence_wishes import Wish
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.commitments.presence_models import Presence
    from incubator.network.members.actor import Actor


def accept_session(actor: Actor, session_id: int, *, now: datetime) -> Presence:
    """Let a presumed session count until the end that is proven, or a marked one as it stands.

    Raise Refusal ``commitments.end_unproven`` where nothing speaks for an end; else as
    ``presence_edits.change``.
    """
    session = changes.held(session_id)
    if not presence_policy.may_change(actor, session):
        raise NotAllowed("commitments.not_yours_to_correct")
    end = desk.proven_end(session) if session.state == "presumed" else session.ended_at
    if end is None or session.state in {"open", "disputed"}:
        raise Refusal("commitments.end_unproven")
    wish = Wish(started_at=session.started_at, ended_at=end, why="confirmed")
    return presence_edits.change(actor, session_id, wish, now=now)


def lift_flags(actor: Actor, contribution_id: int) -> Contribution:
    """Say that marked help was looked at and is as it should be; twice changes nothing.

    Raise NotFound, or NotAllowed ``commitments.not_yours_to_decide`` for one's own.
    """
    found = db.session.get(Contribution, contribution_id, with_for_update=True)
    if found is None or not policy.may_see(actor, found):
        raise NotFound("commitments.contribution")
    if actor.id in (found.giver_id, found.helped_id) or not actor.manages(found.home_site_id):
        raise NotAllowed("commitments.not_yours_to_decide")
    if not found.flags:
        return found
    flags, found.flags = found.flags, ""
    db.session.flush()
    record(
        FlagsLifted(
            actor_id=actor.id,
            site_id=found.home_site_id,
            contribution_id=found.id,
            member_id=found.giver_id,
            flags=flags,
        )
    )
    return found
