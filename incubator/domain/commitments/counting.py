"""The counting: the ledger of a member is made to say what their facts say, and nothing twice.

Whoever closes, changes or voids a session, or decides on a contribution, calls ``recount`` in the
same transaction. It reads every counted fact of the member in the periods of these days, works
out the lines that they ask for, and writes the difference: what is no longer right is taken back
and written anew. Asked again, it writes nothing. Facts of closed periods become one correction in
the open one (``late``).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from incubator.domain.commitments import accounts, late, ledger, wanted
from incubator.domain.commitments.ledger_models import Line
from incubator.domain.commitments.models import Period
from incubator.domain.commitments.periods import ensure_period, hold_open
from incubator.kernel.db import BigId, db

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from incubator.domain.commitments.accounts import Promises
    from incubator.domain.commitments.wanted import Want

REASON = "recounted"
DAY = timedelta(days=1)
Subject = tuple[object, ...]
FACTS = (wanted.PRESENCE, wanted.HELP, wanted.CAP)

_reversal = aliased(Line)
_LINES = (
    select(
        Line.id,
        Line.member_id,
        Line.firm_id,
        Line.period_id,
        Line.origin_period_id,
        Line.kind,
        Line.minutes,
        Line.day,
        Line.site_id,
        Line.source_type,
        Line.source_id,
        Line.source_rev,
        _reversal.id.label("reversed_by"),
    )
    .outerjoin(_reversal, _reversal.reverses_id == Line.id)
    .where(
        Line.member_id == bindparam("member_id"),
        Line.period_id == bindparam("period_id"),
        Line.kind != "REVERSAL",
        Line.source_type.in_((*FACTS, "pledge")),
        # What makes good a closed period names its fact too, and is none of this period's.
        Line.origin_period_id.is_(None),
    )
    .order_by(Line.id)
)
_LAST_REVS = (
    select(Line.source_id, func.max(Line.source_rev))
    .where(
        Line.source_type == wanted.HELP,
        Line.source_id.in_(bindparam("ids", type_=BigId, expanding=True)),
    )
    .group_by(Line.source_id)
)


def recount(member_id: int, days: Iterable[date], *, actor_id: int | None, now: datetime) -> None:
    """Make the ledger say what a member's facts of these days, and of their periods, say.

    Two recounts of one member wait for each other. Sessions that are counted from now on say so.
    """
    accounts.lock_member(member_id)
    promises = accounts.promises_of(member_id)
    closed: list[Period] = []
    # A session over midnight belongs to two days, and may belong to two periods.
    for period in _periods({near for day in days for near in (day, day + DAY)}):
        if late.is_closed_for(accounts.Account(member_id), period):
            closed.append(period)
        else:
            _rewrite(member_id, period, promises, actor_id=actor_id, now=now)
    if closed:
        late.correct_member(member_id, closed, promises, actor_id=actor_id, now=now)


def recount_open(member_id: int, *, actor_id: int | None, now: datetime) -> None:
    """The same for every period that is not closed, as after a change of what is owed."""
    days = db.session.scalars(select(Period.starts_on).where(Period.state != "closed"))
    recount(member_id, days.all(), actor_id=actor_id, now=now)


def _periods(days: Iterable[date]) -> list[Period]:
    """The periods of days, each once, held so that none is closed meanwhile."""
    found = {period.id: period for period in (ensure_period(day) for day in sorted(days))}
    return hold_open(list(found))


def _rewrite(
    member_id: int, period: Period, promises: Promises, *, actor_id: int | None, now: datetime
) -> None:
    values = {"member_id": member_id, "period_id": period.id}
    rows = db.session.execute(_LINES, values).all()
    want = wanted.wanted(member_id, period, promises, owed=_owed(rows, period, promises))
    change = _difference([row for row in rows if row.source_type in FACTS], want.lines)
    fresh = _entries(member_id, period.id, change, actor_id=actor_id)
    back = [
        (ledger.opposite(row, reason=REASON, actor_id=actor_id), row.kind) for row in change.back
    ]
    ledger.post_new(fresh, now=now, reversals=back)
    wanted.note_counted(want)


def _owed(rows: Sequence[Any], period: Period, promises: Promises) -> dict[int | None, int]:
    """Minutes owed for a period by account, as charged: what the cap of help is a share of."""
    owed: dict[int | None, int] = {
        None: -sum(row.minutes for row in rows if row.kind == "DUE" and not row.reversed_by)
    }
    for firm_id in {row.firm_id for row in promises.of_firms}:
        owed[firm_id] = late.owed_by(accounts.Account(firm_id=firm_id), period.id)
    return owed


@dataclass(slots=True)
class _Change:
    """Lines to take back, lines to write, and the last revision of each subject."""

    back: list[Any] = field(default_factory=list)
    fresh: list[Want] = field(default_factory=list)
    revs: dict[Subject, int] = field(default_factory=dict)


def _difference(rows: Sequence[Any], wants: Sequence[Want]) -> _Change:
    change = _Change()
    live: dict[Subject, list[Any]] = defaultdict(list)
    for row in rows:
        subject = wanted.subject_of(row)
        change.revs[subject] = max(change.revs.get(subject, 0), row.source_rev)
        if not row.reversed_by:
            live[subject].append(row)
    for want in wants:
        standing = live.pop(want.subject, [])
        if len(standing) == 1 and _says(standing[0], want):
            continue
        change.back += standing
        change.fresh.append(want)
    change.back += [row for some in live.values() for row in some]
    return change


def _says(row: Any, want: Want) -> bool:
    asked = (want.kind, want.minutes, want.day, want.firm_id)
    return (row.kind, row.minutes, row.day, row.firm_id) == asked


def _entries(
    member_id: int, period_id: int, change: _Change, *, actor_id: int | None
) -> list[ledger.Entry]:
    helped = [want.source_id for want in change.fresh if want.source_type == wanted.HELP]
    revs = dict(change.revs)
    if helped:
        # A contribution may have been of another period or member before: its keys are its own.
        for source_id, rev in db.session.execute(_LAST_REVS, {"ids": helped}):
            revs[wanted.HELP, source_id] = rev
    return [
        _entry(member_id, period_id, want, rev=revs.get(want.subject, 0) + 1, actor_id=actor_id)
        for want in change.fresh
    ]


def _entry(
    member_id: int, period_id: int, want: Want, *, rev: int, actor_id: int | None
) -> ledger.Entry:
    about = {
        wanted.PRESENCE: f"done:{member_id}:{want.day}:{want.site_id}",
        wanted.HELP: f"contribution:{want.source_id}",
        wanted.CAP: f"help_cap:{member_id}:{period_id}:{want.firm_id or 0}",
    }
    return ledger.Entry(
        member_id=member_id,
        firm_id=want.firm_id,
        period_id=period_id,
        kind=want.kind,
        minutes=want.minutes,
        key=f"{about[want.source_type]}:{rev}",
        source_type=want.source_type,
        source_id=want.source_id,
        source_rev=rev,
        day=want.day,
        site_id=want.site_id,
        actor_id=actor_id,
    )
