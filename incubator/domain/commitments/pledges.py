"""Promises, and what they make a member owe: charged to the ledger, safe to repeat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from incubator.domain.commitments import (
    dues,
    foreseeing,
    leaving,
    planned,
    policy,
    promise_history,
    rules,
)
from incubator.domain.commitments.accounts import Account
from incubator.domain.commitments.dues import post_due
from incubator.domain.commitments.events import PledgeMade
from incubator.domain.commitments.periods import rule_on
from incubator.domain.commitments.promise_models import Pledge
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.kernel.jobs import later
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor

TICK = "commitments.tick"
MOST = 60 * 24 * 31  # minutes: a month has no more
WHOLE = 100  # percent


@dataclass(frozen=True, slots=True)
class Shares:
    """Percents of a promise: least at the home site, which only warns, and most by help.

    None leaves help to the rule.
    """

    min_home_pct: int = 0
    help_max_pct: int | None = None


NO_SHARES = Shares()


def pledge(
    actor: Actor,
    *,
    member_id: int,
    minutes_per_period: int,
    valid_from: date,
    valid_to: date | None = None,
    charter_version_id: int | None = None,
    shares: Shares = NO_SHARES,
    now: datetime,
) -> Pledge:
    """Record a member's promise from a day on; it takes the place of what was promised for then.

    ``charter_version_id`` is the charter they had signed. What is owed is charged at once. Raise
    Refusal ``commitments.pledge_minutes``, ``pledge_order``, ``pledge_share``, ``before_joining``
    or ``too_long_ago``.
    """
    member = _found(db.session.get(Member, member_id, with_for_update=True))
    _check(actor, member, now=now, minutes=minutes_per_period, days=(valid_from, valid_to))
    _check_shares(shares)
    ended = _make_room(member_id, valid_from, valid_to)
    made = Pledge(
        member_id=member_id,
        minutes_per_period=minutes_per_period,
        home_site_id=member.home_site_id,
        valid_from=valid_from,
        valid_to=valid_to,
        signed_at=now,
        signed_by_id=actor.id,
        charter_version_id=charter_version_id,
        min_home_pct=shares.min_home_pct,
        help_max_pct=shares.help_max_pct,
    )
    db.session.add(made)
    db.session.flush()
    promise_history.note([*ended, made], now=now)
    leaving.come_back(member_id, now=now)
    post_due(now=now, since=valid_from, member_ids=[member_id])
    planned.keep([member_id], now=now)
    arm(now)
    _tell(made, member, actor)
    return made


def _tell(made: Pledge, member: Member, actor: Actor) -> None:
    record(
        PledgeMade(
            actor_id=actor.id,
            site_id=member.home_site_id,
            pledge_id=made.id,
            member_id=member.id,
            minutes_per_period=made.minutes_per_period,
        )
    )


def foresee(
    actor: Actor,
    *,
    member_id: int,
    minutes_per_period: int,
    valid_from: date,
    valid_to: date | None = None,
    now: datetime,
) -> tuple[foreseeing.Change, ...]:
    """What a promise that is not recorded yet would make the member owe; nothing is written.

    Raise the refusals of ``pledge``.
    """
    member = _found(db.session.get(Member, member_id))
    _check(actor, member, now=now, minutes=minutes_per_period, days=(valid_from, valid_to))
    made = Pledge(
        minutes_per_period=minutes_per_period,
        home_site_id=member.home_site_id,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    account = Account(member_id)
    return foreseeing.changes(
        valid_from, None, lambda period: dues.with_pledge(account, period, made), now=now
    )


def _found(member: Member | None) -> Member:
    if member is None or not member.active:
        raise NotFound("commitments.member")
    return member


def _check(
    actor: Actor,
    member: Member,
    *,
    now: datetime,
    minutes: int,
    days: tuple[date, date | None],
) -> None:
    if not policy.may_pledge(actor, member):
        raise NotAllowed("commitments.not_yours_to_pledge")
    check_terms(minutes, *days)
    _check_start(member, days[0], actor=actor, now=now)


def _check_shares(shares: Shares) -> None:
    """Refuse what is no percentage."""
    for name in ("min_home_pct", "help_max_pct"):
        if not 0 <= (getattr(shares, name) or 0) <= WHOLE:
            raise Refusal("commitments.pledge_share", field=name)


def check_terms(minutes: int, valid_from: date, valid_to: date | None) -> None:
    """Refuse what no promise may be: too much, in odd minutes, or over before it begins."""
    if not 0 <= minutes <= MOST or minutes % rule_on(valid_from).round_to:
        raise Refusal("commitments.pledge_minutes", field="duration", most=MOST // 60)
    if valid_to is not None and valid_to <= valid_from:
        raise Refusal("commitments.pledge_order", field="valid_from")


def _check_start(member: Member, valid_from: date, *, actor: Actor, now: datetime) -> None:
    """A promise may begin in the future, but not before its member nor long ago."""
    today = rules.civil_day(now, actor.time_zone)
    rules.check_day(
        min(valid_from, today),
        today=today,
        joined_on=date.min,
        back_days=None if actor.is_administrator else rule_on(today).back_days,
    )
    if valid_from < rules.civil_day(member.joined_at, actor.time_zone):
        raise Refusal("commitments.before_joining", field="valid_from")


def _make_room(member_id: int, start: date, end: date | None) -> Sequence[Pledge]:
    """End the promises that would share a day with [start, end); none is removed."""
    ended = db.session.scalars(
        select(Pledge).where(
            Pledge.member_id == member_id,
            or_(Pledge.valid_to.is_(None), Pledge.valid_to > start),
            Pledge.valid_from < (end or rules.FOREVER),
        )
    ).all()
    for old in ended:
        old.valid_to = max(start, old.valid_from)
    db.session.flush()
    return ended


def arm(now: datetime) -> None:
    """See to it that the charging job runs in the first minutes of the next UTC day, once."""
    midnight = now.replace(hour=0, minute=5, second=0, microsecond=0) + timedelta(days=1)
    later(TICK, {}, at=midnight, key=f"{TICK}:{midnight:%Y-%m-%d}")
