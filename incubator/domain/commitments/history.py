"""What closed periods were reckoned from, by account: read once for many accounts, for replays."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, cast

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from incubator.domain.commitments import carry_rules
from incubator.domain.commitments.accounts import Account
from incubator.domain.commitments.ledger_models import Line
from incubator.domain.commitments.models import Period, Rule
from incubator.domain.commitments.promise_models import Obligation
from incubator.kernel.db import db, read_once

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


CLOSE = "close"
GIVEN = "given"  # the reason of a surplus that its member chose to give
ENDINGS = frozenset({"CARRY_OUT", "SURPLUS", "WAIVED_DEBT", "EXIT"})
CARRIED = frozenset({"CARRY_IN", "DUE", *ENDINGS})


@dataclass(slots=True)
class Past:
    """An account's period as the ledger has it, in minutes.

    ``done`` is all but what is owed and carried; ``carried`` came from the closing before;
    ``late`` are corrections of earlier periods, with what of them went to the pool; ``pooled`` is
    what the pool was given. ``given``: the surplus was the pool's by choice; ``exit``: the member
    left, and their credit was the pool's or lapsed.
    """

    due: int = 0
    done: int = 0
    carried: int = 0
    late: int = 0
    corrections: int = 0
    pooled: int = 0
    given: bool = False
    ended: bool = False
    exit: Literal["", "pool", "expire"] = ""


@dataclass(slots=True)
class History:
    """An account's periods by id, and the first closed one that late facts have touched."""

    periods: dict[int, Past] = field(default_factory=lambda: defaultdict(Past))
    origins: set[int] = field(default_factory=set)

    def posted(self, period_id: int) -> int:
        """What a period holds of the past: what was carried in, and corrections."""
        past = self.periods[period_id]
        return past.carried + past.late


def of_accounts(accounts: Sequence[Account]) -> dict[Account, History]:
    """The history of members or firms (not both at once): two queries, however many they are."""
    histories = {account: History() for account in accounts}
    if accounts:
        of_firm = bool(accounts[0].firm_id)
        for row in db.session.execute(_sums(accounts, of_firm=of_firm)):
            history = histories[_account(row.holder, of_firm=of_firm)]
            _add(history.periods[row.period_id], row)
            if row.origin_period_id and not row.moved:
                history.origins.add(row.origin_period_id)
        for row in db.session.execute(_owed(accounts, of_firm=of_firm)):
            history = histories[_account(row.holder, of_firm=of_firm)]
            history.periods[row.period_id].due = row.minutes
    return histories


def _account(holder: int, *, of_firm: bool) -> Account:
    return Account(firm_id=holder) if of_firm else Account(holder)


def _ids(accounts: Sequence[Account]) -> list[int]:
    return [one.firm_id or one.member_id for one in accounts]


def _sums(accounts: Sequence[Account], *, of_firm: bool) -> Any:
    original = aliased(Line)
    holder = Line.firm_id if of_firm else Line.member_id
    columns = (
        holder.label("holder"),
        Line.period_id,
        Line.origin_period_id,
        func.coalesce(original.kind, Line.kind).label("kind"),
        # What a merge has moved was this member's all along, as far as they are concerned now.
        func.coalesce(original.key, Line.key).like("merge:%").label("moved"),
        Line.group_id.is_not(None).label("grouped"),
        Line.reason,
    )
    sums = (func.sum(Line.minutes).label("minutes"), func.count(Line.id).label("lines"))
    query = (
        select(*columns, *sums)
        .outerjoin(original, original.id == Line.reverses_id)
        .where(holder.in_(_ids(accounts)))
        .group_by(*columns)
    )
    return query if of_firm else query.where(Line.firm_id.is_(None))


def _add(past: Past, row: Any) -> None:
    minutes = int(row.minutes)
    if row.kind in ENDINGS and not row.moved and row.origin_period_id is None:
        past.ended = True
        _end(past, row, minutes)
    elif row.origin_period_id is not None and not row.moved:
        past.late += minutes
        past.corrections += row.lines
        past.pooled -= minutes if row.grouped else 0
    elif row.kind not in CARRIED or row.moved:
        past.done += minutes
    elif row.kind == "DUE":
        past.due -= minutes
    else:
        past.carried += minutes


def _end(past: Past, row: Any, minutes: int) -> None:
    past.pooled -= minutes if row.grouped else 0
    if row.kind == "SURPLUS":
        past.given = past.given or row.reason == GIVEN
    if row.kind == "EXIT":
        past.exit = "pool" if row.grouped or past.exit == "pool" else "expire"


def _owed(accounts: Sequence[Account], *, of_firm: bool) -> Any:
    """The latest reckoning of what was owed; that of a closed period may be newer than its line."""
    holder = Obligation.firm_id if of_firm else Obligation.member_id
    latest = (
        select(holder.label("holder"), Obligation.period_id, func.max(Obligation.rev).label("rev"))
        .where(holder.in_(_ids(accounts)))
        .group_by(holder, Obligation.period_id)
        .subquery()
    )
    return select(holder.label("holder"), Obligation.period_id, Obligation.minutes).join(
        latest,
        (latest.c.holder == holder)
        & (latest.c.period_id == Obligation.period_id)
        & (latest.c.rev == Obligation.rev),
    )


def calendar() -> Sequence[Period]:
    """Every period, in order."""
    ordered = select(Period).order_by(Period.starts_on)
    return db.session.scalars(ordered.execution_options(populate_existing=True)).all()


def terms_of(rule_id: int) -> carry_rules.Terms:
    """How a rule lets credit and debt be carried."""

    def read() -> carry_rules.Terms:
        rule = db.session.get_one(Rule, rule_id)
        return carry_rules.Terms(
            rule.credit_cap,
            rule.debt_cap,
            cast("carry_rules.Surplus", rule.surplus),
            rule.credit_expiry_periods,
            cast("Literal['keep', 'cut']", rule.lowered_cap),
        )

    return read_once(("terms", rule_id), read)


def facts(period: Period, past: Past, *, delta: int = 0) -> carry_rules.Facts:
    """A closed period for the rules; ``delta`` is what later facts add to it."""
    terms = terms_of(period.rule_id)
    if past.exit:
        terms = replace(terms, credit_cap=0, debt_cap=0, surplus=past.exit, lowered_cap="cut")
    elif past.given:
        terms = generous(terms)
    return carry_rules.Facts(past.due, past.done + delta, terms)


def generous(terms: carry_rules.Terms) -> carry_rules.Terms:
    """The terms of who gives all surplus to the pool."""
    return replace(terms, credit_cap=0, surplus="pool", lowered_cap="cut")


def chain(
    history: History, closed: Sequence[Period], *, deltas: Mapping[int, int] | None = None
) -> list[carry_rules.Facts]:
    """The closed periods of an account for a replay, from the first that it has anything in."""
    added = deltas or {}
    known = [
        number
        for number, period in enumerate(closed)
        if period.id in history.periods or added.get(period.id)
    ]
    return [
        facts(period, history.periods[period.id], delta=added.get(period.id, 0))
        for period in (closed[known[0] :] if known else ())
    ]
