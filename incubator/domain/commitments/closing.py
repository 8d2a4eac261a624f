"""The end of a period: closing once its last day is over everywhere, then closed for good.

Accounts are closed in batches, each in a transaction of its own that a job row names: whoever is
stopped half-way goes on where they were, and two who do it at once do it once. What a batch has
not seen (a fact told while others were closed) the last transaction closes with the period.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select, update

from incubator.domain.commitments import carry_rules, history, ledger, presence_rules
from incubator.domain.commitments.accounts import Account
from incubator.domain.commitments.events import PeriodClosed
from incubator.domain.commitments.ledger_models import FirmStanding, JobRun, Line, Standing
from incubator.domain.commitments.models import Period, Rule
from incubator.domain.commitments.periods import ensure_period
from incubator.domain.commitments.status_models import Choice, Status
from incubator.kernel.db import BigId, db, insert_once, transaction
from incubator.kernel.events import record
from incubator.network.members.firm_models import Firm
from incubator.network.members.models import Member
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

BATCH = 1000
JOB = "hours.close"
_IDS = bindparam("ids", type_=BigId, expanding=True)
_HOLDERS: dict[bool, tuple[Any, Any]] = {
    False: (Standing, Standing.member_id),
    True: (FirmStanding, FirmStanding.firm_id),
}
_LOCKS = {
    of_firm: select(row.id).where(row.id.in_(_IDS)).order_by(row.id).with_for_update(key_share=True)
    for of_firm, row in ((False, Member), (True, Firm))
}


def over_at(period: Period) -> datetime:
    """The instant when the last day of a period is over at every site of the network."""
    zones = db.session.scalars(select(Site.time_zone).where(Site.closed_on.is_(None)).distinct())
    ends = [presence_rules.day_start(period.ends_on, zone) for zone in zones]
    return max(ends, default=presence_rules.day_start(period.ends_on, "UTC"))


def begin_closing(now: datetime) -> int:
    """Let the periods that are over take no more than late facts; how many there were."""
    ended = db.session.scalars(
        select(Period)
        .where(Period.state.in_(("open", "planned")), Period.ends_on <= now.date() + DAY)
        .order_by(Period.starts_on)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    begun = 0
    for period in ended:
        over = over_at(period)
        if over <= now:
            # The instant when it was over, so that a late tick grants no more days than others.
            period.state, period.closing_at = "closing", over
            begun += 1
    return begun


DAY = timedelta(days=1)


def next_to_close(now: datetime) -> Period | None:
    """The first period that is not closed, once its days for late facts are over."""
    first = db.session.scalar(
        select(Period).where(Period.state != "closed").order_by(Period.starts_on).limit(1)
    )
    if first is None or first.state != "closing" or first.closing_at is None:
        return None
    rule = db.session.get_one(Rule, first.rule_id)
    return first if now >= first.closing_at + timedelta(days=rule.close_after_days) else None


def close(period_id: int, *, now: datetime, by_id: int | None = None) -> int:
    """Close every account of a period, then the period; how many accounts were closed.

    Transactions of its own. The caller has charged and counted what there was.
    """
    closed = 0
    for of_firm in (False, True):
        for number in _batches(period_id, of_firm=of_firm):
            with transaction():
                closed += close_batch(period_id, number, of_firm=of_firm, now=now)
    with transaction():
        closed += _finish(period_id, now=now, by_id=by_id)
    return closed


def _batches(period_id: int, *, of_firm: bool) -> Sequence[int]:
    """The numbers of the batches that have anybody in them."""
    model, holder = _HOLDERS[of_firm]
    number = (holder // BATCH).label("number")
    query = select(number).where(model.period_id == period_id, model.balance != 0)
    return db.session.scalars(query.distinct().order_by(number)).all()


def close_batch(period_id: int, number: int, *, of_firm: bool, now: datetime) -> int:
    """Close the accounts of one batch, unless it was done before; how many there were."""
    sort = "firms" if of_firm else "members"
    key = f"close:{period_id}:{sort}:{number}"
    if not insert_once(JobRun, name=JOB, key=key, started_at=now, finished_at=now, result={}):
        return 0
    rows = _open_accounts(period_id, number, of_firm=of_firm)
    db.session.execute(_LOCKS[of_firm], {"ids": [row.holder for row in rows]}).all()
    # Read again, now that nobody else writes.
    rows = _open_accounts(period_id, number, of_firm=of_firm)
    period = db.session.get_one(Period, period_id)
    _write(period, rows, of_firm=of_firm, key=key, now=now)
    return len(rows)


def _open_accounts(period_id: int, number: int | None, *, of_firm: bool) -> Sequence[Any]:
    """The accounts of a batch (None: of all) that do not sum to nothing yet."""
    model, holder = _HOLDERS[of_firm]
    query = select(holder.label("holder"), model.balance, model.carry_in, model.owed).where(
        model.period_id == period_id, model.balance != 0
    )
    if number is not None:
        query = query.where(holder >= number * BATCH, holder < (number + 1) * BATCH)
    return db.session.execute(query.order_by(holder)).all()


def _finish(period_id: int, *, now: datetime, by_id: int | None) -> int:
    """Close what is left, and the period itself: from here on nobody may count in it."""
    period = db.session.scalars(
        select(Period)
        .where(Period.id == period_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if period.state == "closed":
        return 0
    left = 0
    for of_firm in (False, True):
        rows = _open_accounts(period_id, None, of_firm=of_firm)
        key = f"close:{period_id}:{'firms' if of_firm else 'members'}:last"
        _write(period, rows, of_firm=of_firm, key=key, now=now)
        left += len(rows)
    period.state, period.closed_at, period.closed_by_id = "closed", now, by_id
    db.session.flush()
    record(PeriodClosed(actor_id=by_id, period_id=period_id))
    return left


def _write(period: Period, rows: Sequence[Any], *, of_firm: bool, key: str, now: datetime) -> None:
    """The closing lines of these accounts, and one of the pool for all that it gets."""
    if not rows:
        return
    following = ensure_period(period.ends_on)
    terms = _Terms(period, [row.holder for row in rows], of_firm=of_firm)
    entries: list[ledger.Entry] = []
    pooled: list[ledger.Entry] = []
    for row in rows:
        account = Account(firm_id=row.holder) if of_firm else Account(row.holder)
        for entry, to_pool in _closing_lines(account, row, terms, following=following):
            (pooled if to_pool else entries).append(entry)
    if pooled:
        entries += _into_pool(pooled, period, key=key, now=now)
    ledger.post_new(entries, now=now)


def _into_pool(
    pooled: Sequence[ledger.Entry], period: Period, *, key: str, now: datetime
) -> list[ledger.Entry]:
    group = ledger.open_group("pool", key=f"pool:{key}", reason="surplus", by_id=None, now=now)
    grouped = [replace(entry, group_id=group.id) for entry in pooled]
    gained = ledger.Entry(
        member_id=None,
        period_id=period.id,
        kind="POOL",
        minutes=-sum(entry.minutes for entry in pooled),
        key=f"pool:{key}",
        source_type=history.CLOSE,
        source_id=period.id,
        group_id=group.id,
    )
    return [*grouped, gained]


class _Terms:
    """What decides how the accounts of a batch end: few statements, however many they are."""

    def __init__(self, period: Period, ids: Sequence[int], *, of_firm: bool) -> None:
        self.period = period
        self.usual = history.terms_of(period.rule_id)
        self.generous = history.generous(self.usual)
        self.late = self._late(ids, of_firm=of_firm)
        self.givers = set() if of_firm else set(db.session.scalars(_GIVERS, {"ids": ids}))
        self.left = set() if of_firm else set(db.session.scalars(_LEFT, {"ids": ids}))
        # Without an age nobody asks how old credit is.
        self.carries: dict[Account, carry_rules.Carry] = {}
        if self.usual.credit_expiry_periods is not None:
            self.carries = carries(
                [Account(firm_id=one) if of_firm else Account(one) for one in ids], period
            )

    def _late(self, ids: Sequence[int], *, of_firm: bool) -> dict[int, int]:
        holder = Line.firm_id if of_firm else Line.member_id
        query = select(holder, func.sum(Line.minutes)).where(
            Line.period_id == self.period.id,
            Line.origin_period_id.is_not(None),
            ~Line.key.like("merge:%"),
            holder.in_(ids),
        )
        query = query if of_firm else query.where(Line.firm_id.is_(None))
        rows = db.session.execute(query.group_by(holder))
        return {one: int(total) for one, total in rows if one is not None}

    def carry(self, account: Account, carry_in: int) -> carry_rules.Carry:
        """What an account took into the period, corrected."""
        posted = carry_in + self.late.get(account.firm_id or account.member_id, 0)
        known = self.carries.get(account)
        return known if known and known.minutes == posted else carry_rules.Carry.of(posted)


_GIVERS = select(Choice.member_id).where(Choice.gives_surplus, Choice.member_id.in_(_IDS))
_LEFT = select(Status.member_id).where(
    Status.until_at.is_(None), Status.state == "left", Status.member_id.in_(_IDS)
)


def carries(some: Sequence[Account], period: Period) -> dict[Account, carry_rules.Carry]:
    """What accounts take into a period, with the age of their credit, by replay."""
    before = [one for one in history.calendar() if one.ends_on <= period.starts_on]
    return {
        account: carry_rules.carried(carry_rules.Carry(), history.chain(past, before))
        for account, past in history.of_accounts(some).items()
    }


def _closing_lines(
    account: Account, row: Any, terms: _Terms, *, following: Period
) -> Iterable[tuple[ledger.Entry, bool]]:
    """The lines that end an account's period, each with whether the pool gets its minutes."""
    if account.member_id in terms.left:
        entry, pooled = carry_rules.settle(row.balance)
        yield _line(account, entry, terms.period, where=terms.period), bool(pooled.pool)
        return
    given = account.member_id in terms.givers
    carry = terms.carry(account, row.carry_in)
    done = row.balance - carry.minutes + row.owed
    usual = terms.generous if given else terms.usual
    found = carry_rules.close(carry, carry_rules.Facts(row.owed, done, usual))
    for entry in found.entries:
        where = following if entry.into_next else terms.period
        line = _line(account, entry, terms.period, where=where)
        surplus = entry.kind == "SURPLUS"
        if surplus and given:
            line = replace(line, reason=history.GIVEN)
        yield line, surplus and found.to_pool > 0


def _line(
    account: Account, entry: carry_rules.Entry, period: Period, *, where: Period
) -> ledger.Entry:
    return ledger.Entry(
        member_id=account.member_id or None,
        firm_id=account.firm_id or None,
        period_id=where.id,
        kind=entry.kind,
        minutes=entry.minutes,
        key=f"close:{period.id}:{account.label}:{entry.kind}",
        source_type=history.CLOSE,
        source_id=period.id,
    )


def plan_ahead(now: datetime) -> None:
    """See to it that there are periods for now and for the month to come."""
    today = now.date()
    ensure_period(today)
    ensure_period(today + timedelta(days=31))
    tomorrow = today + DAY
    db.session.execute(
        update(Period)
        .where(Period.state == "open", Period.starts_on > tomorrow)
        .values(state="planned")
    )
    db.session.execute(
        update(Period)
        .where(Period.state == "planned", Period.starts_on <= tomorrow)
        .values(state="open")
    )
