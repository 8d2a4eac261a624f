"""Taking hold of processes and of the people they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from incubator.domain.membership import life_policy as policy
from incubator.domain.membership.life_models import Process
from incubator.domain.membership.processes import LIVE
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.network.accounts.models import Account
from incubator.network.accounts.queries import account_of, actor_of
from incubator.network.members.models import Member
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from incubator.network.members.actor import Actor


def locked_person(member_id: int) -> Actor:
    """An active member as an actor, their row held until the end of the transaction.

    Raise NotFound ``membership.member``.
    """
    member = hold(member_id)
    if member is None or not member.active:
        raise NotFound("membership.member")
    return person_of(member_id)


def hold(member_id: int) -> Member | None:
    """A member's row, held first by everybody who touches their processes."""
    return db.session.scalar(
        select(Member)
        .where(Member.id == member_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def person_of(member_id: int) -> Actor:
    """A member as an actor; raise NotFound ``membership.member`` for one without an account."""
    account = account_of(member_id)
    if account is None:
        raise NotFound("membership.member")
    return actor_of(account)


def locked(process_id: int) -> Process:
    """A process held until the end of the transaction; raise NotFound ``membership.process``."""
    found = db.session.scalar(
        select(Process)
        .where(Process.id == process_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("membership.process")
    return found


def locked_for(actor: Actor, process_id: int) -> Process:
    """The same for somebody who may see it, its member's row held first.

    Raise NotFound ``membership.process``.
    """
    member_id = db.session.scalar(select(Process.member_id).where(Process.id == process_id))
    if member_id is None:
        raise NotFound("membership.process")
    hold(member_id)
    process = locked(process_id)
    if not policy.may_see(actor, process):
        raise NotFound("membership.process")
    return process


def live_of(member_id: int) -> Sequence[Process]:
    """What lives of a member, oldest first."""
    return db.session.scalars(
        select(Process)
        .where(Process.member_id == member_id, Process.state.in_(LIVE))
        .order_by(Process.id)
    ).all()


def today_of(member_id: int, now: datetime) -> date:
    """The day it is at a member's home site; in their own zone when they have no home."""
    zone = db.session.scalar(
        select(Site.time_zone)
        .join(Member, Member.home_site_id == Site.id)
        .where(Member.id == member_id)
    )
    zone = zone or db.session.scalar(select(Account.time_zone).where(Account.id == member_id))
    return now.astimezone(ZoneInfo(zone or "UTC")).date()


def told(process: Process, by: Actor | None) -> dict[str, Any]:
    """What every event of a process says."""
    return {
        "actor_id": by.id if by else None,
        "site_id": process.from_site_id,
        "member_id": process.member_id,
        "process_id": process.id,
        "kind": process.kind,
    }
