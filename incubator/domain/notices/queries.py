"""Announcements that a reader may see, and who read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, true
from sqlalchemy.orm import joinedload

from incubator.domain.notices import policy
from incubator.domain.notices.models import Notice, NoticeRead
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor

PAGE_SIZE = 20
MOST_ON_A_PANEL = 5


def visible_to(actor: Actor, notice_id: int) -> Notice:
    """An announcement with its author and site; raise NotFound when it is not for them."""
    found = db.session.scalar(_whole().where(Notice.id == notice_id))
    if found is None or not policy.may_read(actor, found):
        raise NotFound("notices.notice")
    return found


def page_for(actor: Actor, cursor: Cursor) -> Page[Notice]:
    """What was announced to the reader's site and to the network, the newest first."""
    query = _whole().where(_meant_for(actor), Notice.withdrawn_at.is_(None))
    by = (Notice.published_at, Notice.id)
    return keyset_page(query, by, cursor, newest_first=True)


def unread_by(actor: Actor, now: datetime) -> Sequence[Notice]:
    """What is still worth reading and the reader has not read, the newest first."""
    read = exists().where(NoticeRead.notice_id == Notice.id, NoticeRead.member_id == actor.id)
    return _live(_meant_for(actor), now, ~read)


def live_at(site_id: int, now: datetime) -> Sequence[Notice]:
    """What a site has been told that is not over, the newest first."""
    return _live(Notice.site_id == site_id, now, true())


def published_between(site_id: int, start: datetime, end: datetime, *, most: int) -> list[int]:
    """What a site and the network were told in a span that still held at its end, in order."""
    return list(
        db.session.scalars(
            select(Notice.id)
            .where(
                or_(Notice.site_id == site_id, Notice.site_id.is_(None)),
                Notice.published_at >= start,
                Notice.published_at < end,
                Notice.expires_at > end,
                Notice.withdrawn_at.is_(None),
            )
            .order_by(Notice.published_at, Notice.id)
            .limit(most)
        )
    )


def among(actor: Actor, notice_ids: Collection[int]) -> Sequence[Notice]:
    """Those of some announcements that are meant for the reader and stand."""
    if not notice_ids:
        return []
    standing = _whole().where(Notice.id.in_(notice_ids), Notice.withdrawn_at.is_(None))
    return [each for each in db.session.scalars(standing) if policy.may_read(actor, each)]


def read_by(actor: Actor, notice_ids: Sequence[int]) -> frozenset[int]:
    """Which of these the reader has read."""
    return frozenset(
        db.session.scalars(
            select(NoticeRead.notice_id).where(
                NoticeRead.member_id == actor.id, NoticeRead.notice_id.in_(notice_ids)
            )
        )
    )


def readers_of(notice: Notice, cursor: Cursor) -> Page[NoticeRead]:
    """Who said that they read it, the last first."""
    query = (
        select(NoticeRead)
        .where(NoticeRead.notice_id == notice.id)
        .options(joinedload(NoticeRead.member))
    )
    by = (NoticeRead.read_at, NoticeRead.member_id)
    return keyset_page(query, by, cursor, newest_first=True)


def how_many_read(notice: Notice) -> int:
    """How many people read it."""
    counted = select(func.count()).select_from(NoticeRead).where(NoticeRead.notice_id == notice.id)
    return db.session.scalars(counted).one()


def not_yet_read(notice: Notice, cursor: Cursor) -> Page[Member]:
    """Active members for whom it is meant and who have not read it, by name."""
    read = exists().where(NoticeRead.notice_id == notice.id, NoticeRead.member_id == Member.id)
    query = select(Member).where(Member.active == true(), ~read, Member.id != notice.author_id)
    if notice.site_id is not None:
        query = query.where(Member.home_site_id == notice.site_id)
    return keyset_page(query, (Member.sort_name, Member.id), cursor)


def _live(where: ColumnElement[bool], now: datetime, more: ColumnElement[bool]) -> Sequence[Notice]:
    return db.session.scalars(
        _whole()
        .where(where, more, Notice.expires_at > now, Notice.withdrawn_at.is_(None))
        .order_by(Notice.published_at.desc(), Notice.id.desc())
        .limit(MOST_ON_A_PANEL)
    ).all()


def _meant_for(actor: Actor) -> ColumnElement[bool]:
    sites = {actor.home_site_id, *actor.managed_site_ids} - {None}
    return or_(Notice.site_id.is_(None), Notice.site_id.in_(sites))


def _whole() -> Select[Notice]:
    return select(Notice).options(joinedload(Notice.author), joinedload(Notice.site))
