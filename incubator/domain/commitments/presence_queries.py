"""What is known of presence: one's own sessions, and what a manager has to decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import literal_column, select
from sqlalchemy.orm import joinedload

from incubator.domain.commitments import presence_policy
from incubator.domain.commitments.correction_models import Correction
from incubator.domain.commitments.presence_models import Presence, PresenceRevision
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.network.members.audiences import visible_in_lists
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm.interfaces import ORMOption

    from incubator.domain.commitments.rules import Span
    from incubator.network.members.actor import Actor

MOST_DOUBTFUL = 20
MOST_TO_SEE = 50
# Spelt out, so that SQLite sees that the partial indexes hold them.
_DOUBTFUL = Presence.state.in_([literal_column("'presumed'"), literal_column("'disputed'")])
_FLAGGED = Presence.flags != literal_column("''")
MOST_OPEN = 100
MOST_CORRECTIONS = 50


def _whole() -> tuple[ORMOption, ...]:
    return joinedload(Presence.member), joinedload(Presence.site)


def current(member_id: int) -> Presence | None:
    """The session of a member that has no end, with its site."""
    return db.session.scalar(
        select(Presence)
        .where(Presence.member_id == member_id, Presence.ended_at.is_(None))
        .options(joinedload(Presence.site))
    )


def unanswered(member_id: int) -> Sequence[Presence]:
    """The sessions of a member whose end nobody knows, oldest first."""
    return db.session.scalars(
        select(Presence)
        .where(Presence.member_id == member_id, Presence.state == "presumed")
        .options(joinedload(Presence.site))
        .order_by(Presence.started_at)
        .limit(MOST_DOUBTFUL)
    ).all()


def sessions_of(member_id: int, cursor: Cursor) -> Page[Presence]:
    """The sessions of a member, the last first."""
    query = select(Presence).where(Presence.member_id == member_id).options(*_whole())
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


def visible_to(actor: Actor, session_id: int) -> Presence:
    """A session with its people; NotFound when it is none of this person's business."""
    found = db.session.scalar(select(Presence).where(Presence.id == session_id).options(*_whole()))
    if found is None or not presence_policy.may_see(actor, found, found.member.home_site_id):
        raise NotFound("commitments.session")
    return found


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
    return _waiting(Correction.witness_id == actor.id)


def to_decide(actor: Actor, site_id: int) -> Sequence[Correction]:
    """The corrections of a site that wait, their own left out, oldest first."""
    return _waiting((Correction.site_id == site_id) & (Correction.member_id != actor.id))


def _waiting(whose: ColumnElement[bool]) -> Sequence[Correction]:
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


def doubtful_at(actor: Actor, site_id: int) -> Sequence[Presence]:
    """The sessions of a site that wait for a word, the reader's own left out, oldest first."""
    return _to_look_at(actor, site_id, _DOUBTFUL)


def flagged_at(actor: Actor, site_id: int) -> Sequence[Presence]:
    """The settled sessions of a site that are marked for a manager's eyes, oldest first."""
    return _to_look_at(actor, site_id, _FLAGGED & Presence.state.in_(("closed", "counted")))


def _to_look_at(actor: Actor, site_id: int, which: ColumnElement[bool]) -> Sequence[Presence]:
    return db.session.scalars(
        select(Presence)
        .where(Presence.site_id == site_id, Presence.member_id != actor.id, which)
        .options(*_whole())
        .order_by(Presence.started_at, Presence.id)
        .limit(MOST_TO_SEE)
    ).all()


def open_at(actor: Actor, site_id: int) -> Sequence[Presence]:
    """Who is in at a site and lets this manager know, the first to come first."""
    return db.session.scalars(
        select(Presence)
        .join(Member, Member.id == Presence.member_id)
        .where(
            Presence.site_id == site_id,
            Presence.ended_at.is_(None),
            visible_in_lists(actor, "presence"),
        )
        .options(*_whole())
        .order_by(Presence.started_at, Presence.id)
        .limit(MOST_OPEN)
    ).all()


def at_site(site_id: int, cursor: Cursor) -> Page[Presence]:
    """The ended sessions of a site, the last first."""
    query = (
        select(Presence)
        .where(Presence.site_id == site_id, Presence.ended_at.is_not(None))
        .options(*_whole())
    )
    return keyset_page(query, (Presence.day, Presence.id), cursor, newest_first=True)
