"""What is known of presence: one's own sessions, and what a manager has to decide."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incubator.domain.commitments import presence_policy
from incubator.domain.commitments.correction_models import Correction
from incubator.domain.commitments.presence_models import Presence, PresenceRevision
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm.interfaces import ORMOption

    from incubator.domain.commitments.rules import Span
    from incubator.network.members.actor import Actor

MOST_DOUBTFUL = 20
LATELY = timedelta(days=62)
MOST_CORRECTIONS = 50


def whole() -> tuple[ORMOption, ...]:
    """A session comes with its member and its site."""
    return joinedload(Presence.member), joinedload(Presence.site)


def current(member_id: int) -> Presence | None:
    """The session of a member that has no end, with its site."""
    return db.session.scalar(
        select(Presence)
        .where(Presence.member_id == member_id, Presence.ended_at.is_(None))
        .options(joinedload(Presence.site))
    )


def unanswered(member_id: int, now: datetime) -> Sequence[Presence]:
    """The latest sessions of a member whose end nobody knows, oldest first."""
    return db.session.scalars(
        select(Presence)
        .where(
            Presence.member_id == member_id,
            # Later they are settled; without this, the whole past would be looked through.
            Presence.started_at > now - LATELY,
            Presence.state == "presumed",
        )
        .options(joinedload(Presence.site))
        .order_by(Presence.started_at)
        .limit(MOST_DOUBTFUL)
    ).all()


def sessions_of(member_id: int, cursor: Cursor) -> Page[Presence]:
    """The sessions of a member, the last first."""
    query = select(Presence).where(Presence.member_id == member_id).options(*whole())
    return keyset_page(query, (Presence.started_at, Presence.id), cursor, newest_first=True)


def sessions_in(member_id: int, span: Span, *, most: int) -> Sequence[Presence]:
    """The last sessions of a member in a span, the last first."""
    return db.session.scalars(
        select(Presence)
        .where(
            Presence.member_id == member_id,
            Presence.day >= span.starts_on,
            Presence.day < span.ends_on,
            Presence.state != "void",
        )
        .options(joinedload(Presence.site))
        .order_by(Presence.started_at.desc(), Presence.id.desc())
        .limit(most)
    ).all()


def sessions_between(
    member_id: int, since: datetime, until: datetime, *, most: int
) -> Sequence[Presence]:
    """The sessions of a member that begin between two instants, the first first."""
    return db.session.scalars(
        select(Presence)
        .where(
            Presence.member_id == member_id,
            Presence.started_at >= since,
            Presence.started_at < until,
            Presence.state != "void",
        )
        .order_by(Presence.started_at, Presence.id)
        .limit(most)
    ).all()


def visible_to(actor: Actor, session_id: int) -> Presence:
    """A session with its people; NotFound when it is none of this person's business."""
    found = db.session.scalar(select(Presence).where(Presence.id == session_id).options(*whole()))
    if found is None or not presence_policy.may_see(actor, found, found.member.home_site_id):
        raise NotFound("commitments.session")
    return found


def visible_or_none(actor: Actor, session_id: int | None) -> Presence | None:
    """A session with its people for who may see it; None without one, or for others."""
    try:
        return visible_to(actor, session_id) if session_id else None
    except NotFound:
        return None


def name_of(member_id: int | None) -> str:
    """The name of a member; empty without one."""
    member = db.session.get(Member, member_id) if member_id else None
    return member.name if member else ""


def revisions_of(session_id: int) -> Sequence[PresenceRevision]:
    """What a session was before each change, oldest first."""
    return db.session.scalars(
        select(PresenceRevision)
        .where(PresenceRevision.session_id == session_id)
        .order_by(PresenceRevision.rev)
    ).all()


def corrections_of(member_id: int) -> Sequence[Correction]:
    """What a member asked to have corrected, the last first."""
    return db.session.scalars(
        select(Correction)
        .where(Correction.member_id == member_id, Correction.subject == "session")
        .order_by(Correction.asked_at.desc(), Correction.id.desc())
        .limit(MOST_CORRECTIONS)
    ).all()


def to_witness(actor: Actor) -> Sequence[Correction]:
    """What waits for this person's word, who was there."""
    return waiting(Correction.witness_id == actor.id)


def waiting(whose: ColumnElement[bool]) -> Sequence[Correction]:
    """The corrections of some that wait, oldest first."""
    return db.session.scalars(
        select(Correction)
        .where(Correction.state == "asked", Correction.subject == "session", whose)
        .options(joinedload(Correction.member))
        .order_by(Correction.asked_at, Correction.id)
        .limit(MOST_CORRECTIONS)
    ).all()


def correction_for(actor: Actor, correction_id: int) -> Correction:
    """A correction with its member; NotFound when it is none of this person's business."""
    found = db.session.scalar(
        select(Correction)
        .where(Correction.id == correction_id, Correction.subject == "session")
        .options(joinedload(Correction.member))
    )
    if found is None or not presence_policy.may_see_correction(actor, found):
        raise NotFound("commitments.correction")
    return found
