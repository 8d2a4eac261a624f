"""What changes hours: share, confirm, refuse, appeal, withdraw. Promises are in ``pledges``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, or_, select

from incubator.domain.commitments import counting, friends, policy, rules, weeks
from incubator.domain.commitments.events import (
    HoursAppealed,
    HoursConfirmed,
    HoursDeclared,
    HoursRefused,
    HoursWithdrawn,
    OfferTaken,
)
from incubator.domain.commitments.models import Contribution, Kind
from incubator.domain.commitments.periods import rule_on
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.kernel.text import one_line
from incubator.network.members.models import Member
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Row

    from incubator.network.members.actor import Actor

LONGEST_TEXT = 300
COUNTING = ("declared", "needs_manager", "confirmed", "counted", "appealed")
UNDECIDED = ("declared", "needs_manager")
OPEN = (*UNDECIDED, "appealed")
# Statements of every line of hours, built once: building takes as long as asking.
_GIVER = (
    select(Member.joined_at, Member.home_site_id)
    .where(Member.id == bindparam("giver_id"))
    .with_for_update(key_share=True)
)
_COUNTS = and_(Contribution.day == bindparam("day"), Contribution.state.in_(COUNTING))
_SENT = Contribution.once == bindparam("once")
_GIVEN_ON = select(Contribution.id, Contribution.minutes, _SENT, _COUNTS).where(
    Contribution.giver_id == bindparam("giver_id"), or_(_COUNTS, _SENT)
)
_IS_ACTIVE = select(Member.active).where(Member.id == bindparam("member_id"))
_LOCKED = (
    select(Contribution)
    .where(Contribution.id == bindparam("contribution_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sharing:
    """What somebody gave, in minutes of a civil day.

    ``started_at`` and ``ended_at`` are both known or both None: with them no minute counts twice.
    ``site_id`` is where it was given; None is online, or for a kind that cannot be, the giver's
    home site. ``thread_id`` is the help thread it was given in.
    """

    kind: str
    day: date
    minutes: int
    receiver_id: int | None = None
    note: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    site_id: int | None = None
    thread_id: int | None = None


def declare(
    actor: Actor,
    *,
    kind: str,
    day: date,
    minutes: int,
    receiver_id: int | None = None,
    note: str = "",
    once: str | None = None,
    now: datetime,
) -> Contribution:
    """Say what one gave when hours of the clock and place do not matter; see ``share``."""
    given = Sharing(kind=kind, day=day, minutes=minutes, receiver_id=receiver_id, note=note)
    return share(actor, given, once=once, now=now)


def share(actor: Actor, given: Sharing, *, once: str | None = None, now: datetime) -> Contribution:
    """Say what one gave; it counts once somebody else confirms.

    ``once`` makes a repetition return the first. Raise Refusal ``commitments.kind_unknown``,
    ``place_unknown``, ``hours_order``, ``not_over_yet``, ``receiver_needed``,
    ``receiver_unknown``, ``receiver_self``, ``text_too_long``, ``thread_counted`` and those of
    ``rules.check_day``, ``rules.check_minutes`` and ``rules.check_week``.
    """
    if not policy.may_declare(actor):
        raise NotAllowed("commitments.guests_do_not_declare")
    giver = _giver(actor)
    that_day, first = _given_on(actor.id, given.day, once)
    if first is not None:
        return db.session.get_one(Contribution, first)
    limits = rule_on(given.day).limits
    _check_receiver_named(check_kind(given.kind), given.receiver_id)
    rules.check_day(
        given.day,
        today=rules.civil_day(now, actor.time_zone),
        joined_on=rules.civil_day(giver.joined_at, actor.time_zone),
        back_days=None if actor.is_manager else limits.back_days,
    )
    _check_hours(given, now)
    rules.check_minutes(given.minutes, that_day=that_day, limits=limits)
    if given.thread_id is not None:
        weeks.check_thread(actor.id, given.thread_id)
        weeks.check_week(actor.id, given.day, given.minutes, limits=limits)
    _check_receiver(actor, given.receiver_id)
    return _keep(_fact(actor, given, home=giver.home_site_id, once=once, now=now), actor)


def confirm(actor: Actor, contribution_id: int, *, now: datetime) -> Contribution:
    """Say that the hours were given: they count from now on; repeating changes nothing.

    Raise Refusal ``commitments.decided_before`` when they were refused or withdrawn meanwhile.
    """
    contribution = _to_decide(actor, contribution_id)
    if contribution.state == "confirmed":
        return contribution
    _decide(contribution, actor, state="confirmed", now=now)
    _count(contribution, actor, HoursConfirmed, now=now)
    return contribution


def take_offer(actor: Actor, contribution_id: int, *, now: datetime) -> Contribution:
    """Agree to hours that the person helped offered: their word is what confirms them.

    Raise NotAllowed ``commitments.not_yours_to_decide``, Refusal ``commitments.decided_before``.
    """
    contribution = _locked(actor, contribution_id)
    if contribution.state == "confirmed" and actor.id == contribution.giver_id:
        return contribution
    if not policy.may_take_offer(actor, contribution):
        if actor.id == contribution.giver_id and contribution.offered:
            raise Refusal("commitments.decided_before")
        raise NotAllowed("commitments.not_yours_to_decide")
    contribution.state, contribution.decided_at = "confirmed", now
    contribution.decided_by_id = contribution.receiver_id
    db.session.flush()
    _count(contribution, actor, OfferTaken, now=now)
    return contribution


def _count(
    contribution: Contribution, actor: Actor, kind: type[HoursConfirmed], *, now: datetime
) -> None:
    friends.flag_ring(contribution)
    days, by_id = [contribution.day], _named(contribution, actor)
    counting.recount(contribution.giver_id, days, actor_id=by_id, now=now)
    record(kind(**told(contribution, actor)))


def _named(contribution: Contribution, actor: Actor) -> int | None:
    """Who acts, but not who asked for help without their name."""
    return None if actor.id == contribution.unnamed_id else actor.id


def refuse(actor: Actor, contribution_id: int, *, reason: str, now: datetime) -> Contribution:
    """Say why the hours do not count; the giver reads the reason.

    Raise Refusal ``commitments.reason_needed``, ``text_too_long`` or ``decided_before``.
    """
    contribution = _to_decide(actor, contribution_id)
    if not reason.strip():
        raise Refusal("commitments.reason_needed", field="reason")
    words = _checked(reason, "reason")
    if contribution.state == "refused":
        return contribution
    _decide(contribution, actor, state="refused", now=now)
    contribution.reason = words
    db.session.flush()
    record(HoursRefused(**told(contribution, actor), reason=words))
    return contribution


def appeal(actor: Actor, contribution_id: int, *, words: str, now: datetime) -> Contribution:
    """Ask the managers to look again at hours that were refused, once; they read why.

    Raise NotAllowed ``commitments.not_yours``, Refusal ``commitments.reason_needed``,
    ``text_too_long``, ``appealed_before`` or ``nothing_to_appeal``.
    """
    contribution = _locked(actor, contribution_id)
    if contribution.giver_id != actor.id:
        raise NotAllowed("commitments.not_yours")
    if contribution.state == "appealed":
        return contribution
    if contribution.state != "refused":
        raise Refusal("commitments.nothing_to_appeal")
    if contribution.appealed_at is not None:
        raise Refusal("commitments.appealed_before")
    if not words.strip():
        raise Refusal("commitments.reason_needed", field="reason")
    contribution.appeal, contribution.appealed_at = _checked(words, "reason"), now
    contribution.state = "appealed"
    db.session.flush()
    record(HoursAppealed(**told(contribution, actor)))
    return contribution


def withdraw(actor: Actor, contribution_id: int, *, now: datetime) -> Contribution:
    """Take one's hours back, or what one offered; if they counted, the ledger gets the opposite.

    Raise NotAllowed ``commitments.not_yours`` or Refusal ``commitments.decided_before``.
    """
    contribution = _locked(actor, contribution_id)
    theirs = actor.id == contribution.giver_id or (
        contribution.offered and actor.id == contribution.helped_id
    )
    if contribution.state == "withdrawn" and theirs:
        return contribution
    if not policy.may_withdraw(actor, contribution):
        if not theirs:
            raise NotAllowed("commitments.not_yours")
        raise Refusal("commitments.decided_before")
    was_counted = contribution.state == "confirmed"
    contribution.state = "withdrawn"
    contribution.decided_by_id = _named(contribution, actor)
    contribution.decided_at, contribution.counted = now, None
    db.session.flush()
    if was_counted:
        counting.recount(contribution.giver_id, [contribution.day], actor_id=actor.id, now=now)
    record(HoursWithdrawn(**told(contribution, actor), counted=was_counted))
    return contribution


def _giver(actor: Actor) -> Row[datetime, int | None]:
    """When the actor joined and where they live.

    Two declarations of one member wait for each other: the day's limit is theirs together.
    """
    return db.session.execute(_GIVER, {"giver_id": actor.id}).one()


def _fact(
    actor: Actor, given: Sharing, *, home: int | None, once: str | None, now: datetime
) -> Contribution:
    kind = db.session.get_one(Kind, given.kind)
    return Contribution(
        giver_id=actor.id,
        receiver_id=given.receiver_id,
        kind_code=given.kind,
        day=given.day,
        minutes=given.minutes,
        started_at=given.started_at,
        ended_at=given.ended_at,
        home_site_id=home,
        site_id=_place(given, kind, home),
        thread_id=given.thread_id,
        note=_checked(given.note, "note"),
        declared_at=now,
        once=once,
    )


def _place(given: Sharing, kind: Kind, home: int | None) -> int | None:
    if given.site_id is None:
        return None if kind.online_ok else home
    if db.session.get(Site, given.site_id) is None:
        raise Refusal("commitments.place_unknown", field="place")
    return given.site_id


def _check_hours(given: Sharing, now: datetime) -> None:
    """Refuse hours that run backwards, and those that are not over yet."""
    start, end = given.started_at, given.ended_at
    if start is None or end is None:
        return
    if end <= start:
        raise Refusal("commitments.hours_order", field="ended")
    if end > now:
        raise Refusal("commitments.not_over_yet", field="ended")


def _keep(contribution: Contribution, actor: Actor) -> Contribution:
    contribution.state, contribution.declared_by_id = "declared", actor.id
    db.session.add(contribution)
    db.session.flush()
    record(HoursDeclared(**told(contribution, actor)))
    return contribution


def _given_on(giver_id: int, day: date, once: str | None) -> tuple[int, int | None]:
    """Minutes given on a day as far as nobody refused them; the id already made with ``once``."""
    values = {"giver_id": giver_id, "day": day, "once": once or None}
    rows = db.session.execute(_GIVEN_ON, values).all()
    first = next((row[0] for row in rows if row[2]), None)
    return sum(row[1] for row in rows if row[3]), first


def check_kind(code: str) -> Kind:
    """The kind of a code; Refusal ``commitments.kind_unknown`` unless it may be declared."""
    kind = db.session.get(Kind, code)
    if kind is None or not kind.active:
        raise Refusal("commitments.kind_unknown", field="kind")
    return kind


def _check_receiver_named(kind: Kind, receiver_id: int | None) -> None:
    if kind.needs == "counterpart" and receiver_id is None:
        raise Refusal("commitments.receiver_needed", field="with_name")


def _check_receiver(actor: Actor, receiver_id: int | None) -> None:
    if receiver_id is None:
        return
    if receiver_id == actor.id:
        raise Refusal("commitments.receiver_self", field="with_name")
    if not db.session.scalar(_IS_ACTIVE, {"member_id": receiver_id}):
        raise Refusal("commitments.receiver_unknown", field="with_name")


def _checked(text: str, field: str) -> str:
    words = one_line(text)
    if len(words) > LONGEST_TEXT:
        raise Refusal("commitments.text_too_long", field=field, most=LONGEST_TEXT)
    return words


def _locked(actor: Actor, contribution_id: int) -> Contribution:
    """The contribution as it is now, held until the end; NotFound when not theirs to see."""
    found = db.session.scalar(_LOCKED, {"contribution_id": contribution_id})
    if found is None or not policy.may_see(actor, found):
        raise NotFound("commitments.contribution")
    return found


def _to_decide(actor: Actor, contribution_id: int) -> Contribution:
    contribution = _locked(actor, contribution_id)
    if not policy.may_decide(actor, contribution):
        raise NotAllowed("commitments.not_yours_to_decide")
    return contribution


def _decide(contribution: Contribution, actor: Actor, *, state: str, now: datetime) -> None:
    if contribution.state not in OPEN:
        raise Refusal("commitments.decided_before")
    contribution.state, contribution.decided_at = state, now
    contribution.decided_by_id = _named(contribution, actor)
    db.session.flush()


def told(contribution: Contribution, actor: Actor) -> dict[str, Any]:
    """What an event of hours tells, who acted included."""
    return {
        "actor_id": _named(contribution, actor),
        "site_id": contribution.home_site_id,
        "contribution_id": contribution.id,
        "giver_id": contribution.giver_id,
        "receiver_id": contribution.receiver_id,
        "kind": contribution.kind_code,
        "minutes": contribution.minutes,
    }
