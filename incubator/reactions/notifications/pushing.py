"""Pushes to devices: planned when something is raised, drawn when they go, handed to one port.

Whoever builds the transport calls ``connect`` once with what delivers a ``Push``, and adds ``PUSH``
to ``OFFERED`` in network/letters/kinds.py, so that members may choose it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from flask_babel import force_locale
from sqlalchemy import select

from incubator.kernel.db import db, end_read, utcnow
from incubator.kernel.jobs import NotYet, job, later
from incubator.network.accounts.queries import account_of, actor_of
from incubator.network.letters.delivery import dues
from incubator.network.letters.kinds import PUSH
from incubator.network.members.reader import values_of
from incubator.reactions.notifications.lines import lines_of
from incubator.reactions.notifications.models import Notification
from incubator.reactions.notifications.sights import BELL, MINE, READABLE_STILL
from incubator.reactions.notifications.words import WHATS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from incubator.network.accounts.models import Account

SEND: Final = "notifications.push"


@dataclass(frozen=True, kw_only=True)
class Push:
    """What one member's devices show: drawn for them, now, in their language.

    ``area`` and ``item_id`` say where it leads (the page notifications.show); a later push of the
    same pair replaces it. ``number`` is what their bell counts.
    """

    member_id: int
    language: str
    title: str
    text: str
    area: str
    item_id: int
    number: int


class Port(Protocol):
    """What takes pushes away; it forgets by itself the devices that are gone."""

    def deliver(self, push: Push) -> None:
        """Hand it to every device of the member, or raise: it is tried again, whole."""


_ports: list[Port] = []


def connect(port: Port) -> None:
    """Let pushes go by this port; safe to repeat."""
    _ports[:] = [port]


def plan(member_ids: Iterable[int], area: str, item_id: int, *, cause: str) -> None:
    """Let a push go to these members, once a cause; nothing while no port is connected."""
    for member_id in sorted(member_ids) if _ports else ():
        what = {"member_id": member_id, "area": area, "item_id": item_id, "cause": cause}
        later(SEND, what, key=f"{SEND}:{member_id}:{area}:{item_id}:{cause}")


@job(SEND)
def send(payload: Mapping[str, Any]) -> None:
    """Hand one push over, if it is still new and for its reader's eyes; later in quiet hours."""
    account = account_of(int(payload["member_id"]))
    push = _drawn(account, payload) if account and not account.deactivated_at else None
    end_read()
    if push is not None:
        for port in _ports:
            port.deliver(push)


def _drawn(account: Account, payload: Mapping[str, Any]) -> Push | None:
    actor, now = actor_of(account), utcnow()
    query = select(Notification).where(
        MINE,
        READABLE_STILL,
        Notification.read_at.is_(None),
        Notification.area == payload["area"],
        Notification.item_id == payload["item_id"],
        Notification.cause == payload["cause"],
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
        member_id=actor.id,
        language=account.language,
        title=line.title or what,
        text=", ".join((what, *line.names)) if line.title else ", ".join(line.names),
        area=row.area,
        item_id=row.item_id,
        number=BELL.of(actor),
    )
