"""What other rules would do to real balances: a dry run over every account, in batches.

The open period is closed twice in thought, by its own rule and by the other, with what is known
now. Nothing is written. How presence is rounded and which sessions are believed concerns facts to
come: it has no place in a dry run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

from sqlalchemy import func, select

from incubator.domain.commitments import carry_rules, closing, dues
from incubator.domain.commitments.accounts import Account
from incubator.domain.commitments.ledger_models import FirmStanding, Line, Standing
from incubator.domain.commitments.models import Rule
from incubator.domain.commitments.reviews import current_period
from incubator.domain.commitments.rule_versions import RuleTerms
from incubator.domain.commitments.wanted import CAP
from incubator.kernel.db import db
from incubator.network.members.firm_models import Firm
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from incubator.domain.commitments.due_rules import Basis
    from incubator.domain.commitments.models import Period

BATCH = 500
MOST_SHOWN = 60
FULL = 100


@dataclass(slots=True)
class Side:
    """Sums of a way to close the period, in minutes."""

    owed: int = 0
    credit: int = 0
    debt: int = 0
    waived: int = 0
    pooled: int = 0
    expired: int = 0

    def add(self, owed: int, found: carry_rules.Closing) -> None:
        """One more account."""
        carried = found.carry.minutes
        self.owed += owed
        self.credit += max(0, carried)
        self.debt += max(0, -carried)
        self.waived += found.waived
        self.pooled += found.to_pool
        self.expired += found.expired + found.above_cap - found.to_pool


@dataclass(frozen=True, slots=True)
class Change:
    """An account that would carry something else, in minutes; ``member_id`` is None for a firm."""

    name: str
    slug: str
    member_id: int | None
    before: int
    after: int


@dataclass(slots=True)
class Preview:
    """What would be otherwise: sums of both sides, and the first accounts by name."""

    period: Period | None
    before: Side = field(default_factory=Side)
    after: Side = field(default_factory=Side)
    accounts: int = 0
    better: int = 0
    worse: int = 0
    changes: list[Change] = field(default_factory=list)

    @property
    def same(self) -> int:
        """How many accounts would carry the same."""
        return self.accounts - self.better - self.worse


def preview(terms: RuleTerms | None, more: Mapping[Account, int] | None = None) -> Preview:
    """The dry run, over members and then firms.

    Without ``terms`` by the rules as they are; ``more`` are minutes that would count besides.
    """
    period = current_period()
    found = Preview(period)
    if period is None:
        return found
    own = RuleTerms.of(db.session.get_one(Rule, period.rule_id))
    sides = _Sides(own, terms or own, more or {})
    differing: list[tuple[Account, int, int]] = []
    for of_firm in (False, True):
        after = 0
        while rows := _accounts(period, after, of_firm=of_firm):
            differing += _run(rows, period, sides, found=found, of_firm=of_firm)
            after = rows[-1].holder
    found.changes = _named(differing)
    return found


class _Sides(NamedTuple):
    """The rules as they are, the other ones, and minutes that only the second side counts."""

    own: RuleTerms
    other: RuleTerms
    more: Mapping[Account, int]


def _accounts(period: Period, after: int, *, of_firm: bool) -> Sequence[Any]:
    model: Any = FirmStanding if of_firm else Standing
    holder = model.firm_id if of_firm else model.member_id
    return db.session.execute(
        select(holder.label("holder"), model.carry_in, model.owed, model.help, model.balance)
        .where(model.period_id == period.id, holder > after)
        .order_by(holder)
        .limit(BATCH)
    ).all()


def _run(
    rows: Sequence[Any],
    period: Period,
    sides: _Sides,
    *,
    found: Preview,
    of_firm: bool,
) -> list[tuple[Account, int, int]]:
    """Close a batch both ways; the accounts that would carry something else."""
    own, other, more = sides
    some = [Account(firm_id=row.holder) if of_firm else Account(row.holder) for row in rows]
    extra = _Extra(some, period, (own, other), of_firm=of_firm)
    differing = []
    for account, row in zip(some, rows, strict=True):
        carry, done = extra.carry(account, row)
        one = carry_rules.close(carry, carry_rules.Facts(row.owed, done, carry_terms(own)))
        owed = extra.owed.get(account, row.owed)
        helped = done + extra.help_change(row, owed) + more.get(account, 0)
        two = carry_rules.close(carry, carry_rules.Facts(owed, helped, carry_terms(other)))
        found.before.add(row.owed, one)
        found.after.add(owed, two)
        before, after = one.carry.minutes, two.carry.minutes
        found.accounts += 1
        found.better += after > before
        found.worse += after < before
        if before != after:
            differing.append((account, before, after))
    return differing


class _Extra:
    """What a batch needs beyond its standings: few statements, however many accounts."""

    def __init__(
        self,
        some: Sequence[Account],
        period: Period,
        both: tuple[RuleTerms, RuleTerms],
        *,
        of_firm: bool,
    ) -> None:
        own, other = both
        self.cap = (own.help_cap_pct, other.help_cap_pct)
        ids = [one.firm_id or one.member_id for one in some]
        self.late = _late(ids, period, of_firm=of_firm)
        self.trimmed = _trimmed(ids, period, of_firm=of_firm) if self.cap[0] < FULL else {}
        self.owed: Mapping[Account, int] = {}
        if own.basis != other.basis:
            self.owed = dues.on_basis(some, period, cast("Basis", other.basis))
        aged = own.credit_expiry_periods or other.credit_expiry_periods
        self.carries = closing.carries(some, period) if aged else {}

    def carry(self, account: Account, row: Any) -> tuple[carry_rules.Carry, int]:
        """What an account took into the period, corrected, and what it did in it."""
        posted = row.carry_in + self.late.get(row.holder, 0)
        known = self.carries.get(account)
        carry = known if known and known.minutes == posted else carry_rules.Carry.of(posted)
        return carry, row.balance - posted + row.owed

    def help_change(self, row: Any, owed: int) -> int:
        """What another cap of help would add or take."""
        own, other = self.cap
        if own == other == FULL:
            return 0
        counted = int(row.help)
        whole = counted + self.trimmed.get(row.holder, 0)
        capped = owed > 0 and other < FULL
        return (min(whole, owed * other // FULL) if capped else whole) - counted


def _late(ids: Sequence[int], period: Period, *, of_firm: bool) -> dict[int, int]:
    return _sums(ids, period, Line.origin_period_id.is_not(None), of_firm=of_firm)


def _trimmed(ids: Sequence[int], period: Period, *, of_firm: bool) -> dict[int, int]:
    """What the cap has taken, as a positive number."""
    taken = _sums(ids, period, Line.source_type == CAP, of_firm=of_firm)
    return {holder: -minutes for holder, minutes in taken.items()}


def _sums(ids: Sequence[int], period: Period, which: Any, *, of_firm: bool) -> dict[int, int]:
    holder = Line.firm_id if of_firm else Line.member_id
    query = select(holder, func.sum(Line.minutes)).where(
        Line.period_id == period.id, holder.in_(ids), which
    )
    query = query if of_firm else query.where(Line.firm_id.is_(None))
    rows = db.session.execute(query.group_by(holder))
    return {one: int(minutes) for one, minutes in rows if one is not None}


def carry_terms(terms: RuleTerms) -> carry_rules.Terms:
    """How a version lets credit and debt be carried."""
    return carry_rules.Terms(
        terms.credit_cap,
        terms.debt_cap,
        cast("carry_rules.Surplus", terms.surplus),
        terms.credit_expiry_periods,
        cast("Literal['keep', 'cut']", terms.lowered_cap),
    )


def _named(differing: Iterable[tuple[Account, int, int]]) -> list[Change]:
    """The first of them by name: nobody is ranked by minutes."""
    by_account = {account: (before, after) for account, before, after in differing}
    changes = []
    for row, key in ((Member, "member_id"), (Firm, "firm_id")):
        ids = [getattr(one, key) for one in by_account if getattr(one, key)]
        if not ids:
            continue
        model: Any = row
        names = db.session.execute(
            select(model.id, model.name, model.slug)
            .where(model.id.in_(ids))
            .order_by(model.sort_name, model.id)
            .limit(MOST_SHOWN)
        )
        for one, name, slug in names:
            account = Account(one) if key == "member_id" else Account(firm_id=one)
            before, after = by_account[account]
            member_id = one if key == "member_id" else None
            changes.append(Change(name, slug, member_id, before, after))
    return changes
