"""Who is being welcomed, how far they are, and what is whose job."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from incubator.domain.membership import welcome_policy as policy
from incubator.domain.membership.welcome_models import Welcome, WelcomeTask
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.keyset import Cursor, Page, keyset_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from incubator.network.members.actor import Actor


class Progress(NamedTuple):
    """How far a welcome is; ``late`` counts what should have been done by now."""

    done: int
    total: int
    late: int

    @property
    def percent(self) -> int:
        """The part that is done, in hundredths."""
        return self.done * 100 // self.total if self.total else 100


NONE = Progress(0, 0, 0)


def ongoing_of(member_id: int) -> Welcome | None:
    """The welcome of a newcomer with its tasks, or None."""
    return db.session.scalar(
        _whole().where(Welcome.member_id == member_id, Welcome.ended_at.is_(None))
    )


def visible_to(actor: Actor, welcome_id: int) -> Welcome:
    """A welcome with its tasks; raise NotFound unless theirs, or at a site they run."""
    found = db.session.scalar(_whole().where(Welcome.id == welcome_id))
    if found is None or not policy.may_see(actor, found):
        raise NotFound("membership.welcome")
    return found


def listed(site_id: int, cursor: Cursor, *, ended: bool) -> Page[Welcome]:
    """Those being welcomed at a site, who came first first; or those who were, last first."""
    query = select(Welcome).where(Welcome.site_id == site_id).options(joinedload(Welcome.member))
    if ended:
        query = query.where(Welcome.ended_at.is_not(None))
        return keyset_page(query, (Welcome.ended_at, Welcome.id), cursor, newest_first=True)
    query = query.where(Welcome.ended_at.is_(None))
    return keyset_page(query, (Welcome.started_on, Welcome.id), cursor)


def progress_of(welcome_ids: Iterable[int], today: date) -> dict[int, Progress]:
    """How far these are, in one query."""
    late = and_(WelcomeTask.done_at.is_(None), WelcomeTask.due_on < today)
    rows = db.session.execute(
        select(
            WelcomeTask.welcome_id,
            func.count(WelcomeTask.done_at),
            func.count(),
            func.sum(case((late, 1), else_=0)),
        )
        .where(WelcomeTask.welcome_id.in_(sorted(welcome_ids)))
        .group_by(WelcomeTask.welcome_id)
    )
    return {row[0]: Progress(row[1], row[2], int(row[3] or 0)) for row in rows}


def of_tasks(tasks: Iterable[WelcomeTask], today: date) -> Progress:
    """How far a list of tasks is."""
    known = list(tasks)
    left = [task for task in known if task.done_at is None]
    late = sum(1 for task in left if task.due_on < today)
    return Progress(len(known) - len(left), len(known), late)


def waiting_for(actor: Actor, most: int) -> Sequence[WelcomeTask]:
    """What is the reader's job in the welcome of others, the most urgent first.

    What is any manager's job waits for the managers named in the grants of the site.
    """
    mine = WelcomeTask.person_id == actor.id
    if actor.managed_site_ids:
        here = Welcome.site_id.in_(sorted(actor.managed_site_ids))
        mine = or_(mine, and_(WelcomeTask.owner == "manager", here))
    return db.session.scalars(
        select(WelcomeTask)
        .join(WelcomeTask.welcome)
        .join(Welcome.member)
        .where(Welcome.ended_at.is_(None), WelcomeTask.done_at.is_(None), mine)
        .options(contains_eager(WelcomeTask.welcome).contains_eager(Welcome.member))
        .order_by(WelcomeTask.due_on, WelcomeTask.id)
        .limit(most)
    ).all()


def count_late(site_id: int, today: date) -> int:
    """How many tasks at a site should have been done by now."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(WelcomeTask)
            .join(Welcome, Welcome.id == WelcomeTask.welcome_id)
            .where(
                Welcome.site_id == site_id,
                Welcome.ended_at.is_(None),
                WelcomeTask.done_at.is_(None),
                WelcomeTask.due_on < today,
            )
        )
        or 0
    )


def _whole() -> Select[Welcome]:
    return select(Welcome).options(
        joinedload(Welcome.member),
        joinedload(Welcome.site),
        selectinload(Welcome.tasks).options(
            joinedload(WelcomeTask.person), joinedload(WelcomeTask.done_by)
        ),
    )
