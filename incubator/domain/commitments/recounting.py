"""After a kind counts otherwise: its givers are counted anew by a job, some in a transaction.

The job is a row of the transaction that changes the kind: whoever is stopped after the commit, the
balances follow. Each batch writes the next job with itself; counted twice is counted once.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import select

from incubator.domain.commitments import counting
from incubator.domain.commitments.models import Contribution, Period
from incubator.domain.commitments.wanted import COUNTED_HELP
from incubator.kernel.db import db, transaction, utcnow
from incubator.kernel.jobs import job, later

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RECOUNT = "hours.recount_kind"
BATCH = 100  # members in a transaction


def recount_later(code: str, *, actor_id: int, since: date | None) -> None:
    """Have the givers of a kind counted anew, from a day on (None: from the first).

    A month that is closed before their turn gets what it lacks as a correction.
    """
    _write(code, since=since or date.min, actor_id=actor_id, run=uuid4().hex, after=0)


def _write(code: str, *, since: date, actor_id: int, run: str, after: int) -> None:
    payload = {
        "kind": code,
        "since": since.isoformat(),
        "actor_id": actor_id,
        "run": run,
        "after": after,
    }
    later(RECOUNT, payload, key=f"{RECOUNT}:{run}:{after}")


def givers(code: str, *, since: date, after: int = 0, most: int = BATCH) -> Sequence[int]:
    """Who gave confirmed hours of a kind from a day on, by number."""
    return db.session.scalars(
        select(Contribution.giver_id)
        .where(*_which(code, since), Contribution.giver_id > after)
        .distinct()
        .order_by(Contribution.giver_id)
        .limit(most)
    ).all()


def _which(code: str, since: date) -> tuple[Any, ...]:
    return (
        Contribution.kind_code == code,
        Contribution.state.in_(COUNTED_HELP),
        Contribution.day >= since,
    )


def _days(code: str, since: date, some: Sequence[int]) -> Mapping[int, list[date]]:
    """The first days of the periods in which each of them gave."""
    rows = db.session.execute(
        select(Contribution.giver_id, Period.starts_on)
        .join(Period, (Period.starts_on <= Contribution.day) & (Period.ends_on > Contribution.day))
        .where(*_which(code, since), Contribution.giver_id.in_(some))
        .distinct()
    )
    found = defaultdict(list)
    for giver, day in rows:
        found[giver].append(day)
    return found


@job(RECOUNT)
def recount(payload: Mapping[str, Any]) -> None:
    """Count one batch anew, and have the next one follow."""
    code, since = payload["kind"], date.fromisoformat(payload["since"])
    with transaction():
        some = givers(code, since=since, after=payload["after"])
        days = _days(code, since, some)
        for giver in some:
            counting.recount(giver, days[giver], actor_id=payload["actor_id"], now=utcnow())
        if some:
            _write(
                code,
                since=since,
                actor_id=payload["actor_id"],
                run=payload["run"],
                after=some[-1],
            )
