"""Months of past hours for the demo network, written by the commands that people use."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from incubator.domain.commitments import commands

if TYPE_CHECKING:
    from datetime import date

    from incubator.domain.commitments.models import Contribution
    from incubator.network.members.actor import Actor

EVENING = time(19, 0, tzinfo=UTC)


def record_past(
    giver: Actor,
    decider: Actor | None,
    *,
    kind: str,
    day: date,
    minutes: int,
    receiver_id: int | None = None,
    note: str = "",
) -> Contribution:
    """Declare on the evening of ``day`` and let ``decider`` confirm the day after.

    Without a decider the hours stay waiting. Raise what ``declare`` and ``confirm`` raise.
    """
    evening = datetime.combine(day, EVENING)
    made = commands.declare(
        giver,
        kind=kind,
        day=day,
        minutes=minutes,
        receiver_id=receiver_id,
        note=note,
        now=evening,
    )
    if decider is not None:
        commands.confirm(decider, made.id, now=evening + timedelta(days=1))
    return made
