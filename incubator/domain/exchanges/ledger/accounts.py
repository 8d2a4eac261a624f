"""Accounts of firms: opened, their limits decided, frozen, closed at nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from incubator.domain.exchanges.ledger import door, policy
from incubator.domain.exchanges.ledger.events import (
    CreditAccountClosed,
    CreditAccountOpened,
    CreditLimitsChanged,
)
from incubator.domain.exchanges.ledger.limits import change_limits
from incubator.domain.exchanges.ledger.models import Account, LimitChange, SitePolicy
from incubator.domain.exchanges.ledger.rules import (
    Policy,
    coming_back,
    limits_of,
    line_for,
    whole_cents,
)
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.events import record
from incubator.network.members.firm_queries import with_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.domain.exchanges.ledger.rules import Limits
    from incubator.network.members.actor import Actor

MOST_REASON = 300
LEAST_START, MOST_START, ALL_PCT = 250_00, 1_000_00, 100


def open_account(by: Actor | None, *, firm_id: int, now: datetime) -> int:
    """Let a firm take part, with the first line of its site; the number of its account.

    Twice is once; a firm that left comes back to its old account, no further than it could go
    and as frozen as it was. Raise NotFound ``firms.firm``; NotAllowed ``ledger.open``; Refusal
    ``ledger.off``.
    """
    door.enter()
    firm = with_id(firm_id)
    (seat,) = door.seats(by, [firm_id], today=now.date())
    if not policy.may_open(by, seat):
        raise NotAllowed("ledger.open")
    account_id = door.of_firm(firm_id)
    if account_id is not None and door.account(account_id).closed_at is None:
        return account_id
    known = account_id is not None
    if account_id is None:
        made = Account(kind="firm", firm_id=firm_id, opened_at=now)
        db.session.add(made)
        db.session.flush()
        account_id = made.id
    db.session.execute(update(Account).where(Account.id == account_id).values(closed_at=None))
    held = door.account(account_id)
    by_id = by.id if by else None
    limits = coming_back(held.state.limits, held.policy, held.given) if known else _first(held)
    change_limits(account_id, limits, cause="opening", by_id=by_id, now=now)
    record(
        CreditAccountOpened(
            actor_id=by_id, site_id=firm.site_id, firm_id=firm_id, line_cents=-limits.lower
        )
    )
    return account_id


def _first(held: door.Held) -> Limits:
    return limits_of(line_for(held.policy, held.given), upper=held.policy.upper_cents)


def set_line(
    by: Actor, *, account_id: int, line: int, upper: int | None, comment: str, now: datetime
) -> None:
    """Decide how far an account may go, in cents: ``line`` below 0 and ``upper`` above it.

    The fund's limits are for administrators. Raise NotAllowed ``ledger.decide``; Refusal
    ``ledger.cents``, ``ledger.limits`` or ``ledger.reason``.
    """
    if whole_cents(line) < 0 or (upper is not None and whole_cents(upper) < 0):
        raise Refusal("ledger.limits", field="line")
    held = _decided(by, account_id, comment=comment, now=now)
    limits = limits_of(line, upper=upper, frozen=held.state.limits.frozen)
    _decide(by, held, limits, comment=comment.strip(), now=now)


def freeze(by: Actor, *, account_id: int, frozen: bool, comment: str, now: datetime) -> None:
    """Let an account receive nothing more until it is thawed; it may always give.

    Raise as ``set_line`` does.
    """
    held = _decided(by, account_id, comment=comment, now=now)
    limits = replace(held.state.limits, frozen=frozen)
    if limits != held.state.limits:
        _decide(by, held, limits, comment=comment.strip(), now=now)


def close_account(by: Actor | None, *, account_id: int, now: datetime) -> None:
    """Let a firm leave that owes nothing and is owed nothing; twice is once.

    Raise NotAllowed ``ledger.open``; Refusal ``ledger.balance`` unless balance and reservations
    are 0: then the fund may take over (``departures``).
    """
    door.enter(winding_down=True)
    held = door.account(account_id)
    (seat,) = door.seats(by, [held.firm_id or 0], today=now.date())
    if not policy.may_open(by, seat):
        raise NotAllowed("ledger.open")
    if held.closed_at is None:
        shut(by.id if by else None, held, now=now)


def shut(by_id: int | None, held: door.Held, *, now: datetime) -> None:
    """Close an account that stands at nothing; the caller entered the door and may do so."""
    if held.firm_id is None or held.state.balance or held.state.reserved:
        raise Refusal("ledger.balance")
    db.session.execute(update(Account).where(Account.id == held.id).values(closed_at=now))
    record(CreditAccountClosed(actor_id=by_id, site_id=held.site_id, firm_id=held.firm_id))


def set_site_policy(by: Actor, *, site_id: int, chosen: Policy) -> None:
    """Say with what line the firms of a site begin from now on, and how lines grow.

    Lines that exist stay as they are. Raise NotAllowed ``ledger.policy``; Refusal
    ``ledger.cents``, or ``ledger.start`` for a first line outside 250–1,000 €.
    """
    if not policy.may_set_policy(by, site_id):
        raise NotAllowed("ledger.policy")
    for cents in (chosen.start_cents, chosen.cap_cents, chosen.upper_cents):
        whole_cents(cents)
    in_reach = LEAST_START <= chosen.start_cents <= min(MOST_START, chosen.cap_cents)
    if not (in_reach and 0 <= chosen.growth_pct <= ALL_PCT and chosen.upper_cents > 0):
        raise Refusal("ledger.start", field="start")
    db.session.merge(
        SitePolicy(
            site_id=site_id,
            start_cents=chosen.start_cents,
            growth_pct=chosen.growth_pct,
            cap_cents=chosen.cap_cents,
            upper_cents=chosen.upper_cents,
        )
    )
    db.session.flush()


def site_policy(site_id: int) -> Policy:
    """With what line the firms of a site begin and how it grows; the house's where none is set."""
    row = db.session.get(SitePolicy, site_id)
    if row is None:
        return Policy()
    return Policy(
        start_cents=row.start_cents,
        growth_pct=row.growth_pct,
        cap_cents=row.cap_cents,
        upper_cents=row.upper_cents,
    )


def limit_history(account_id: int) -> Sequence[LimitChange]:
    """Every change of the limits of an account, the latest first."""
    return db.session.scalars(
        select(LimitChange)
        .where(LimitChange.account_id == account_id)
        .order_by(LimitChange.id.desc())
    ).all()


def _decided(by: Actor, account_id: int, *, comment: str, now: datetime) -> door.Held:
    if not 0 < len(comment.strip()) <= MOST_REASON:
        raise Refusal("ledger.reason", field="comment")
    door.enter(winding_down=True)
    held = door.account(account_id)
    if held.firm_id is None:
        allowed = by.is_administrator
    else:
        (seat,) = door.seats(by, [held.firm_id], today=now.date())
        allowed = policy.may_decide(by, seat)
    if not allowed:
        raise NotAllowed("ledger.decide")
    return held


def _decide(by: Actor, held: door.Held, limits: Limits, *, comment: str, now: datetime) -> None:
    change_limits(held.id, limits, cause="decision", by_id=by.id, now=now, comment=comment)
    record(
        CreditLimitsChanged(
            actor_id=by.id,
            site_id=held.site_id,
            firm_id=held.firm_id,
            cause="decision",
            line_cents=-limits.lower,
            frozen=limits.frozen,
            comment=comment,
        )
    )
