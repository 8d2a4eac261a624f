"""How much help in threads a giver may tell: once a thread, and so much a week."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from incubator.domain.commitments import rules
from incubator.domain.commitments.models import Contribution
from incubator.kernel.db import BigId, db
from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from incubator.domain.commitments.rules import Limits

_OF_GIVER = (
    select(Contribution)
    .where(
        Contribution.thread_id == bindparam("thread_id", type_=BigId),
        Contribution.giver_id == bindparam("giver_id", type_=BigId),
    )
    .order_by(Contribution.id)
    .execution_options(populate_existing=True)
)
_LEFT = ("refused", "withdrawn")


def in_thread(giver_id: int, thread_id: int) -> Sequence[Contribution]:
    """All that a giver told of a thread, what was taken back too; hold the giver's row first."""
    return db.session.scalars(_OF_GIVER, {"giver_id": giver_id, "thread_id": thread_id}).all()


def standing(lines: Sequence[Contribution]) -> Contribution | None:
    """What stands of them: not what was taken back; a refusal stands, it can be appealed."""
    return next((one for one in lines if one.state != "withdrawn"), None)


def check_thread(giver_id: int, thread_id: int) -> None:
    """Refuse a second line of one giver for one thread: Refusal ``commitments.thread_counted``."""
    if standing(in_thread(giver_id, thread_id)):
        raise Refusal("commitments.thread_counted")


def check_week(giver_id: int, day: date, minutes: int, *, limits: Limits) -> None:
    """Refuse more help in threads than the rule lets one tell in the week of a day."""
    week = rules.week_of(day)
    given = db.session.scalar(
        select(func.sum(Contribution.minutes)).where(
            Contribution.giver_id == giver_id,
            Contribution.day >= week.starts_on,
            Contribution.day < week.ends_on,
            Contribution.thread_id.is_not(None),
            Contribution.state.not_in(_LEFT),
        )
    )
    rules.check_week(minutes, that_week=int(given or 0), limits=limits)
