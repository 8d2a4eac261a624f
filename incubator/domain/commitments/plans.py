"""What managers decide about a member's debt: a plan to make up for it, or a pause; never alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from incubator.domain.commitments import policy, rules, standing_rules
from incubator.domain.commitments.events import StandingChanged
from incubator.domain.commitments.ledger_models import Standing
from incubator.domain.commitments.models import Rule
from incubator.domain.commitments.reviews import current_period, standing_of
from incubator.domain.commitments.slot_models import Signup, Slot
from incubator.domain.commitments.status_models import Status
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor

# Why a member stands otherwise, by the state that a manager decided on.
DECIDED = {"paused": "decided", "plan": "plan_agreed", "late": "lifted"}


def agree_plan(
    actor: Actor, member_id: int, *, until: date, note: str = "", now: datetime
) -> Status:
    """Agree on a plan by which sign-ups make up for a debt.

    Raise Refusal ``commitments.no_plan_needed`` where nothing is to be made up for or the day is
    over, ``plan_not_covered`` where the sign-ups until then are too few.
    """
    status, member = _held(actor, member_id)
    today = rules.civil_day(now, actor.time_zone)
    agreed = standing_rules.agree_plan(standing_of(status, today), until=until, today=today)
    if agreed is None or status is None:
        raise Refusal("commitments.no_plan_needed", field="until")
    debt = -_balance(member_id)
    if not standing_rules.covers(debt, _signups(member_id, now), until=until):
        raise Refusal("commitments.plan_not_covered", field="until")
    return _decide(
        status,
        member,
        actor,
        state="plan",
        plan_until_on=until,
        next_review_on=until + timedelta(days=1),
        note=note,
        now=now,
    )


def pause(actor: Actor, member_id: int, *, note: str = "", now: datetime) -> Status:
    """Pause a member whose debt stayed after a warning and the grace that followed.

    Raise Refusal ``commitments.not_yet_paused`` before that.
    """
    status, member = _held(actor, member_id)
    today = rules.civil_day(now, actor.time_zone)
    period = current_period()
    if period is None or status is None:
        raise Refusal("commitments.not_yet_paused")
    rule = db.session.get_one(Rule, period.rule_id)
    terms = standing_rules.Terms(rule.warn_days, rule.grace_days)
    if standing_rules.pause(standing_of(status, today), terms=terms, today=today) is None:
        raise Refusal("commitments.not_yet_paused")
    return _decide(status, member, actor, state="paused", note=note, now=now)


def lift(actor: Actor, member_id: int, *, note: str = "", now: datetime) -> Status:
    """End a pause by decision; what is owed stays owed, and is looked at again the next hour.

    Raise Refusal ``commitments.not_paused``.
    """
    status, member = _held(actor, member_id)
    today = rules.civil_day(now, actor.time_zone)
    if status is None or standing_rules.lift(standing_of(status, today), today=today) is None:
        raise Refusal("commitments.not_paused")
    return _decide(status, member, actor, state="late", next_review_on=today, note=note, now=now)


def _held(actor: Actor, member_id: int) -> tuple[Status | None, Member]:
    member = db.session.get(Member, member_id, with_for_update={"key_share": True})
    if member is None or not member.active:
        raise NotFound("commitments.member")
    if not policy.may_decide_on_member(actor, member):
        raise NotAllowed("commitments.not_your_member")
    status = db.session.scalar(
        select(Status).where(Status.member_id == member_id, Status.until_at.is_(None))
    )
    return status, member


def _decide(
    status: Status, member: Member, actor: Actor, *, state: str, now: datetime, **more: Any
) -> Status:
    before = status.state
    status.until_at = max(now, status.since_at)
    db.session.flush()
    made = Status(
        member_id=member.id,
        home_site_id=member.home_site_id,
        state=state,
        since_at=now,
        cause_id=status.cause_id,
        decided_by_id=actor.id,
        **more,
    )
    db.session.add(made)
    db.session.flush()
    record(
        StandingChanged(
            actor_id=actor.id,
            site_id=member.home_site_id,
            member_id=member.id,
            state=state,
            before=before,
            reason=DECIDED[state],
            warns=False,
            pause_from=None,
            minutes=_balance(member.id),
        )
    )
    return made


def _balance(member_id: int) -> int:
    """The balance that decides, which is the one that is shown."""
    period = current_period()
    shown = select(Standing.balance).where(
        Standing.member_id == member_id, Standing.period_id == (period.id if period else None)
    )
    return int(db.session.scalar(shown) or 0)


def _signups(member_id: int, now: datetime) -> list[tuple[date, int]]:
    rows = db.session.execute(
        select(Slot.local_date, Slot.starts_at, Slot.ends_at)
        .join(Signup, Signup.slot_id == Slot.id)
        .where(Signup.member_id == member_id, Signup.state == "booked", Slot.starts_at > now)
    )
    return [(day, (end - start) // timedelta(minutes=1)) for day, start, end in rows]
