"""Reading the log: administrators all of it, managers what concerns their sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, or_, select

from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.events import record
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.network.members.models import Member
from incubator.reactions.audit.events import LogExported
from incubator.reactions.audit.models import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from incubator.network.members.actor import Actor

# More is a period too long: whoever needs it asks for its parts.
MOST_EXPORTED = 20_000


@dataclass(frozen=True, kw_only=True)
class Which:
    """Which entries to read; an empty field does not choose. ``until`` is excluded.

    ``member_ids`` are those who did it («by»), to whom it was done («on»), or either («»).
    """

    action: str = ""
    member_ids: frozenset[int] | None = None
    part: str = ""
    site_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def log_for(actor: Actor, which: Which, cursor: Cursor) -> Page[AuditEntry]:
    """Entries that ``actor`` may read, the newest first."""
    by = (AuditEntry.at, AuditEntry.id)
    return keyset_page(_chosen(actor, which), by, cursor, newest_first=True)


def entry_for(actor: Actor, entry_id: int) -> AuditEntry:
    """One entry; raise NotFound ``admin.entry`` for one that ``actor`` may not read."""
    found = db.session.scalar(_readable(actor).where(AuditEntry.id == entry_id))
    if found is None:
        raise NotFound("admin.entry")
    return found


def export_for(actor: Actor, which: Which, *, kind: str) -> list[AuditEntry]:
    """At most ``MOST_EXPORTED`` entries for a file, the newest first; the log tells who took it."""
    newest = _chosen(actor, which).order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    rows = list(db.session.scalars(newest.limit(MOST_EXPORTED)))
    home = which.site_id or next(iter(sorted(actor.managed_site_ids)), None)
    site_id = which.site_id if actor.is_administrator else home
    record(LogExported(actor_id=actor.id, site_id=site_id, how_many=len(rows), kind=kind))
    return rows


def _readable(actor: Actor) -> Select[AuditEntry]:
    query = select(AuditEntry)
    if actor.is_administrator:
        return query
    return query.where(AuditEntry.site_id.in_(actor.managed_site_ids))


def _people(which: Which) -> ColumnElement[bool]:
    members = which.member_ids or frozenset()
    did, had = AuditEntry.actor_id.in_(members), AuditEntry.member_id.in_(members)
    return {"by": did, "on": had}.get(which.part, or_(did, had))


def _chosen(actor: Actor, which: Which) -> Select[AuditEntry]:
    query = _readable(actor)
    if which.action:
        query = query.where(AuditEntry.action == which.action)
    if which.member_ids is not None:
        query = query.where(_people(which))
    if which.site_id is not None:
        query = query.where(AuditEntry.site_id == which.site_id)
    if which.since is not None:
        query = query.where(AuditEntry.at >= which.since)
    if which.until is not None:
        query = query.where(AuditEntry.at < which.until)
    return query


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
