"""Hours for tests, made by the commands that pages call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from incubator.domain.commitments import commands, pledges
from incubator.domain.commitments.ledger_models import Line
from incubator.kernel.db import db, transaction

if TYPE_CHECKING:
    from datetime import date

    from incubator.domain.commitments.models import Contribution
    from incubator.domain.commitments.promise_models import Pledge
    from incubator.network.accounts.models import Account
    from tests.factories import Make


def today(make: Make) -> date:
    """The civil day of the test in Paris."""
    return make.now.date()


def declared(make: Make, giver: Account, **more: Any) -> Contribution:
    """Hours of one member, three hours of reception today unless said otherwise."""
    values: dict[str, Any] = {"kind": "reception_desk", "day": today(make), "minutes": 180}
    receiver: Account | None = more.pop("receiver", None)
    if receiver is not None:
        values |= {"receiver_id": receiver.id, "kind": "help_thread"}
    with transaction():
        return commands.declare(make.actor(giver), **(values | {"now": make.now} | more))


def confirmed(make: Make, giver: Account, by: Account, **more: Any) -> Contribution:
    """Hours that somebody else confirmed."""
    made = declared(make, giver, **more)
    with transaction():
        return commands.confirm(make.actor(by), made.id, now=make.now)


def pledged(make: Make, member: Account, by: Account, **more: Any) -> Pledge:
    """A promise of twelve hours a month from the first day of this month."""
    values: dict[str, Any] = {"minutes_per_period": 720, "valid_from": today(make)}
    with transaction():
        return pledges.pledge(
            make.actor(by), member_id=member.id, **(values | {"now": make.now} | more)
        )


def lines(member: Account) -> list[tuple[str, int]]:
    """Kind and minutes of a member's lines, oldest first."""
    rows = db.session.scalars(select(Line).where(Line.member_id == member.id).order_by(Line.id))
    return [(line.kind, line.minutes) for line in rows]


def total(member: Account) -> int:
    """What a member's ledger sums to."""
    query = select(func.sum(Line.minutes)).where(Line.member_id == member.id)
    return int(db.session.scalar(query) or 0)
