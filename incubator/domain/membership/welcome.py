"""The welcome of a newcomer: begun by their arrival, ticked by whose job it is, or by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from incubator.domain.membership import welcome_policy as policy
from incubator.domain.membership.charters_queries import has_charter, has_signed_all
from incubator.domain.membership.welcome_events import WelcomeEnded, WelcomeStarted, WelcomeTicked
from incubator.domain.membership.welcome_models import Welcome, WelcomeItem, WelcomeTask
from incubator.domain.membership.welcome_rules import due_on
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed, NotFound
from incubator.kernel.events import record
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from incubator.network.members.actor import Actor


def sites_that_welcome(site_ids: Iterable[int]) -> frozenset[int]:
    """Those of some sites that have a checklist."""
    wanted = select(WelcomeItem.site_id).where(WelcomeItem.site_id.in_(set(site_ids))).distinct()
    return frozenset(db.session.scalars(wanted))


def start(member_id: int, site_id: int, *, now: datetime) -> Welcome | None:
    """Welcome a member at a site from today, by its checklist; None when it has none.

    The welcome at another site ends. Starting again changes nothing, so that several reasons
    to start may come together.
    """
    ongoing = _ongoing(member_id)
    if ongoing is not None and ongoing.site_id == site_id:
        return ongoing
    if ongoing is not None:
        _end(ongoing, complete=False, now=now)
    items = db.session.scalars(
        select(WelcomeItem)
        .where(WelcomeItem.site_id == site_id)
        .order_by(WelcomeItem.position, WelcomeItem.id)
    ).all()
    if not items:
        return None
    site = db.session.get_one(Site, site_id)
    today = now.astimezone(ZoneInfo(site.time_zone)).date()
    new = insert_once(Welcome, member_id=member_id, site_id=site_id, started_on=today)
    begun = _ongoing(member_id)
    if begun is None or not new:
        return begun
    _fill(begun, items)
    record(WelcomeStarted(actor_id=None, site_id=site_id, member_id=member_id, welcome_id=begun.id))
    charter_signed(member_id, now=now)
    return begun


def _fill(begun: Welcome, items: Iterable[WelcomeItem]) -> None:
    db.session.add_all(
        WelcomeTask(
            welcome_id=begun.id,
            kind=item.kind,
            label_fr=item.label_fr,
            label_en=item.label_en,
            owner=item.owner,
            person_id=item.person_id,
            due_on=due_on(begun.started_on, item.due_days),
            position=item.position,
        )
        for item in items
    )
    db.session.flush()


def stop(member_id: int, *, now: datetime) -> None:
    """End the welcome of somebody who leaves; nothing when there is none."""
    ongoing = _ongoing(member_id)
    if ongoing is not None:
        _end(ongoing, complete=False, now=now)


def tick(actor: Actor, task_id: int, *, done: bool, now: datetime) -> Welcome:
    """Say that a task is done, or after all not; saying it again changes nothing.

    Raise NotFound ``membership.task``, NotAllowed ``membership.not_your_task``.
    """
    task, welcome = _held(actor, task_id)
    if not policy.may_tick(actor, welcome, task):
        raise NotAllowed("membership.not_your_task")
    if bool(task.done_at) is done:
        return welcome
    task.done_at, task.done_by_id = (now, actor.id) if done else (None, None)
    _tell(actor, welcome, task, done=done)
    _settle(welcome, now=now)
    return welcome


def tick_by_itself(member_id: int, kind: str, *, now: datetime) -> None:
    """Tick the tasks of a kind of somebody who is being welcomed: the product saw them done."""
    welcome = _ongoing(member_id)
    if welcome is None:
        return
    tasks = db.session.scalars(
        select(WelcomeTask).where(
            WelcomeTask.welcome_id == welcome.id,
            WelcomeTask.kind == kind,
            WelcomeTask.done_at.is_(None),
        )
    ).all()
    for task in tasks:
        task.done_at = now
        _tell(None, welcome, task, done=True)
    if tasks:
        _settle(welcome, now=now)


def charter_signed(member_id: int, *, now: datetime) -> None:
    """Tick the charter of a newcomer who has signed all that apply to them."""
    welcome = _ongoing(member_id)
    if welcome and has_charter(welcome.site_id) and has_signed_all(member_id, welcome.site_id):
        tick_by_itself(member_id, "charter", now=now)


def _ongoing(member_id: int) -> Welcome | None:
    return db.session.scalar(
        select(Welcome)
        .where(Welcome.member_id == member_id, Welcome.ended_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _held(actor: Actor, task_id: int) -> tuple[WelcomeTask, Welcome]:
    """The task and its welcome, locked, for who may see one of them."""
    welcome_id = db.session.scalar(select(WelcomeTask.welcome_id).where(WelcomeTask.id == task_id))
    if welcome_id is None:
        raise NotFound("membership.task")
    welcome = db.session.get_one(Welcome, welcome_id, with_for_update=True, populate_existing=True)
    task = db.session.get_one(WelcomeTask, task_id, populate_existing=True)
    if not (policy.may_see(actor, welcome) or policy.may_tick(actor, welcome, task)):
        raise NotFound("membership.task")
    return task, welcome


def _settle(welcome: Welcome, *, now: datetime) -> None:
    """End a welcome when its last task is done; open it again when one is not after all."""
    db.session.flush()
    left = db.session.scalar(
        select(func.count())
        .select_from(WelcomeTask)
        .where(WelcomeTask.welcome_id == welcome.id, WelcomeTask.done_at.is_(None))
    )
    if not left and welcome.ended_at is None:
        _end(welcome, complete=True, now=now)
    elif left and welcome.ended_at is not None and _ongoing(welcome.member_id) is None:
        welcome.ended_at = None
        db.session.flush()


def _end(welcome: Welcome, *, complete: bool, now: datetime) -> None:
    welcome.ended_at = now
    db.session.flush()
    record(
        WelcomeEnded(
            actor_id=None,
            site_id=welcome.site_id,
            member_id=welcome.member_id,
            welcome_id=welcome.id,
            complete=complete,
        )
    )


def _tell(actor: Actor | None, welcome: Welcome, task: WelcomeTask, *, done: bool) -> None:
    record(
        WelcomeTicked(
            actor_id=actor.id if actor else None,
            site_id=welcome.site_id,
            member_id=welcome.member_id,
            welcome_id=welcome.id,
            task_id=task.id,
            kind=task.kind,
            done=done,
        )
    )
