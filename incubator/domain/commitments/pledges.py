"""Promises, and what they make a member owe: charged to the ledger, safe to repeat."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from incubator.domain.commitments import ledger, policy, rules
from incubator.domain.commitments.events import PledgeMade
from incubator.domain.commitments.ledger_models import Line
from incubator.domain.commitments.models import Period
from incubator.domain.commitments.periods import ensure_period, rule_on
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
LOOK_BACK = timedelta(days=62)


def pledge(
    actor: Actor,
    *,
    member_id: int,
    minutes_per_period: int,
    valid_from: date,
    valid_to: date | None = None,
    now: datetime,
) -> Pledge:
    """Record a member's promise from a day on; it takes the place of what was promised for then.

    What is owed is charged at once. Raise Refusal ``commitments.pledge_minutes``,
    ``pledge_order``, ``before_joining`` or ``too_long_ago``.
    """
    member = db.session.get(Member, member_id, with_for_update=True)
    if member is None or not member.active:
        raise NotFound("commitments.member")
    if not policy.may_pledge(actor, member):
        raise NotAllowed("commitments.not_yours_to_pledge")
    _check_terms(minutes_per_period, valid_from, valid_to)
    _check_start(member, valid_from, actor=actor, now=now)
    _make_room(member_id, valid_from, valid_to)
    made = Pledge(
        member_id=member_id,
        minutes_per_period=minutes_per_period,
        home_site_id=member.home_site_id,
        valid_from=valid_from,
        valid_to=valid_to,
        signed_at=now,
        signed_by_id=actor.id,
    )
    db.session.add(made)
    db.session.flush()
    post_due(now=now, since=valid_from, member_ids=[member_id])
    arm(now)
    record(
        PledgeMade(
            actor_id=actor.id,
            site_id=member.home_site_id,
            pledge_id=made.id,
            member_id=member_id,
            minutes_per_period=minutes_per_period,
        )
    )
    return made


def _check_terms(minutes: int, valid_from: date, valid_to: date | None) -> None:
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


def _make_room(member_id: int, start: date, end: date | None) -> None:
    """End the promises that would share a day with [start, end); none is removed."""
    for old in db.session.scalars(
        select(Pledge).where(
            Pledge.member_id == member_id,
            or_(Pledge.valid_to.is_(None), Pledge.valid_to > start),
            Pledge.valid_from < (end or rules.FOREVER),
        )
    ):
        old.valid_to = max(start, old.valid_from)
    db.session.flush()


def arm(now: datetime) -> None:
    """See to it that the charging job runs in the first minutes of the next UTC day, once."""
    midnight = now.replace(hour=0, minute=5, second=0, microsecond=0) + timedelta(days=1)
    later(TICK, {}, at=midnight, key=f"{TICK}:{midnight:%Y-%m-%d}")


@dataclass
class _Account:
    """What one member promised for a period and what was charged for it."""

    promises: list[Pledge] = field(default_factory=list)
    joined_at: datetime | None = None
    active: bool = True
    live: Line | None = None
    rev: int = 0

    def owed(self, span: rules.Span) -> int:
        joined = self.joined_at.date() if self.joined_at else None
        return rules.due(span, [p.promise for p in self.promises], joined_on=joined)


def post_due(
    *, now: datetime, since: date | None = None, member_ids: Sequence[int] | None = None
) -> int:
    """Charge every promise for the periods begun since a day (two months); how many lines changed.

    A charge that is no longer right is reversed and written anew with the next revision.
    What was charged to a member who has left stays as it is.
    """
    today = now.date()
    start = min(since or today - LOOK_BACK, today)
    ensure_period(start)
    ensure_period(today)
    periods = db.session.scalars(
        select(Period)
        .where(Period.ends_on > start, Period.starts_on <= today, Period.state != "closed")
        .order_by(Period.starts_on)
        .with_for_update(key_share=True)
    ).all()
    return sum(_charge(period, member_ids, now) for period in periods)


def _charge(period: Period, member_ids: Sequence[int] | None, now: datetime) -> int:
    fresh: list[ledger.Entry] = []
    changed = 0
    for member_id, account in _accounts(period, member_ids).items():
        owed = account.owed(period.span)
        if not account.active or owed == (-account.live.minutes if account.live else 0):
            continue
        changed += 1
        if account.live:
            ledger.reverse(account.live, reason="pledge", actor_id=None, now=now)
        if owed:
            fresh.append(_due_entry(period, account, owed=owed, member_id=member_id))
    ledger.post_new(fresh, now=now)
    return changed


def _due_entry(period: Period, account: _Account, *, owed: int, member_id: int) -> ledger.Entry:
    last = account.promises[-1]
    rev = account.rev + 1
    return ledger.Entry(
        member_id=member_id,
        period_id=period.id,
        kind="DUE",
        minutes=-owed,
        key=f"due:{member_id}:{period.id}:{rev}",
        source_type="pledge",
        source_id=last.id,
        source_rev=rev,
        site_id=last.home_site_id,
    )


def _accounts(period: Period, member_ids: Sequence[int] | None) -> dict[int, _Account]:
    """Promises and charges of a period, per member; two queries however many they are."""
    accounts: dict[int, _Account] = defaultdict(_Account)
    promised = (
        select(Pledge, Member.id, Member.joined_at, Member.active)
        .join(Member, Member.id == Pledge.member_id)
        .where(
            Pledge.valid_from < period.ends_on,
            or_(Pledge.valid_to.is_(None), Pledge.valid_to > period.starts_on),
        )
        .order_by(Pledge.member_id, Pledge.valid_from)
    )
    reversal = aliased(Line)
    charged = (
        select(Line, Member.id, reversal.id)
        .join(Member, Member.id == Line.member_id)
        .outerjoin(reversal, reversal.reverses_id == Line.id)
        .where(Line.period_id == period.id, Line.kind == "DUE", Line.firm_id.is_(None))
    )
    if member_ids is not None:
        promised = promised.where(Pledge.member_id.in_(member_ids))
        charged = charged.where(Line.member_id.in_(member_ids))
    for row, member_id, joined_at, active in db.session.execute(promised):
        account = accounts[member_id]
        account.promises.append(row)
        account.joined_at, account.active = joined_at, active
    for line, member_id, reversed_by in db.session.execute(charged):
        account = accounts[member_id]
        account.rev = max(account.rev, line.source_rev)
        account.live = account.live if reversed_by else line
    return accounts
