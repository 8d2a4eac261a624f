"""Leaves, transfers, exits and doubles for tests, made by the commands that pages call."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from incubator.domain.membership import life_acts, life_tick
from incubator.kernel.db import as_of, transaction
from incubator.network.accounts import merging

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.membership.life_models import Process
    from incubator.network.accounts.models import Account
    from tests.factories import Make


def wish(make: Make, member: Account, kind: str, **more: Any) -> life_acts.Wish:
    """Something asked for, from in ten days on; a leave lasts ten days."""
    values: dict[str, Any] = {"starts_on": make.now.date() + timedelta(days=10)} | more
    if kind == "leave":
        values.setdefault("ends_on", values["starts_on"] + timedelta(days=10))
    return life_acts.Wish(kind=kind, member_id=member.id, **values)


def asked(
    make: Make, member: Account, kind: str, *, by: Account | None = None, **more: Any
) -> Process:
    """A process asked for by the member, or by somebody for them."""
    once = more.pop("once", uuid4().hex)
    with transaction():
        return life_acts.ask(
            make.actor(by or member), wish(make, member, kind, **more), once=once, now=make.now
        )


def agreed(make: Make, process: Process, by: Account) -> Process:
    """A process that somebody said yes to."""
    with transaction():
        return life_acts.agree(make.actor(by), process.id, now=make.now)


def ticked(now: datetime) -> int:
    """What the calendar owes at an instant."""
    with as_of(now):
        return life_tick.tick(now)


def merged(make: Make, by: Account, kept: Account, gone: Account) -> None:
    """Two members who are one person."""
    with transaction():
        merging.merge(make.actor(by), kept_id=kept.id, gone_id=gone.id, now=make.now)
