"""Hours of two members who are one person.

Nothing of the ledger is rewritten. What counts of the member who goes is taken back line by
line and written anew for the one who stays, in one group that names who said so: the sums of
the two before are the sum of the one after. What is owed is charged anew, for the one promise.
Hours that had only this person's own word are taken back: nobody confirms their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import joinedload

from incubator.domain.commitments import (
    dues,
    ledger,
    merging_facts,
    planned,
    promise_history,
    rules,
)
from incubator.domain.commitments.accounts import Account
from incubator.domain.commitments.events import HoursWithdrawn
from incubator.domain.commitments.models import Contribution, Period
from incubator.domain.commitments.periods import ensure_period
from incubator.domain.commitments.promise_models import Pledge
from incubator.kernel.db import db
from incubator.kernel.events import record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement

    from incubator.domain.commitments.ledger_models import Line

REASON = "merged"


def own_word(one_id: int, other_id: int) -> Sequence[Contribution]:
    """Hours that would be confirmed, or are to be, by the very person who gave them."""
    return db.session.scalars(
        select(Contribution)
        .where(_own_word((one_id, other_id)))
        .options(joinedload(Contribution.kind))
        .order_by(Contribution.id)
    ).all()


def merge(*, kept_id: int, gone_id: int, by_id: int, now: datetime) -> None:
    """Let everything of one member's hours be the other's."""
    for contribution in own_word(kept_id, gone_id):
        _take_back(contribution, (kept_id, gone_id), by_id=by_id, now=now)
    _move_facts(kept_id, gone_id)
    merging_facts.move(kept_id=kept_id, gone_id=gone_id, by_id=by_id, now=now)
    since = _move_lines(kept_id, gone_id, by_id=by_id, now=now)
    _move_promises(kept_id, gone_id, now=now)
    dues.post_due(now=now, since=since, member_ids=[kept_id])
    # Their promises have gone: of what is open nothing is owed by them any more.
    open_ones = [one for one in dues.periods_since(since, now=now) if one.state != "closed"]
    dues.charge([Account(gone_id)], open_ones, now=now, even_closed_accounts=True)
    planned.keep([kept_id, gone_id], now=now)


def _own_word(pair: tuple[int, int]) -> ColumnElement[bool]:
    decided = and_(
        Contribution.state.in_(("confirmed", "counted", "refused", "appealed")),
        Contribution.decided_by_id.in_(pair),
    )
    helped = or_(Contribution.receiver_id.in_(pair), Contribution.unnamed_id.in_(pair))
    return and_(Contribution.giver_id.in_(pair), or_(helped, decided))


def _take_back(
    contribution: Contribution, pair: tuple[int, int], *, by_id: int, now: datetime
) -> None:
    counted = contribution.state in {"confirmed", "counted"}
    told: dict[str, Any] = {
        "actor_id": by_id,
        "site_id": contribution.home_site_id,
        "contribution_id": contribution.id,
        "giver_id": contribution.giver_id,
        "receiver_id": contribution.receiver_id,
        "kind": contribution.kind_code,
        "minutes": contribution.minutes,
    }
    for line in _live_of(contribution) if counted else ():
        ledger.reverse(line, reason=REASON, actor_id=by_id, now=now)
    if contribution.receiver_id in pair:
        contribution.receiver_id = None
    if contribution.unnamed_id in pair:
        contribution.unnamed_id = None
    if contribution.state != "withdrawn":
        contribution.state, contribution.decided_by_id = "withdrawn", by_id
        contribution.decided_at = now
        record(HoursWithdrawn(**told, counted=counted))
    db.session.flush()


def _live_of(contribution: Contribution) -> list[Line]:
    lines = ledger.of_source("contribution", contribution.id)
    reversed_ids = {line.reverses_id for line in lines}
    return [line for line in lines if line.reverses_id is None and line.id not in reversed_ids]


def _move_facts(kept_id: int, gone_id: int) -> None:
    changes = (
        update(Contribution)
        .where(Contribution.giver_id == gone_id)
        .values(giver_id=kept_id, once=None),
        update(Contribution).where(Contribution.receiver_id == gone_id).values(receiver_id=kept_id),
        update(Contribution).where(Contribution.unnamed_id == gone_id).values(unnamed_id=kept_id),
        update(Contribution)
        .where(Contribution.decided_by_id == gone_id)
        .values(decided_by_id=kept_id),
        update(Contribution)
        .where(Contribution.declared_by_id == gone_id)
        .values(declared_by_id=kept_id),
    )
    for change in changes:
        db.session.execute(change.execution_options(synchronize_session=False))
    db.session.expire_all()


def _move_lines(kept_id: int, gone_id: int, *, by_id: int, now: datetime) -> date:
    """Move what counts; the first day from which dues must be charged anew.

    Lines of closed periods stay where they are: what they sum to moves as one correction.
    """
    periods = {row.id: row for row in db.session.scalars(select(Period))}
    since, closed = now.date(), 0
    group = ledger.open_group("merge", key=f"merge:{gone_id}", reason=REASON, by_id=by_id, now=now)
    for line in ledger.live_lines(gone_id):
        period = periods[line.period_id]
        if period.state == "closed":
            closed += line.minutes
            continue
        since = min(since, period.starts_on)
        ledger.reverse(line, reason=REASON, actor_id=by_id, now=now, group_id=group.id)
        if line.kind != "DUE":
            ledger.post(_again(line, kept_id, by_id=by_id, group_id=group.id), now=now)
    if closed:
        here = ensure_period(now.date()).id
        for member_id, minutes in ((gone_id, -closed), (kept_id, closed)):
            entry = ledger.Entry(
                member_id=member_id,
                period_id=here,
                kind="CORRECTION",
                minutes=minutes,
                key=f"merge:{gone_id}:closed:{member_id}",
                source_type="merge",
                source_id=gone_id,
                reason=REASON,
                actor_id=by_id,
                group_id=group.id,
            )
            ledger.post(entry, now=now)
    return since


def _again(line: Line, member_id: int, *, by_id: int, group_id: int) -> ledger.Entry:
    return ledger.Entry(
        member_id=member_id,
        firm_id=line.firm_id,
        period_id=line.period_id,
        origin_period_id=line.origin_period_id,
        kind=line.kind,
        minutes=line.minutes,
        key=f"merge:{line.id}",
        source_type=line.source_type,
        source_id=line.source_id,
        source_rev=line.source_rev,
        day=line.day,
        site_id=line.site_id,
        reason=REASON,
        actor_id=by_id,
        group_id=group_id,
    )


def _move_promises(kept_id: int, gone_id: int, *, now: datetime) -> None:
    """One promise a day: where the kept member has one, it stands."""
    rows = db.session.scalars(
        select(Pledge).where(Pledge.member_id.in_((kept_id, gone_id))).order_by(Pledge.id)
    ).all()
    taken = [
        (row.valid_from, row.valid_to)
        for row in rows
        if row.member_id == kept_id and row.valid_to != row.valid_from
    ]
    for row in rows:
        if row.member_id == kept_id:
            continue
        whole = row.valid_to == row.valid_from
        left = [] if whole else rules.free_between(row.valid_from, row.valid_to, taken)
        pieces = [_piece(row, member_id=kept_id, start=start, end=end) for start, end in left[1:]]
        db.session.add_all(pieces)
        start, end = left[0] if left else (row.valid_from, row.valid_from)
        row.member_id, row.valid_from, row.valid_to = kept_id, start, end
        db.session.flush()
        promise_history.note([row, *pieces], now=now)
        taken += left


def _piece(row: Pledge, *, member_id: int, start: date, end: date | None) -> Pledge:
    return Pledge(
        member_id=member_id,
        minutes_per_period=row.minutes_per_period,
        home_site_id=row.home_site_id,
        valid_from=start,
        valid_to=end,
        min_home_pct=row.min_home_pct,
        help_max_pct=row.help_max_pct,
        signed_at=row.signed_at,
        signed_by_id=row.signed_by_id,
        charter_version_id=row.charter_version_id,
    )
