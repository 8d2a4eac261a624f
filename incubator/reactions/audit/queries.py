"""Reading the log: administrators all of it, managers what concerns their sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from incubator.kernel.db import db
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.network.members.models import Member
from incubator.reactions.audit.models import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from incubator.network.members.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Which:
    """Which entries to read; an empty field does not choose. ``until`` is excluded.

    ``member_ids`` are those who did it or to whom it was done.
    """

    action: str = ""
    member_ids: frozenset[int] | None = None
    site_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def log_for(actor: Actor, which: Which, cursor: Cursor) -> Page[AuditEntry]:
    """Entries that ``actor`` may read, the newest first."""
    query = select(AuditEntry)
    if not actor.is_administrator:
        query = query.where(AuditEntry.site_id.in_(actor.managed_site_ids))
    if which.action:
        query = query.where(AuditEntry.action == which.action)
    if which.member_ids is not None:
        about = AuditEntry.member_id.in_(which.member_ids)
        query = query.where(or_(AuditEntry.actor_id.in_(which.member_ids), about))
    if which.site_id is not None:
        query = query.where(AuditEntry.site_id == which.site_id)
    if which.since is not None:
        query = query.where(AuditEntry.at >= which.since)
    if which.until is not None:
        query = query.where(AuditEntry.at < which.until)
    return keyset_page(query, (AuditEntry.at, AuditEntry.id), cursor, newest_first=True)


def people_in(entries: Iterable[AuditEntry]) -> dict[int, Member]:
    """The members whom entries name, by id."""
    return members_named(
        key for entry in entries for key in (entry.actor_id, entry.member_id) if key
    )


def members_named(member_ids: Iterable[int]) -> dict[int, Member]:
    """These members, by id, in one statement."""
    ids = set(member_ids)
    rows = db.session.scalars(select(Member).where(Member.id.in_(ids))) if ids else ()
    return {member.id: member for member in rows}
