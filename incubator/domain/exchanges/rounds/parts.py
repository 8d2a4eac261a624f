"""Which firms take part in rounds: a standing word of who keeps them, taken back at any time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.exchanges.ledger import door
from incubator.domain.exchanges.rounds import answering, policy, switch
from incubator.domain.exchanges.rounds.events import NettingPartChanged
from incubator.domain.exchanges.rounds.models import NettingPart
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed
from incubator.kernel.events import record
from incubator.network.members.firm_queries import with_id

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from incubator.network.members.actor import Actor


def take_part(by: Actor, *, firm_id: int, now: datetime) -> bool:
    """Let a firm take part in rounds to come; whether that changed anything.

    Raise NotFound ``firms.firm``; NotAllowed ``rounds.keeper``; Refusal ``rounds.off``.
    """
    switch.check_on()
    _check(by, firm_id, now=now)
    values = {"firm_id": firm_id, "by_id": by.id, "at": now}
    if not insert_once(NettingPart, **values, ended_by_id=None, ended_at=None):
        return False
    _tell(by, firm_id, takes_part=True)
    return True


def take_no_part(by: Actor, *, firm_id: int, now: datetime) -> bool:
    """Let a firm take part no more, at once; what was executed stays. Raise as ``take_part``."""
    _check(by, firm_id, now=now)
    mine = select(NettingPart).where(NettingPart.firm_id == firm_id, NettingPart.ended_at.is_(None))
    part = db.session.scalar(mine.with_for_update())
    if part is None:
        return False
    part.ended_by_id, part.ended_at = by.id, now
    db.session.flush()
    _tell(by, firm_id, takes_part=False)
    answering.withdraw(by, firm_id=firm_id, now=now)
    return True


def among(firm_ids: Collection[int]) -> dict[int, NettingPart]:
    """Which of these firms take part, by number, and since when."""
    query = select(NettingPart).where(
        NettingPart.firm_id.in_(firm_ids), NettingPart.ended_at.is_(None)
    )
    return {part.firm_id: part for part in db.session.scalars(query)} if firm_ids else {}


def _check(by: Actor, firm_id: int, *, now: datetime) -> None:
    with_id(firm_id)
    (seat,) = door.seats(by, [firm_id], today=now.date())
    if not policy.may_let_in(by, seat):
        raise NotAllowed("rounds.keeper")


def _tell(by: Actor, firm_id: int, *, takes_part: bool) -> None:
    firm = with_id(firm_id)
    record(
        NettingPartChanged(
            actor_id=by.id, site_id=firm.site_id, firm_id=firm_id, takes_part=takes_part
        )
    )
