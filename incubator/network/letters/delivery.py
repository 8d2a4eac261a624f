"""When a letter may go, and to whom: every letter is asked about here when it is written and sent.

Switched off, it is not written, and one that waits is not sent. In quiet hours it is put off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from incubator.kernel.db import db, insert_once
from incubator.network.accounts.models import Account
from incubator.network.letters import paces, quiet_rules, wishes
from incubator.network.letters.kinds import MAIL, kind_named
from incubator.network.letters.models import QuietHours
from incubator.network.letters.quiet_rules import Hours, Quiet, check

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from incubator.network.members.actor import Actor


def dues(
    code: str, member_ids: Collection[int], *, at: datetime, channel: str = MAIL
) -> dict[int, datetime]:
    """When what could go ``at`` an instant by a channel may go to each of these members.

    Who does not want it, or has no account any more, is left out.
    """
    kind = kind_named(code)
    takers = wishes.wanting(code, member_ids, channel) if kind.optional else set(member_ids)
    if not kind.waits:
        return dict.fromkeys(takers, at)
    pauses = paces.pauses_of(takers) if kind.optional else {}
    return {
        member_id: quiet.after(max(at, pauses.get(member_id, at)))
        for member_id, quiet in quiets_of(takers).items()
    }


def quiets_of(member_ids: Collection[int]) -> dict[int, Quiet]:
    """The quiet hours of some members, each in their own time zone."""
    if not member_ids:
        return {}
    rows = db.session.execute(
        select(Account.id, Account.time_zone, QuietHours)
        .outerjoin(QuietHours, QuietHours.member_id == Account.id)
        .where(Account.id.in_(sorted(member_ids)))
    )
    return {member_id: Quiet(_hours(row), zone) for member_id, zone, row in rows}


def _hours(row: QuietHours | None) -> Hours:
    if row is None:
        return quiet_rules.USUAL
    return Hours(row.nights, row.starts, row.ends, row.weekends)


def quiet_hours_of(member_id: int) -> Hours:
    """What a member chose, or what is usual."""
    return quiets_of([member_id])[member_id].hours


def choose_quiet_hours(actor: Actor, hours: Hours) -> Hours:
    """Keep these from now on, for letters that wait too.

    Raise Refusal ``letters.quiet_time`` or ``letters.quiet_same``.
    """
    chosen = vars(check(hours))
    if hours == quiet_rules.USUAL:
        db.session.execute(delete(QuietHours).filter_by(member_id=actor.id))
        return hours
    if not insert_once(QuietHours, member_id=actor.id, **chosen):
        row = db.session.get_one(QuietHours, actor.id, with_for_update=True)
        for name, value in chosen.items():
            setattr(row, name, value)
        db.session.flush()
    return hours
