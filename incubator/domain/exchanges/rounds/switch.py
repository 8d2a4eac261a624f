"""The switch of netting: off until an administrator has read what a lawyer must confirm."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.exchanges.rounds import policy
from incubator.domain.exchanges.rounds.events import NettingSwitched
from incubator.domain.exchanges.rounds.models import NettingSwitch
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.events import record
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor

MOST_TEXT, MOST_ACTS = 20_000, 200
_LAST = select(NettingSwitch.turned_on).order_by(NettingSwitch.id.desc()).limit(1)


def switch(by: Actor, *, turned_on: bool, text_read: str = "", now: datetime) -> bool:
    """Switch netting on or off; whether that changed anything.

    ``text_read`` is the very text that they were shown, kept with the act. Switched off, nothing
    is opened or executed. Raise NotAllowed ``rounds.run``; Refusal ``rounds.unread``.
    """
    if not policy.may_run(by):
        raise NotAllowed("rounds.run")
    text = text_read.strip()
    if turned_on and not 0 < len(text) <= MOST_TEXT:
        raise Refusal("rounds.unread", field="read")
    if is_on() == turned_on:
        return False
    db.session.add(NettingSwitch(turned_on=turned_on, text_read=text, by_id=by.id, at=now))
    db.session.flush()
    digest = hashlib.sha256(text.encode()).hexdigest()
    record(NettingSwitched(actor_id=by.id, turned_on=turned_on, text_sha256=digest))
    return True


def is_on() -> bool:
    """Whether netting is on."""
    return bool(db.session.scalar(_LAST))


def check_on() -> None:
    """Raise Refusal ``rounds.off`` while netting is off."""
    if not is_on():
        raise Refusal("rounds.off")


def history() -> Sequence[tuple[NettingSwitch, str]]:
    """Every act of the switch and who did it, the latest first."""
    query = (
        select(NettingSwitch, Member.name)
        .join(Member, Member.id == NettingSwitch.by_id)
        .order_by(NettingSwitch.id.desc())
        .limit(MOST_ACTS)
    )
    return [(act, name) for act, name in db.session.execute(query)]
