"""Pushes to devices: planned where something is raised, drawn anew when each of them goes.

The transport (reactions/push) calls ``connect`` with what writes its jobs, and asks ``drawn``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from flask_babel import force_locale
from sqlalchemy import select

from incubator.kernel.db import db
from incubator.kernel.jobs import NotYet
from incubator.network.accounts.queries import actor_of
from incubator.network.letters.delivery import dues
from incubator.network.letters.kinds import PUSH
from incubator.network.members.reader import values_of
from incubator.reactions.notifications.lines import lines_of
from incubator.reactions.notifications.models import Notification
from incubator.reactions.notifications.sights import BELL, MINE, READABLE_STILL
from incubator.reactions.notifications.words import WHATS

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from incubator.network.accounts.models import Account


@dataclass(frozen=True, kw_only=True)
class News:
    """What a push is about: a subject, and the ``cause`` that raised it."""

    area: str
    item_id: int
    cause: str


@dataclass(frozen=True, kw_only=True)
class Push:
    """What a device shows: drawn for its owner, now, in their language.

    ``kind`` is of network/letters; ``number`` is what their bell counts.
    """

    language: str
    title: str
    text: str
    kind: str
    number: int


class Planner(Protocol):
    """What lets news go to the devices of members, in the transaction of their cause."""

    def __call__(self, member_ids: Collection[int], news: News) -> None:
        """Once a cause, however often it is said."""


_planners: list[Planner] = []


def connect(planner: Planner) -> None:
    """Let pushes go this way; safe to repeat."""
    _planners[:] = [planner]


def plan(member_ids: Collection[int], news: News) -> None:
    """Let a push go to these members; nothing while no transport is connected."""
    for planner in _planners if member_ids else ():
        planner(member_ids, news)


def drawn(account: Account, news: News, *, now: datetime) -> Push | None:
    """What goes to a member now; None for what was read, hidden, muted, or is no longer wanted.

    Raise NotYet in their quiet hours and pauses.
    """
    actor = actor_of(account)
    query = select(Notification).where(
        MINE,
        READABLE_STILL,
        Notification.read_at.is_(None),
        Notification.area == news.area,
        Notification.item_id == news.item_id,
        Notification.cause == news.cause,
    )
    row = db.session.scalar(query.params(values_of(actor)))
    due = dues(row.kind, [actor.id], at=now, channel=PUSH).get(actor.id) if row else None
    if row is None or due is None:
        return None
    if due > now:
        raise NotYet(due)
    (line,) = lines_of(actor, [row])
    with force_locale(account.language):
        what = str(WHATS[row.what])
    return Push(
        language=account.language,
        title=line.title or what,
        text=", ".join((what, *line.names)) if line.title else ", ".join(line.names),
        kind=row.kind,
        number=BELL.of(actor),
    )
