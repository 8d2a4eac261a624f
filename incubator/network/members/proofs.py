"""Confirmed help by skill: what others said of a member's help, counted, never by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from incubator.kernel.db import db
from incubator.network.members.skill_models import Proof

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class Confirmed(NamedTuple):
    """How often help was confirmed, when last, and the minutes that somebody confirmed of it."""

    times: int
    last_at: datetime
    minutes: int = 0


def proofs_of(member_id: int) -> dict[int, Confirmed]:
    """The confirmed help of a member by skill id."""
    query = select(Proof).where(Proof.member_id == member_id)
    return {
        row.skill_id: Confirmed(row.count, row.last_at, row.minutes)
        for row in db.session.scalars(query)
    }


def set_proofs(member_id: int, confirmed: Mapping[int, Confirmed]) -> None:
    """Write what the records of help say of a member; the same again changes nothing."""
    query = select(Proof).where(Proof.member_id == member_id).with_for_update()
    stored = {row.skill_id: row for row in db.session.scalars(query)}
    for skill_id in stored.keys() - confirmed.keys():
        db.session.delete(stored[skill_id])
    for skill_id, (times, last_at, minutes) in confirmed.items():
        row = stored.get(skill_id) or Proof(member_id=member_id, skill_id=skill_id)
        row.count, row.last_at, row.minutes = times, last_at, minutes
        db.session.add(row)
    db.session.flush()
