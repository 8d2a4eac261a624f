"""The presence of a site as its managers see it: what waits for a word, who was there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import literal_column, select

from incubator.domain.commitments.correction_models import Correction
from incubator.domain.commitments.presence_models import Presence
from incubator.domain.commitments.presence_queries import waiting, whole
from incubator.kernel.db import db
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.network.members.audiences import visible_in_lists
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from incubator.network.members.actor import Actor

MOST_TO_SEE = 50
MOST_OPEN = 100
# Spelt out, so that SQLite sees that the partial indexes hold them.
_DOUBTFUL = Presence.state.in_([literal_column("'presumed'"), literal_column("'disputed'")])
_FLAGGED = Presence.flags != literal_column("''")


def to_decide(actor: Actor, site_id: int) -> Sequence[Correction]:
    """The corrections of a site that wait, their own left out, oldest first."""
    return waiting((Correction.site_id == site_id) & (Correction.member_id != actor.id))


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
        .options(*whole())
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
        .options(*whole())
        .order_by(Presence.started_at, Presence.id)
        .limit(MOST_OPEN)
    ).all()


def at_site(site_id: int, cursor: Cursor) -> Page[Presence]:
    """The ended sessions of a site, the last first."""
    query = (
        select(Presence)
        .where(Presence.site_id == site_id, Presence.ended_at.is_not(None))
        .options(*whole())
    )
    return keyset_page(query, (Presence.day, Presence.id), cursor, newest_first=True)
