"""A member's notifications: the list, and what they do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, CursorResult, and_, select, update

from incubator.domain.help import bumps
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.events import record
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.network.members.reader import values_of
from incubator.reactions.notifications.events import NotificationsMoved
from incubator.reactions.notifications.models import Notification
from incubator.reactions.notifications.sights import READABLE_STILL, UNREAD, VISIBLE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Select, Update

    from incubator.network.members.actor import Actor

PAGE_SIZE: Final = 30
_BY = (Notification.raised_at, Notification.area, Notification.item_id)


def page_for(actor: Actor, cursor: Cursor, *, unread: bool) -> Page[Notification]:
    """What the reader was told and may still read, the newest first; on demand the unread ones."""
    query = select(Notification).where(UNREAD if unread else VISIBLE)
    return keyset_page(query.params(values_of(actor)), _BY, cursor, newest_first=True)


def visible_to(actor: Actor, area: str, item_id: int) -> Notification:
    """One notification of the reader; raise NotFound ``notifications.one``."""
    return _found(actor, VISIBLE, *_one(area, item_id))


def told_to(actor: Actor, area: str, item_id: int) -> Notification:
    """One that they were told by any way, be it pushed only, put away or muted since.

    Raise NotFound ``notifications.one``, also for what they may read no longer.
    """
    mine = Notification.member_id == actor.id
    return _found(actor, mine, READABLE_STILL, *_one(area, item_id))


def _found(actor: Actor, *conditions: ColumnElement[bool]) -> Notification:
    query = select(Notification).where(*conditions)
    found = db.session.scalar(query.params(values_of(actor)))
    if found is None:
        raise NotFound("notifications.one")
    return found


def see(actor: Actor, rows: Sequence[Notification], *, now: datetime) -> None:
    """A page of the list stood before their eyes: no digest need tell what it held."""
    span = Notification.raised_at.between(rows[-1].raised_at, rows[0].raised_at)
    seen = update(Notification).where(span, Notification.seen_at.is_(None)).values(seen_at=now)
    _change(actor, seen, quiet=True)


def read(actor: Actor, area: str, item_id: int | None, *, now: datetime) -> None:
    """One subject is read, or without ``item_id`` all of an area; again changes nothing."""
    _change(actor, _reads(now).where(*_one(area, item_id)))


def mark_read(actor: Actor, area: str, item_id: int, *, now: datetime) -> None:
    """Without opening it, one says that one knows: a thread then has no news anywhere."""
    read(actor, area, item_id, now=now)
    bumps.mark(actor.id, _threads(actor, *_one(area, item_id)), now=now)


def read_all(actor: Actor, *, until: datetime, now: datetime) -> int:
    """Everything up to an instant is read; how many that were. ``now`` is the key to undo it."""
    many = _change(actor, _reads(now).where(Notification.raised_at <= until))
    bumps.mark(actor.id, _threads(actor, Notification.read_at == now), now=now)
    return many


def _threads(actor: Actor, *which: ColumnElement[bool]) -> Select[int]:
    """The threads among some subjects of the reader."""
    mine = (Notification.member_id == actor.id, Notification.area == "thread")
    return select(Notification.item_id).where(*mine, *which)


def _reads(now: datetime) -> Update:
    return update(Notification).where(Notification.read_at.is_(None)).values(read_at=now)


def unread(actor: Actor, area: str, item_id: int) -> None:
    """One subject waits to be read again."""
    _change(actor, update(Notification).where(*_one(area, item_id)).values(read_at=None))
    bumps.unmark(actor.id, question_ids=_threads(actor, *_one(area, item_id)))


def undo_reading(actor: Actor, *, at: datetime) -> None:
    """What was read by one act, at that instant, is unread again; what came since stays new."""
    _change(actor, update(Notification).where(Notification.read_at == at).values(read_at=None))
    bumps.unmark(actor.id, at=at)


def archive(actor: Actor, area: str, item_id: int, *, now: datetime) -> None:
    """Put one away until something new comes; raise NotFound ``notifications.one``."""
    visible_to(actor, area, item_id)
    _change(actor, update(Notification).where(*_one(area, item_id)).values(archived_at=now))


def bring_back(actor: Actor, area: str, item_id: int) -> None:
    """Take one that was put away back to the list."""
    _change(actor, update(Notification).where(*_one(area, item_id)).values(archived_at=None))


def mute(actor: Actor, area: str, item_id: int) -> None:
    """Hear no more of a subject, by any channel; raise NotFound ``notifications.one``."""
    visible_to(actor, area, item_id)
    _change(actor, update(Notification).where(*_one(area, item_id)).values(muted=True))


def unmute(actor: Actor, area: str, item_id: int) -> None:
    """Hear of a subject again."""
    _change(actor, update(Notification).where(*_one(area, item_id)).values(muted=False))


def read_before(instant: datetime) -> None:
    """Everybody has read what was raised before an instant."""
    old = update(Notification).where(Notification.raised_at < instant)
    read_then = old.where(Notification.read_at.is_(None)).values(read_at=Notification.raised_at)
    db.session.execute(read_then.execution_options(synchronize_session=False))


def muted_for(actor: Actor, *, most: int = 50) -> list[Notification]:
    """The subjects that the reader has muted, the latest first."""
    mine = and_(Notification.member_id == actor.id, Notification.muted)
    query = select(Notification).where(mine, READABLE_STILL).params(values_of(actor))
    return list(db.session.scalars(query.order_by(Notification.raised_at.desc()).limit(most)))


def waits(actor: Actor, area: str, item_id: int | None) -> bool:
    """Whether a subject, or without ``item_id`` any of an area, has news they have not read."""
    mine = and_(Notification.member_id == actor.id, Notification.read_at.is_(None))
    query = select(Notification.item_id).where(mine, *_one(area, item_id)).limit(1)
    return db.session.scalar(query) is not None


def _one(area: str, item_id: int | None) -> tuple[ColumnElement[bool], ...]:
    here = (Notification.area == area,)
    return here if item_id is None else (*here, Notification.item_id == item_id)


def _change(actor: Actor, change: Update, *, quiet: bool = False) -> int:
    """Change rows of theirs, and let their other pages know; how many they were."""
    mine = change.where(Notification.member_id == actor.id)
    done = db.session.execute(mine.execution_options(synchronize_session=False))
    number = done.rowcount if isinstance(done, CursorResult) else 0
    if number and not quiet:
        record(NotificationsMoved(actor_id=actor.id, member_ids=(actor.id,)))
    return number
