"""Promises of firms: signed by who keeps the firm; its people's hours keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from incubator.domain.commitments import (
    accounts,
    counting,
    dues,
    planned,
    pledges,
    promise_history,
    rules,
)
from incubator.domain.commitments.accounts import Account
from incubator.domain.commitments.events import FirmPledgeMade
from incubator.domain.commitments.promise_models import Pledge
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.network.members import firm_policy
from incubator.network.members.firm_models import Firm
from incubator.network.members.firm_queries import standing_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from incubator.network.members.actor import Actor


def pledge_firm(
    actor: Actor,
    *,
    firm_id: int,
    minutes_per_period: int,
    valid_from: date,
    valid_to: date | None = None,
    now: datetime,
) -> Pledge:
    """Record the promise of a firm from a day on; it takes the place of what was promised then.

    Hours of its people who promised nothing themselves keep it, from that day on. Raise NotAllowed
    ``commitments.not_yours_to_sign``, Refusal ``pledge_minutes``, ``pledge_order``,
    ``too_long_ago``.
    """
    firm = db.session.get(Firm, firm_id, with_for_update={"key_share": True})
    if firm is None:
        raise NotFound("commitments.firm")
    today = rules.civil_day(now, actor.time_zone)
    if not firm_policy.may_keep(actor, standing_of(firm, today)):
        raise NotAllowed("commitments.not_yours_to_sign")
    pledges.check_terms(minutes_per_period, valid_from, valid_to)
    if valid_from < today.replace(day=1) and not actor.is_administrator:
        # A promise dated back would move hours of others that were counted for themselves.
        raise Refusal("commitments.firm_pledge_past", field="valid_from")
    ended = _make_room(firm_id, valid_from, valid_to)
    made = Pledge(
        firm_id=firm_id,
        minutes_per_period=minutes_per_period,
        home_site_id=firm.site_id,
        valid_from=valid_from,
        valid_to=valid_to,
        signed_at=now,
        signed_by_id=actor.id,
    )
    db.session.add(made)
    db.session.flush()
    promise_history.note([*ended, made], now=now)
    _follow(Account(firm_id=firm_id), valid_from, actor_id=actor.id, now=now)
    planned.keep(accounts.people_of(Account(firm_id=firm_id)), now=now)
    _tell(made, firm, actor)
    return made


def _tell(made: Pledge, firm: Firm, actor: Actor) -> None:
    record(
        FirmPledgeMade(
            actor_id=actor.id,
            site_id=firm.site_id,
            pledge_id=made.id,
            firm_id=firm.id,
            minutes_per_period=made.minutes_per_period,
        )
    )


def _make_room(firm_id: int, start: date, end: date | None) -> Sequence[Pledge]:
    ended = db.session.scalars(
        select(Pledge).where(
            Pledge.firm_id == firm_id,
            or_(Pledge.valid_to.is_(None), Pledge.valid_to > start),
            Pledge.valid_from < (end or rules.FOREVER),
        )
    ).all()
    for old in ended:
        old.valid_to = max(start, old.valid_from)
    db.session.flush()
    return ended


def _follow(account: Account, since: date, *, actor_id: int, now: datetime) -> None:
    """Charge the firm, and let the hours of its people keep the promise."""
    dues.charge([account], dues.periods_since(since, now=now), now=now)
    for member_id in accounts.people_of(account):
        counting.recount_open(member_id, actor_id=actor_id, now=now)
