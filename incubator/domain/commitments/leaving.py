"""The hours of who leaves: owed to their last day, then settled; no debt stays on a screen."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from incubator.domain.commitments import carry_rules, dues, history, ledger, promise_history
from incubator.domain.commitments.accounts import Account, lock_member
from incubator.domain.commitments.ledger_models import Line, Standing
from incubator.domain.commitments.periods import hold_open
from incubator.domain.commitments.promise_models import Pledge
from incubator.domain.commitments.status_models import Status
from incubator.kernel.db import db
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from incubator.domain.commitments.models import Period

SOURCE = "exit"


def end_promises(member_id: int, *, on: date, now: datetime) -> None:
    """Owe nothing from a day on; what was charged for later days is taken back."""
    lock_member(member_id)
    ended = db.session.scalars(
        select(Pledge).where(
            Pledge.member_id == member_id,
            or_(Pledge.valid_to.is_(None), Pledge.valid_to > on),
        )
    ).all()
    for pledge in ended:
        pledge.valid_to = max(on, pledge.valid_from)
    db.session.flush()
    promise_history.note(ended, now=now)
    periods = dues.periods_since(min(on, now.date()) - timedelta(days=1), now=now)
    dues.charge([Account(member_id)], periods, now=now, even_closed_accounts=True)
    _leave(member_id, now=now)


def _leave(member_id: int, *, now: datetime) -> None:
    """From now on their periods end by settling: whatever is told later is settled too."""
    status = db.session.scalar(
        select(Status).where(Status.member_id == member_id, Status.until_at.is_(None))
    )
    if status is not None and status.state == "left":
        return
    if status is not None:
        status.until_at = max(now, status.since_at)
        db.session.flush()
    home = db.session.scalar(select(Member.home_site_id).where(Member.id == member_id))
    db.session.add(Status(member_id=member_id, home_site_id=home, state="left", since_at=now))
    db.session.flush()


def come_back(member_id: int, *, now: datetime) -> None:
    """Who promises again is no longer gone."""
    status = db.session.scalar(
        select(Status).where(
            Status.member_id == member_id, Status.until_at.is_(None), Status.state == "left"
        )
    )
    if status is not None:
        status.until_at = max(now, status.since_at)
        db.session.flush()


def settle(member_id: int, *, to_pool: bool, by_id: int | None, now: datetime) -> int:
    """Let nothing be owed either way; what was settled, in minutes.

    Credit goes to the pool, or lapses; a debt is waived. Asked again, there is nothing left.
    """
    lock_member(member_id)
    open_ones = _open_balances(member_id)
    total = sum(minutes for _period, minutes in open_ones)
    gives = to_pool and total > 0
    entries = []
    for number, (period, minutes) in enumerate(open_ones):
        # The pool's part is a line of its own, on the period that comes last.
        last = gives and number == len(open_ones) - 1
        rest = minutes - total if last else minutes
        if rest:
            entries.append(_exit(member_id, period, rest, by_id=by_id))
        if last:
            entries += _into_pool(member_id, period, total, by_id=by_id, now=now)
    ledger.post_new(entries, now=now)
    return total


def _open_balances(member_id: int) -> Sequence[tuple[Period, int]]:
    """The periods that are not closed, with what the member has in each."""
    open_ones = [one for one in history.calendar() if one.state != "closed"]
    hold_open([one.id for one in open_ones])
    rows = db.session.execute(
        select(Standing.period_id, Standing.balance).where(
            Standing.member_id == member_id, Standing.balance != 0
        )
    )
    sums = {period_id: int(minutes) for period_id, minutes in rows}
    return [(one, sums[one.id]) for one in open_ones if one.id in sums]


def _exit(member_id: int, period: Period, minutes: int, *, by_id: int | None) -> ledger.Entry:
    entry, _pool = carry_rules.settle(minutes)
    return ledger.Entry(
        member_id=member_id,
        period_id=period.id,
        kind=entry.kind,
        minutes=entry.minutes,
        key=f"exit:{member_id}:{period.id}:{_number(member_id, period.id)}",
        source_type=SOURCE,
        source_id=member_id,
        actor_id=by_id,
    )


def _into_pool(
    member_id: int, period: Period, minutes: int, *, by_id: int | None, now: datetime
) -> list[ledger.Entry]:
    key = f"exit:{member_id}:{period.id}:{_number(member_id, period.id)}:pool"
    group = ledger.open_group("exit", key=key, reason=SOURCE, by_id=by_id, now=now)
    pair = ((member_id, "EXIT", -minutes), (None, "POOL", minutes))
    return [
        ledger.Entry(
            member_id=holder,
            period_id=period.id,
            kind=kind,
            minutes=signed,
            key=f"{key}:{kind}",
            source_type=SOURCE,
            source_id=member_id,
            group_id=group.id,
            actor_id=by_id,
        )
        for holder, kind, signed in pair
    ]


def _number(member_id: int, period_id: int) -> int:
    """How often they have left in a period: some come back and leave again."""
    rows = db.session.scalars(
        select(Line.id).where(
            Line.member_id == member_id, Line.period_id == period_id, Line.kind == "EXIT"
        )
    )
    return len(rows.all()) + 1
