"""Letters about a week: those sent, those that wait for managers, those whose hour has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from incubator.domain.newsletter import policy
from incubator.domain.newsletter.models import Edition, Habit
from incubator.domain.newsletter.rules import TOO_LATE
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from incubator.domain.newsletter.rules import Week
    from incubator.network.members.actor import Actor

PAGE_SIZE = 20
MOST_DUE = 500
MOST_AT_A_DESK = 60


def visible_to(actor: Actor, edition_id: int) -> Edition:
    """An edition with its site and items; raise NotFound when it is not for them."""
    return _open(actor, Edition.id == edition_id)


def of_week(actor: Actor, slug: str, week: Week) -> Edition:
    """The edition of a site's address and a week; raise NotFound when it is not for them."""
    here = select(Site.id).where(Site.slug == slug).scalar_subquery()
    return _open(
        actor, Edition.site_id == here, Edition.year == week.year, Edition.week == week.number
    )


def _open(actor: Actor, *which: ColumnElement[bool]) -> Edition:
    found = db.session.scalar(with_items().where(*which))
    if found is None or not policy.may_read(actor, found):
        raise NotFound("newsletter.edition")
    return found


def with_items() -> Select[Edition]:
    """Editions with their site and all their items, in order."""
    return select(Edition).options(
        joinedload(Edition.site), joinedload(Edition.decided_by), selectinload(Edition.items)
    )


def archive(site_id: int | None, cursor: Cursor) -> Page[Edition]:
    """What was sent, by a site or by all of them, the last one first."""
    query = select(Edition).options(joinedload(Edition.site)).where(Edition.state == "sent")
    if site_id is not None:
        query = query.where(Edition.site_id == site_id)
    by = (Edition.decided_at, Edition.id)
    return keyset_page(query, by, cursor, newest_first=True)


def desk(actor: Actor) -> Sequence[Edition]:
    """Drafts, and the last letters, of the sites that somebody runs: the latest first."""
    mine = true() if actor.is_administrator else Edition.site_id.in_(actor.managed_site_ids)
    return db.session.scalars(
        select(Edition)
        .options(joinedload(Edition.site), joinedload(Edition.decided_by))
        .where(mine)
        .order_by(Edition.until_at.desc(), Edition.id.desc())
        .limit(MOST_AT_A_DESK)
    ).all()


def by_itself(site_ids: Collection[int]) -> dict[int, bool]:
    """Whether the letters of some sites leave by themselves."""
    rows = db.session.execute(
        select(Habit.site_id, Habit.by_itself).where(Habit.site_id.in_(site_ids))
    )
    return dict.fromkeys(site_ids, True) | dict(rows.all())


def for_first_page(actor: Actor, *, since: datetime) -> Sequence[Edition]:
    """What is new for a reader: the letter of their site, and drafts that wait for them."""
    mine = false() if not actor.managed_site_ids else Edition.site_id.in_(actor.managed_site_ids)
    return db.session.scalars(
        select(Edition)
        .options(joinedload(Edition.site))
        .where(
            or_(
                and_(
                    Edition.site_id == actor.home_site_id,
                    Edition.state == "sent",
                    Edition.decided_at >= since,
                ),
                and_(mine, Edition.state == "draft", Edition.drafted_at >= since),
            )
        )
        .order_by(Edition.until_at.desc(), Edition.id.desc())
        .limit(3)
    ).all()


def last_of(site_id: int) -> Edition | None:
    """The last edition of a site, whatever became of it."""
    return db.session.scalar(
        select(Edition)
        .where(Edition.site_id == site_id)
        .order_by(Edition.until_at.desc(), Edition.id.desc())
        .limit(1)
    )


def sites_with(week: Week) -> frozenset[int]:
    """The sites that have an edition for a week, whatever became of it."""
    query = select(Edition.site_id).where(Edition.year == week.year, Edition.week == week.number)
    return frozenset(db.session.scalars(query))


def due_to_leave(now: datetime) -> Sequence[int]:
    """Drafts whose hour has come, the first one first; who may stop them is asked one by one."""
    return db.session.scalars(
        select(Edition.id)
        .outerjoin(Habit, Habit.site_id == Edition.site_id)
        .where(
            Edition.state == "draft",
            Edition.leaves_at <= now,
            Edition.leaves_at > now - TOO_LATE,
            ~Edition.held,
            or_(Habit.site_id.is_(None), Habit.by_itself),
        )
        .order_by(Edition.leaves_at, Edition.id)
        .limit(MOST_DUE)
    ).all()
