"""When members get their digests, and until when nobody disturbs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import Refusal
from incubator.network.accounts.models import Account
from incubator.network.letters import pace_rules
from incubator.network.letters.models import DigestPace, Pause
from incubator.network.letters.pace_rules import Due, Pace, check, next_due

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from incubator.network.members.actor import Actor

LONGEST_DAYS = 366


def next_dues(rhythm: str, member_ids: Collection[int], *, now: datetime) -> dict[int, Due]:
    """When the next digest of each of these members is due, each in their own time zone."""
    if not member_ids:
        return {}
    rows = db.session.execute(
        select(Account.id, Account.time_zone, DigestPace)
        .outerjoin(DigestPace, DigestPace.member_id == Account.id)
        .where(Account.id.in_(sorted(member_ids)))
    )
    return {
        member_id: next_due(rhythm, now, pace=_pace(row), zone=zone)
        for member_id, zone, row in rows
    }


def _pace(row: DigestPace | None) -> Pace:
    return Pace(row.minutes, row.weekday) if row else pace_rules.USUAL


def pace_of(member_id: int) -> Pace:
    """What a member chose, or what is usual."""
    return _pace(db.session.get(DigestPace, member_id))


def choose_pace(actor: Actor, pace: Pace) -> Pace:
    """Let digests come then from now on; raise Refusal ``letters.pace``."""
    chosen = vars(check(pace))
    db.session.execute(delete(DigestPace).filter_by(member_id=actor.id))
    if pace != pace_rules.USUAL:
        insert_once(DigestPace, member_id=actor.id, **chosen)
    return pace


def pause(actor: Actor, until: datetime | None, *, now: datetime) -> None:
    """Let nothing come until an instant, or let it come again; raise Refusal ``letters.pause``.

    What cannot be refused, and changes of one's next slots, come all the same.
    """
    db.session.execute(delete(Pause).filter_by(member_id=actor.id))
    if until is None:
        return
    if not 0 < (until - now).total_seconds() <= LONGEST_DAYS * 86_400:
        raise Refusal("letters.pause", field="until")
    insert_once(Pause, member_id=actor.id, until=until)


def paused_until(member_id: int, *, now: datetime) -> datetime | None:
    """Until when nothing comes; None when it does."""
    until = db.session.scalar(select(Pause.until).where(Pause.member_id == member_id))
    return until if until and until > now else None


def pauses_of(member_ids: Collection[int]) -> dict[int, datetime]:
    """Until when nothing comes to those of some members who wished so once."""
    rows = select(Pause.member_id, Pause.until).where(Pause.member_id.in_(sorted(member_ids)))
    return dict(db.session.execute(rows).all())
