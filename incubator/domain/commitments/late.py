"""Facts and dues of closed periods: replayed, and made good by one correction in the open one.

Nothing of a closed period changes. The chain of closed periods is reckoned anew with what is
known now, each with its own rule; the difference to what was carried is the correction, and the
pool gets or gives back its part, never below nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from incubator.domain.commitments import accounts, carry_rules, history, ledger, wanted
from incubator.domain.commitments.accounts import Account
from incubator.domain.commitments.events import HoursCorrected
from incubator.domain.commitments.ledger_models import Line, Pool
from incubator.domain.commitments.periods import ensure_period, hold_open
from incubator.kernel.db import db
from incubator.kernel.events import record
from incubator.network.members.life_models import Merged

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from incubator.domain.commitments.accounts import Promises
    from incubator.domain.commitments.models import Period

REASON = "late"


@dataclass(frozen=True, slots=True)
class Cause:
    """The late fact: a session, a contribution, or a relief; and who told it."""

    source_type: str
    source_id: int | None
    actor_id: int | None = None


def is_closed_for(account: Account, period: Period) -> bool:
    """Whether a period takes no more lines of an account: it is closed, or closing has passed."""
    if period.state != "closing":
        return period.state == "closed"
    passed = select(Line.id).where(
        account.lines,
        Line.period_id == period.id,
        Line.source_type == history.CLOSE,
        Line.kind.in_(history.ENDINGS),
    )
    return db.session.scalar(passed.limit(1)) is not None


def owed_by(account: Account, period_id: int) -> int:
    """The minutes that an account is charged for a period."""
    original = aliased(Line)
    charged = (
        select(func.sum(Line.minutes))
        .outerjoin(original, original.id == Line.reverses_id)
        .where(
            account.lines,
            Line.period_id == period_id,
            func.coalesce(original.kind, Line.kind) == "DUE",
        )
    )
    return -int(db.session.scalar(charged) or 0)


def correct_member(
    member_id: int,
    touched: Sequence[Period],
    promises: Promises,
    *,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Make good what late facts of a member change, for them and for firms they belong to."""
    firms = sorted({row.firm_id for row in promises.of_firms})
    own = [wanted.wanted(member_id, period, promises, owed={}) for period in touched]
    cause = _cause(member_id, own, actor_id)
    for account in (Account(member_id), *(Account(firm_id=firm_id) for firm_id in firms)):
        correct(account, touched, cause=cause, now=now)
    for each in own:
        wanted.note_counted(each)


def _cause(member_id: int, found: Sequence[wanted.Wanted], actor_id: int | None) -> Cause:
    """The newest fact that is not counted yet; where one was taken away, the member's."""
    sessions = [one for each in found for one in each.session_ids]
    if sessions:
        return Cause("session", max(sessions), actor_id)
    helped = [one for each in found for one, known in each.known.items() if known is None]
    if helped:
        return Cause("contribution", max(helped), actor_id)
    return Cause("member", member_id, actor_id)


def correct(
    account: Account, touched: Sequence[Period], *, cause: Cause, now: datetime
) -> carry_rules.Correction:
    """Post the correction of an account, if there is anything to correct; asked again, nothing."""
    if account.firm_id:
        accounts.lock(account)
    past = history.of_accounts([account])[account]
    closed = closed_periods(account)
    if not closed:
        return carry_rules.Correction(0)
    here = ensure_period(closed[-1].ends_on)
    hold_open([here.id])
    found = reckon(account, past, closed, here=here, since=min(one.starts_on for one in touched))
    if found.pool < 0:
        found = replace(found, pool=max(found.pool, -_pool()))
    if found.minutes or found.pool:
        first = min(touched, key=lambda one: one.starts_on)
        _post(account, found, here=here, origin=first, number=_number(past), cause=cause, now=now)
    return found


def closed_periods(account: Account) -> list[Period]:
    """The periods that take no more lines of an account, in order."""
    return [one for one in history.calendar() if is_closed_for(account, one)]


def reckon(
    account: Account,
    past: history.History,
    closed: Sequence[Period],
    *,
    here: Period,
    since: date | None = None,
) -> carry_rules.Correction:
    """What a replay with all facts known now would change; the pool's part is not yet bounded.

    Facts are counted anew from the first period touched by a late one on: before it, the ledger
    says what they were.
    """
    origins = [one.starts_on for one in closed if one.id in past.origins]
    starts = [start for start in (since, *origins) if start is not None]
    deltas = {}
    if starts:
        from_day = min(starts)
        deltas = {
            one.id: _delta(account, one, owed=past.periods[one.id].due)
            for one in closed
            if one.starts_on >= from_day
        }
    return carry_rules.correction(
        carry_rules.Carry(),
        history.chain(past, closed, deltas=deltas),
        posted=past.posted(here.id),
        pooled=sum(each.pooled for each in past.periods.values()),
        pool=UNBOUNDED,
    )


UNBOUNDED = 2**62


def _delta(account: Account, period: Period, *, owed: int) -> int:
    """Minutes that an account's facts of a closed period are worth beyond what was counted."""
    people = accounts.people_of(account)
    want = 0
    for member_id in people:
        lines = wanted.wanted(
            member_id,
            period,
            accounts.promises_of(member_id),
            owed={account.firm_id or None: owed},
        ).lines
        want += sum(one.minutes for one in lines if (one.firm_id or 0) == account.firm_id)
    return want - _known(account, people, period.id)


def _known(account: Account, people: Sequence[int], period_id: int) -> int:
    """What was counted of facts; also for those who are the same persons since a merge."""
    gone = select(Merged.gone_id).where(Merged.kept_id.in_(people))
    of_firm = Line.firm_id == account.firm_id if account.firm_id else Line.firm_id.is_(None)
    counted = select(func.sum(Line.minutes)).where(
        Line.period_id == period_id,
        Line.member_id.in_(people) | Line.member_id.in_(gone),
        of_firm,
        Line.source_type.in_((wanted.PRESENCE, wanted.HELP, wanted.CAP)),
        Line.origin_period_id.is_(None),
    )
    return int(db.session.scalar(counted) or 0)


def _pool() -> int:
    """What the pool holds, held so that nobody else takes it meanwhile."""
    return db.session.scalars(select(Pool.balance).with_for_update()).one()


def _number(past: history.History) -> int:
    return 1 + sum(each.corrections for each in past.periods.values())


def _post(
    account: Account,
    found: carry_rules.Correction,
    *,
    here: Period,
    origin: Period,
    number: int,
    cause: Cause,
    now: datetime,
) -> None:
    key = f"corr:{account.label}:{here.id}:{number}"
    entry = ledger.Entry(
        member_id=account.member_id or None,
        firm_id=account.firm_id or None,
        period_id=here.id,
        origin_period_id=origin.id,
        kind="CORRECTION",
        minutes=found.minutes + found.pool,
        key=key,
        source_type=cause.source_type,
        source_id=cause.source_id,
        reason=REASON,
        actor_id=cause.actor_id,
    )
    lines = [entry] if entry.minutes else []
    if found.pool:
        group = ledger.open_group(
            "pool", key=f"pool:{key}", reason=REASON, by_id=cause.actor_id, now=now
        )
        surplus = replace(
            entry, kind="SURPLUS", minutes=-found.pool, key=f"{key}:surplus", group_id=group.id
        )
        lines += [surplus, _to_pool(surplus)]
    ledger.post_new(lines, now=now)
    if found.minutes:
        record(
            HoursCorrected(
                actor_id=cause.actor_id,
                site_id=None,
                **account.holder,
                period_id=here.id,
                origin_period_id=origin.id,
                minutes=found.minutes,
            )
        )


def _to_pool(surplus: ledger.Entry) -> ledger.Entry:
    """The line by which the pool gets what a member gave up."""
    return replace(
        surplus,
        member_id=None,
        firm_id=None,
        kind="POOL",
        minutes=-surplus.minutes,
        key=f"{surplus.key}:pool",
    )
