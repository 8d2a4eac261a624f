"""Help given in a thread: told by the helper or offered by the person helped, and once.

One line for a thread and a helper, whoever says it first and however often it is tapped: the
helper's row is held while one looks again. When both say the same minutes, both have agreed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from incubator.domain.commitments import commands, policy, rules, weeks
from incubator.domain.commitments.events import HoursDeclared
from incubator.domain.commitments.models import Contribution
from incubator.domain.commitments.periods import rule_on
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.events import record
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from datetime import date, datetime

    from incubator.domain.commitments.rules import Limits
    from incubator.network.members.actor import Actor

KIND = "help_thread"
_CONFIRMED = (
    Contribution.thread_id.is_not(None),
    Contribution.state.in_(("confirmed", "counted")),
)
USUAL = 45  # minutes, where the thread does not say how long it may take
MOST = 1440


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreadHelp:
    """Minutes that one person gave another in a thread; ``unnamed``: who asked bears no name.

    ``day`` is when they helped; ``note`` what everybody who reads the line may know of it.
    """

    thread_id: int
    giver_id: int
    asker_id: int
    unnamed: bool
    day: date
    minutes: int
    note: str = ""


def proposed_minutes(estimate: int | None) -> int:
    """What the button proposes: the thread's estimate or the usual, in quarters of an hour."""
    stepped = -(-(estimate or USUAL) // rules.QUARTER) * rules.QUARTER
    return min(stepped, MOST)


def count(actor: Actor, given: ThreadHelp, *, now: datetime) -> Contribution:
    """Tell the minutes of help in a thread; what stands already is returned as it is.

    The helper proposes and the person helped confirms, or the other way round. Raise NotAllowed
    ``commitments.not_yours``, Refusal ``commitments.giver_gone``, ``kind_unknown`` and those of
    ``rules.check_minutes`` and ``rules.check_week``.
    """
    if actor.id not in {given.giver_id, given.asker_id} or not policy.may_declare(actor):
        raise NotAllowed("commitments.not_yours")
    if stands := weeks.standing(weeks.in_thread(given.giver_id, given.thread_id)):
        return _agreed(actor, stands, given, now=now)
    giver = _held(given.giver_id)
    before = weeks.in_thread(given.giver_id, given.thread_id)
    if stands := weeks.standing(before):
        return stands
    day = _day(given, giver, now)
    limits = rule_on(day).limits
    commands.check_kind(KIND)
    rules.check_minutes(given.minutes, that_day=_given_on(giver.id, day), limits=limits)
    weeks.check_week(giver.id, day, given.minutes, limits=limits)
    return _keep(actor, given, giver, day=day, number=len(before), now=now)


def _held(giver_id: int) -> Member:
    """The giver, held so that two tellings of one thread follow one another."""
    query = select(Member).where(Member.id == giver_id).with_for_update(key_share=True)
    giver = db.session.scalars(query.execution_options(populate_existing=True)).one()
    if not giver.active:
        raise Refusal("commitments.giver_gone")
    return giver


def _agreed(
    actor: Actor, stands: Contribution, given: ThreadHelp, *, now: datetime
) -> Contribution:
    """Both said the same: what one of them has told is agreed by the other."""
    if stands.state == "declared" and stands.minutes == given.minutes:
        if policy.may_take_offer(actor, stands):
            return commands.take_offer(actor, stands.id, now=now)
        if actor.id == stands.helped_id and not stands.offered:
            return commands.confirm(actor, stands.id, now=now)
    return stands


def _day(given: ThreadHelp, giver: Member, now: datetime) -> date:
    """The day of the help; of long ago the first that may still be told."""
    limits: Limits = rule_on(given.day).limits
    earliest = now.date().toordinal() - limits.back_days
    joined = giver.joined_at.date().toordinal()
    return type(given.day).fromordinal(max(given.day.toordinal(), earliest, joined))


def _given_on(giver_id: int, day: date) -> int:
    query = select(func.sum(Contribution.minutes)).where(
        Contribution.giver_id == giver_id,
        Contribution.day == day,
        Contribution.state.in_(commands.COUNTING),
    )
    return int(db.session.scalar(query) or 0)


def _keep(
    actor: Actor, given: ThreadHelp, giver: Member, *, day: date, number: int, now: datetime
) -> Contribution:
    hidden = given.unnamed
    asks = actor.id == given.asker_id
    told = Contribution(
        giver_id=giver.id,
        receiver_id=None if hidden else given.asker_id,
        unnamed_id=given.asker_id if hidden else None,
        offered=asks,
        kind_code=KIND,
        day=day,
        minutes=given.minutes,
        home_site_id=giver.home_site_id,
        thread_id=given.thread_id,
        note=given.note,
        # Whoever is no longer there says nothing more: the managers do.
        state="declared" if asks or _is_there(given.asker_id) else "needs_manager",
        declared_at=now,
        declared_by_id=None if asks and hidden else actor.id,
        once=f"thread-{given.thread_id}-{number}",
    )
    db.session.add(told)
    db.session.flush()
    record(HoursDeclared(**commands.told(told, actor)))
    return told


def _is_there(member_id: int) -> bool:
    return bool(db.session.scalar(select(Member.active).where(Member.id == member_id)))


def confirmed_threads(giver_id: int) -> dict[int, tuple[int, datetime]]:
    """Confirmed minutes, and when they were confirmed last, by the thread they were given in."""
    rows = db.session.execute(
        select(
            Contribution.thread_id,
            func.sum(Contribution.minutes),
            func.max(Contribution.decided_at),
        )
        .where(Contribution.giver_id == giver_id, *_CONFIRMED)
        .group_by(Contribution.thread_id)
    )
    return {thread_id: (int(minutes), at) for thread_id, minutes, at in rows if thread_id and at}


def givers_in(thread_id: int) -> set[int]:
    """Who has confirmed minutes in a thread."""
    query = select(Contribution.giver_id).where(Contribution.thread_id == thread_id, *_CONFIRMED)
    return set(db.session.scalars(query))
