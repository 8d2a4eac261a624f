"""What moves cents between firms: reserved when signed, posted when accepted, released if not."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, insert, select, update

from incubator.domain.exchanges.ledger import door, policy
from incubator.domain.exchanges.ledger.events import CreditMoved
from incubator.domain.exchanges.ledger.models import Reservation
from incubator.domain.exchanges.ledger.rules import shortfall, whole_cents
from incubator.domain.exchanges.ledger.writing import (
    Draft,
    Posted,
    Shortfall,
    Signed,
    checked,
    refuse_beyond,
    told_before,
    write,
)
from incubator.kernel.db import Base, db, rows
from incubator.kernel.errors import Conflict, NotAllowed, NotFound, Refusal
from incubator.kernel.events import record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from incubator.network.members.actor import Actor

KINDS: Final = frozenset({"settle", "fee", "clearing", "opening", "adjustment"})
NAMED = 50
TABLE = Base.metadata.tables[Reservation.__tablename__]
_KEPT = select(TABLE.c.id, TABLE.c.account_id, TABLE.c.first_cents, TABLE.c.cents).where(
    TABLE.c.key == bindparam("of")
)
_LOWER = update(TABLE).where(TABLE.c.id == bindparam("of")).values(cents=bindparam("left"))
_KEEP = insert(TABLE)


def post(by: Actor | None, draft: Draft, *, now: datetime, second: Actor | None = None) -> Posted:
    """Move cents between accounts, all of it or nothing; told twice under one key, once.

    ``second`` is the other manager of an adjustment. Raise Refusal ``ledger.off``; NotFound
    ``ledger.account`` or ``ledger.reservation``; NotAllowed ``ledger.post``; Conflict
    ``ledger.key``; Shortfall, Excess and what else ``writing`` refuses; ValueError for a kind
    with a command of its own.
    """
    if draft.kind not in KINDS:
        msg = f"{draft.kind} has a command of its own"
        raise ValueError(msg)
    checked(draft)
    link = door.enter()
    held = door.accounts(draft.amounts)
    if not _allowed(by, draft, held, second=second, today=now.date()):
        raise NotAllowed("ledger.post")
    if found := told_before(draft):
        return found
    held = _released(draft, held)
    refuse_beyond(draft, held)
    signed = Signed(by_id=by.id if by else None, second_by_id=second.id if second else None)
    posted = write(draft, signed, held=held, link=link, now=now)
    tell(CreditMoved, draft, held=held, posted=posted, by_id=signed.by_id)
    return posted


def reserve(by: Actor | None, *, account_id: int, cents: int, key: str, now: datetime) -> None:
    """Keep cents of a line for what was signed; twice under one key is once.

    Raise Refusal ``ledger.off``, ``ledger.cents``, ``ledger.frozen``, ``ledger.closed``;
    NotFound ``ledger.account``; NotAllowed ``ledger.post``; Conflict ``ledger.key``; Shortfall.
    """
    if whole_cents(cents) <= 0:
        raise Refusal("ledger.cents")
    door.enter()
    held = door.account(account_id)
    (seat,) = door.seats(by, [held.firm_id or 0], today=now.date())
    if not policy.may_spend(by, seat):
        raise NotAllowed("ledger.post")
    if kept := rows(_KEPT, {"of": key}).one_or_none():
        if (kept.account_id, kept.first_cents) != (account_id, cents):
            raise Conflict("ledger.key")
        return
    if held.closed_at is not None:
        raise Refusal("ledger.closed", account_id=account_id)
    if held.state.limits.frozen:
        raise Refusal("ledger.frozen", account_id=account_id)
    if shortfall(held.state, cents):
        raise Shortfall(held, cents)
    values = {"account_id": account_id, "key": key, "first_cents": cents, "cents": cents}
    db.session.connection().execute(_KEEP, values | {"at": now})


def release(by: Actor | None, *, key: str, now: datetime) -> int:
    """Give back what a reservation still keeps; how many cents. Twice is once.

    People of the firm, and managers of its site who are not. Raise NotFound
    ``ledger.reservation``; NotAllowed ``ledger.post``.
    """
    door.enter(winding_down=True)
    kept = rows(_KEPT, {"of": key}).one_or_none()
    if kept is None:
        raise NotFound("ledger.reservation")
    held = door.account(kept.account_id)
    (seat,) = door.seats(by, [held.firm_id or 0], today=now.date())
    if not (policy.may_spend(by, seat) or (by is not None and policy.may_decide(by, seat))):
        raise NotAllowed("ledger.post")
    if kept.cents:
        db.session.connection().execute(_LOWER, {"of": kept.id, "left": 0})
    return int(kept.cents)


def tell(
    kind: type[CreditMoved],
    draft: Draft,
    *,
    held: Mapping[int, door.Held],
    posted: Posted,
    by_id: int | None,
    **more: int | bool,
) -> None:
    """Record what moved; the site is that of the parties, where they share one."""
    sites = {held[one].site_id for one in draft.amounts}
    firms = [held[one].firm_id for one in draft.amounts][: NAMED + 1]
    record(
        kind(
            actor_id=by_id,
            site_id=sites.pop() if len(sites) == 1 else None,
            txn_id=posted.id,
            kind=draft.kind,
            cents=sum(cents for cents in draft.amounts.values() if cents > 0),
            firm_ids=tuple(one for one in firms if one) if len(firms) <= NAMED else (),
            reason=draft.reason,
            **more,
        )
    )


def _allowed(
    by: Actor | None,
    draft: Draft,
    held: Mapping[int, door.Held],
    *,
    second: Actor | None,
    today: date,
) -> bool:
    """Whether they may: whoever receives takes it on; the second of two is another manager."""
    if by is None and draft.kind != "adjustment":
        return True
    firms = {held[one].firm_id: cents for one, cents in draft.amounts.items()}
    firms.pop(None, None)
    ids = [firm_id for firm_id in firms if firm_id]
    all_of = door.seats(by, ids, today=today)
    receivers = [seat for seat, firm_id in zip(all_of, ids, strict=True) if firms[firm_id] < 0]
    if not policy.may_post(by, draft.kind, receivers=receivers, all_of=all_of):
        return False
    if draft.kind != "adjustment":
        return True
    others = door.seats(second, ids, today=today)
    return (
        second is not None
        and by is not None
        and second.id != by.id
        and policy.may_decide_between(second, others)
    )


def _released(draft: Draft, held: Mapping[int, door.Held]) -> dict[int, door.Held]:
    """Lower the reservations that a transaction receives; the accounts as they stand then."""
    freed: Counter[int] = Counter()
    for key, cents in sorted(draft.releases.items()):
        kept = rows(_KEPT, {"of": key}).one_or_none()
        if kept is None or kept.account_id not in held:
            raise NotFound("ledger.reservation")
        if kept.cents < cents:
            raise Refusal("ledger.released", cents=kept.cents)
        db.session.connection().execute(_LOWER, {"of": kept.id, "left": kept.cents - cents})
        freed[kept.account_id] += cents
    return {
        number: replace(one, state=replace(one.state, reserved=one.state.reserved - freed[number]))
        for number, one in held.items()
    }
