"""The door of the ledger: whoever writes locks its head first, then accounts by their number.

So no two writers ever wait for each other, and what one reads of an account is what it changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, and_, bindparam, select

from incubator.domain.exchanges.ledger.models import Account, Head, SitePolicy
from incubator.domain.exchanges.ledger.policy import Seat
from incubator.domain.exchanges.ledger.rules import Limits, Policy, State
from incubator.kernel.db import BigId, db, rows
from incubator.kernel.errors import NotFound, Refusal
from incubator.network.members.cards import lasting
from incubator.network.members.firm_models import Firm, FirmRole

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from incubator.network.members.actor import Actor

AT_ONCE = 500
_HEAD = select(Head.length, Head.hash, Head.switched_on).where(Head.id == 1)
_LOCKED_HEAD = _HEAD.with_for_update()
_IDS = bindparam("ids", type_=BigId, expanding=True)
_ACCOUNTS = (
    select(
        Account.id,
        Account.kind,
        Account.firm_id,
        Account.balance,
        Account.entries,
        Account.given,
        Account.reserved,
        Account.lower_limit,
        Account.soft_limit,
        Account.upper_limit,
        Account.frozen,
        Account.closed_at,
        Account.negative_since,
        Firm.site_id,
        SitePolicy.start_cents,
        SitePolicy.growth_pct,
        SitePolicy.cap_cents,
        SitePolicy.upper_cents,
    )
    .outerjoin(Firm, Firm.id == Account.firm_id)
    .outerjoin(SitePolicy, SitePolicy.site_id == Firm.site_id)
    .where(Account.id.in_(_IDS))
    .order_by(Account.id)
)
_LOCKED_ACCOUNTS = _ACCOUNTS.with_for_update(of=Account)
_SEATS = (
    select(Firm.id, Firm.site_id, FirmRole.keeper)
    .outerjoin(
        FirmRole,
        and_(
            FirmRole.firm_id == Firm.id,
            FirmRole.member_id == bindparam("of", type_=BigId),
            lasting(bindparam("today", type_=Date)),
        ),
    )
    .where(Firm.id.in_(_IDS))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """An account as it stands, and what its site says of lines."""

    id: int
    kind: str
    firm_id: int | None
    site_id: int | None
    entries: int
    given: int
    state: State
    closed_at: datetime | None
    negative_since: datetime | None
    policy: Policy


@dataclass(frozen=True, slots=True)
class Link:
    """The head of the chain: how many transactions it holds, and the hash of the last."""

    length: int
    hash: str
    switched_on: bool


def head() -> Link:
    """The head as it is, without a lock."""
    return Link(*rows(_HEAD, {}).one())


def enter(*, winding_down: bool = False) -> Link:
    """Lock the ledger until the transaction ends.

    Raise Refusal ``ledger.off`` while mutual credit is off, unless what is done winds it down.
    """
    link = Link(*rows(_LOCKED_HEAD, {}).one())
    if not (link.switched_on or winding_down):
        raise Refusal("ledger.off")
    return link


def accounts(ids: Collection[int], *, locked: bool = True) -> dict[int, Held]:
    """The accounts of these numbers; raise NotFound ``ledger.account`` if one is missing."""
    wanted, found = sorted(ids), {}
    query = _LOCKED_ACCOUNTS if locked else _ACCOUNTS
    for start in range(0, len(wanted), AT_ONCE):
        for row in rows(query, {"ids": wanted[start : start + AT_ONCE]}):
            found[row.id] = _held(row)
    if len(found) != len(wanted):
        raise NotFound("ledger.account")
    return found


def account(account_id: int, *, locked: bool = True) -> Held:
    """The account of this number; raise NotFound ``ledger.account``."""
    return accounts([account_id], locked=locked)[account_id]


def of_firm(firm_id: int) -> int | None:
    """The number of a firm's account, if it has one."""
    return db.session.scalar(select(Account.id).where(Account.firm_id == firm_id))


def fund_id() -> int:
    """The number of the common fund's account; raise NotFound before there is one."""
    found = db.session.scalar(select(Account.id).where(Account.kind == "fund"))
    if found is None:
        raise NotFound("ledger.account")
    return found


def seats(by: Actor | None, firm_ids: Iterable[int], *, today: date) -> list[Seat]:
    """What an actor is to each of these firms, in their order."""
    ids = list(firm_ids)
    found: dict[int, Seat] = {}
    for start in range(0, len(ids), AT_ONCE):
        asked = {"ids": ids[start : start + AT_ONCE], "of": by.id if by else None, "today": today}
        for firm_id, site_id, keeper in rows(_SEATS, asked):
            before = found.get(firm_id)
            found[firm_id] = Seat(
                site_id=site_id,
                works_there=keeper is not None,
                keeps_it=bool(keeper) or (before is not None and before.keeps_it),
            )
    if len(found) != len(set(ids)):
        raise NotFound("firms.firm")
    return [found[firm_id] for firm_id in ids]


def _held(row: Any) -> Held:
    limits = Limits(
        lower=row.lower_limit, soft=row.soft_limit, upper=row.upper_limit, frozen=row.frozen
    )
    own = row.start_cents is not None
    return Held(
        id=row.id,
        kind=row.kind,
        firm_id=row.firm_id,
        site_id=row.site_id,
        entries=row.entries,
        given=row.given,
        state=State(balance=row.balance, reserved=row.reserved, limits=limits),
        closed_at=row.closed_at,
        negative_since=row.negative_since,
        policy=Policy(
            start_cents=row.start_cents,
            growth_pct=row.growth_pct,
            cap_cents=row.cap_cents,
            upper_cents=row.upper_cents,
        )
        if own
        else Policy(),
    )
