"""Circles for tests, made by the commands that pages call."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from incubator.domain.circles import commands
from incubator.domain.circles.commands import Details
from incubator.kernel.db import transaction

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from incubator.network.members.circle_models import Circle
    from tests.factories import Make


def circle(make: Make, owner: Account, *members: Account, **more: Any) -> Circle:
    """A circle of its owner and some members."""
    details = Details(name=more.pop("name", "Export"), **more)
    with transaction():
        made = commands.make(make.actor(owner), details, once=uuid.uuid4().hex, now=make.now)
    for each in members:
        invited(make, owner, made, each)
        joined(make, each, made)
    return made


def invited(make: Make, owner: Account, made: Circle, who: Account) -> str:
    """An invitation; the state of the place."""
    with transaction():
        return commands.invite(make.actor(owner), made.id, who.id, now=make.now)


def joined(make: Make, who: Account, made: Circle) -> str:
    """Somebody asks to join or accepts; the state of the place."""
    with transaction():
        return commands.ask(make.actor(who), made.id, now=make.now)


def left(make: Make, who: Account, made: Circle) -> None:
    """Somebody goes out."""
    with transaction():
        commands.leave(make.actor(who), made.id)
