"""Members' own timelines: written with the log, read page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from incubator.kernel.db import db, insert_late
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.reactions.audit.own_models import OwnLine
from incubator.reactions.audit.own_rules import KIND_OF, Act, concerned, subject

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor


def lines_of(act: Act, at: datetime) -> list[dict[str, object]]:
    """The lines of an act, by their columns: one for each member it concerns."""
    about, about_id = subject(act)
    minutes = act.data.get("minutes")
    return [
        {
            "member_id": member_id,
            "at": at,
            "kind": KIND_OF[act.action],
            "action": act.action,
            "by_id": act.actor_id,
            "about": about,
            "about_id": about_id,
            "minutes": minutes if isinstance(minutes, int) else None,
        }
        for member_id in sorted(concerned(act))
    ]


def tell(act: Act, at: datetime) -> None:
    """Let those whom an act concerns find it in their timeline, in the caller's transaction."""
    for line in lines_of(act, at):
        insert_late(OwnLine, **line)


def own_lines(reader: Actor, kind: str, cursor: Cursor) -> Page[OwnLine]:
    """The reader's own timeline, the newest first; of one kind, or of all for «»."""
    query = select(OwnLine).where(OwnLine.member_id == reader.id)
    if kind:
        query = query.where(OwnLine.kind == kind)
    return keyset_page(query, (OwnLine.at, OwnLine.id), cursor, newest_first=True)


def forget(member_id: int) -> None:
    """Nobody reads the timeline of who is forgotten; the log itself stays."""
    db.session.execute(delete(OwnLine).where(OwnLine.member_id == member_id))
