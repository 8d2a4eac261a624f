"""What is owed: reckoned from promises, reliefs and calendars, kept as revisions, and charged.

A reckoning that comes out otherwise than the last is a new revision of the obligation, with its
explanation; the line of the ledger is taken back and written anew where the minutes differ. Safe
at any frequency. A closed period takes no line: what changes in it is corrected in the open one.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from incubator.domain.commitments import (
    accounts,
    calendars,
    counting,
    due_rules,
    history,
    late,
    ledger,
)
from incubator.domain.commitments.accounts import Account
from incubator.domain.commitments.dues_reading import Promised, lasts, read_promised
from incubator.domain.commitments.models import Period, Rule
from incubator.domain.commitments.periods import ensure_period
from incubator.domain.commitments.promise_models import Obligation, Pledge, Relief
from incubator.domain.commitments.rules import FOREVER
from incubator.kernel.db import db

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

LOOK_BACK = timedelta(days=62)
BATCH = 500
FULL = 100  # percent
SOURCE = "pledge"
REASON = "pledge"


def post_due(
    *,
    now: datetime,
    since: date | None = None,
    member_ids: Sequence[int] | None = None,
) -> int:
    """Charge every promise for the periods begun since a day (two months); how many changed.

    Of these members, if named, closed periods are reckoned too, and corrected in the open one.
    What was charged to somebody whose account is closed stays as it is.
    """
    begun = periods_since(since or now.date() - LOOK_BACK, now=now)
    if member_ids is None:
        open_ones = [one for one in begun if one.state != "closed"]
        return sum(charge(some, open_ones, now=now) for some in batches(holders(open_ones)))
    return charge([Account(one) for one in sorted(member_ids)], begun, now=now)


def periods_since(start: date, *, now: datetime) -> list[Period]:
    """The periods of the days from ``start`` to today, made where they lack."""
    today = now.date()
    first = min(start, today)
    ensure_period(first)
    ensure_period(today)
    return [one for one in history.calendar() if one.ends_on > first and one.starts_on <= today]


def holders(periods: Sequence[Period]) -> list[Account]:
    """Whoever promised something for these periods: members, then firms, each in order."""
    if not periods:
        return []
    first, end = periods[0].starts_on, periods[-1].ends_on
    rows = db.session.execute(
        select(Pledge.member_id, Pledge.firm_id)
        .where(Pledge.valid_from < end, lasts(first))
        .distinct()
    )
    found = {Account(member_id or 0, firm_id or 0) for member_id, firm_id in rows}
    return sorted(found, key=lambda one: (one.firm_id, one.member_id))


def batches(some: Sequence[Account], size: int = BATCH) -> Iterable[list[Account]]:
    """Members and firms apart, so many at once."""
    for sort in ([one for one in some if not one.firm_id], [one for one in some if one.firm_id]):
        for start in range(0, len(sort), size):
            yield list(sort[start : start + size])


def charge(
    some: Sequence[Account],
    periods: Sequence[Period],
    *,
    now: datetime,
    even_closed_accounts: bool = False,
) -> int:
    """Reckon and charge these members (or these firms) for periods; how many reckonings changed.

    ``even_closed_accounts``: also for who has no account any more, as on the day they leave.
    """
    if not some or not periods:
        return 0
    _lock(some)
    changed = 0
    for period in periods:
        promised = read_promised(some, period)
        changes = {}
        for account, each in promised.items():
            if each.active or even_closed_accounts:
                found = _reckon(each, period)
                if found is not None:
                    changes[account] = found
        _write(changes, promised, period, now=now)
        changed += len(changes)
    return changed


def on_basis(some: Sequence[Account], period: Period, basis: due_rules.Basis) -> dict[Account, int]:
    """What these members (or these firms) would owe for a period on a basis; nothing is written."""
    return {
        account: due_of(each.pledges, each.reliefs, period, since=each.since, basis=basis).minutes
        for account, each in read_promised(some, period).items()
    }


def _lock(some: Sequence[Account]) -> None:
    if some[0].firm_id:
        for one in some:
            accounts.lock(one)
        return
    accounts.lock_members([one.member_id for one in some])


def _reckon(each: Promised, period: Period) -> due_rules.Due | None:
    """What is owed now, if it is otherwise than it was reckoned or charged."""
    made = due_of(each.pledges, each.reliefs, period, since=each.since)
    charged = -sum(row.minutes for row in each.live)
    if each.known is None:
        return made if made.minutes or charged else None
    same = (each.known.minutes, each.known.explanation) == (made.minutes, made.explanation)
    right = period.state == "closed" or charged == made.minutes
    return None if same and right else made


def due_of(
    pledges: Sequence[Any],
    reliefs: Sequence[due_rules.Relief],
    period: Period,
    *,
    since: date | None = None,
    basis: due_rules.Basis | None = None,
) -> due_rules.Due:
    """What these promises owe for a period; ``basis`` if it were another than the period's own."""
    return due_rules.due(
        period.span,
        [
            row if isinstance(row, due_rules.HomePledge) else _home(row, row.valid_to)
            for row in pledges
        ],
        reliefs=reliefs,
        calendars=calendars.of_period(period, basis),
        basis=basis or calendars.basis_of(period),
        since=since,
    )


def _home(row: Any, end: date | None) -> due_rules.HomePledge:
    return due_rules.HomePledge(row.minutes_per_period, row.home_site_id, row.valid_from, end)


def _write(
    changes: dict[Account, due_rules.Due],
    promised: dict[Account, Promised],
    period: Period,
    *,
    now: datetime,
) -> None:
    if not changes:
        return
    fresh: list[ledger.Entry] = []
    back: list[tuple[ledger.Entry, str]] = []
    kept: list[dict[str, Any]] = []
    touched: list[Account] = []
    for account, made in changes.items():
        each = promised[account]
        charged = -sum(row.minutes for row in each.live)
        anew = charged != made.minutes
        rev = max(each.known.rev + 1 if each.known else 1, each.last_rev + (1 if anew else 0))
        kept.append(_obligation(account, made, period, rev=rev, now=now))
        if late.is_closed_for(account, period):
            touched.append(account)
        elif anew:
            back += [
                (ledger.opposite(row, reason=REASON, actor_id=None), "DUE") for row in each.live
            ]
            if made.minutes:
                fresh.append(_due_entry(account, made, period, each=each, rev=rev))
    db.session.execute(insert(Obligation), kept)
    ledger.post_new(fresh, now=now, reversals=back)
    _follow(changes, touched, period, now=now)


def _follow(
    changes: Iterable[Account], touched: Sequence[Account], period: Period, *, now: datetime
) -> None:
    """What depends on what is owed: corrections of closed periods, and the cap of help."""
    for account in touched:
        late.correct(account, [period], cause=late.Cause("obligation", None), now=now)
    rule = db.session.get_one(Rule, period.rule_id)
    if rule.help_cap_pct < FULL and period.state != "closed":
        members = {one for account in changes for one in accounts.people_of(account)}
        for member_id in sorted(members):
            counting.recount(member_id, [period.starts_on], actor_id=None, now=now)


def _obligation(
    account: Account, made: due_rules.Due, period: Period, *, rev: int, now: datetime
) -> dict[str, Any]:
    return {
        **account.holder,
        "period_id": period.id,
        "rev": rev,
        "minutes": made.minutes,
        "explanation": made.explanation,
        "made_at": now,
    }


def _due_entry(
    account: Account, made: due_rules.Due, period: Period, *, each: Promised, rev: int
) -> ledger.Entry:
    last = each.pledges[-1]
    return ledger.Entry(
        member_id=account.member_id or None,
        firm_id=account.firm_id or None,
        period_id=period.id,
        kind="DUE",
        minutes=-made.minutes,
        key=f"due:{account.label}:{period.id}:{rev}",
        source_type=SOURCE,
        source_id=last.id,
        source_rev=rev,
        site_id=last.home_site_id,
    )


def with_relief(account: Account, period: Period, relief: Relief) -> tuple[int, int]:
    """What a member owes for a period now, and with a relief; nothing is written."""
    each = read_promised([account], period)[account]
    others = [one for one in each.reliefs if one.id != relief.id]
    added = due_rules.Relief(relief.pct, relief.starts_on, relief.ends_on, relief.id)
    before = due_of(each.pledges, each.reliefs, period, since=each.since)
    after = due_of(each.pledges, [*others, added], period, since=each.since)
    return before.minutes, after.minutes


def with_pledge(account: Account, period: Period, pledge: Pledge) -> tuple[int, int]:
    """What an account owes for a period now, and with another promise; nothing is written."""
    each = read_promised([account], period)[account]
    before = due_of(each.pledges, each.reliefs, period, since=each.since)
    end = pledge.valid_to or FOREVER
    kept = [
        _home(row, max(pledge.valid_from, row.valid_from))
        if row.valid_from < end and (row.valid_to or FOREVER) > pledge.valid_from
        else _home(row, row.valid_to)
        for row in each.pledges
    ]
    after = due_of([*kept, _home(pledge, pledge.valid_to)], each.reliefs, period, since=each.since)
    return before.minutes, after.minutes
