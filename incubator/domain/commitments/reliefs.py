"""Reliefs: owing less for a while. Asked by the member, decided by a manager of their home site.

What an approval changes is shown before it is given: the same reckoning, with the relief added.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from incubator.domain.commitments import dues, foreseeing, policy
from incubator.domain.commitments.accounts import Account, lock_member
from incubator.domain.commitments.events import ReliefAsked, ReliefDecided, SignupsReleased
from incubator.domain.commitments.promise_models import Relief
from incubator.domain.commitments.slot_models import Signup, Slot
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.kernel.text import one_line
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from incubator.network.members.actor import Actor

KINDS = ("leave", "parental", "sickness", "role", "hardship", "other")
FULL = 100  # percent
LONGEST_REASON = 500
LONGEST_ANSWER = 300


@dataclass(frozen=True, slots=True)
class Terms:
    """What a relief is: its kind, its percentage, its days (no end: until further notice).

    ``private_reason`` is read by those who decide alone.
    """

    kind: str
    pct: int
    starts_on: date
    ends_on: date | None = None
    private_reason: str = ""
    release_signups: bool = True
    may_still_give: bool = True


@dataclass(frozen=True, slots=True)
class Preview:
    """What an approval would change: dues up to three months ahead, and sign-ups freed."""

    changes: tuple[foreseeing.Change, ...]
    signups: int


def ask(actor: Actor, terms: Terms, *, once: str, now: datetime) -> Relief:
    """Ask to owe less; ``once`` makes a repetition return the first.

    Raise Refusal ``commitments.relief_kind``, ``relief_pct``, ``relief_order``, ``text_too_long``.
    """
    if not policy.may_declare(actor):
        raise NotAllowed("commitments.guests_do_not_declare")
    _check(terms)
    sent = db.session.scalar(
        select(Relief).where(Relief.asked_by_id == actor.id, Relief.once == once)
    )
    if sent is not None:
        return sent
    made = _relief(actor, actor.id, terms, site_id=actor.home_site_id, once=once, now=now)
    db.session.add(made)
    db.session.flush()
    record(ReliefAsked(**_told(made, actor.id)))
    return made


def grant(actor: Actor, member_id: int, *, terms: Terms, once: str = "", now: datetime) -> Relief:
    """Give a member a relief that they did not ask for themselves, as for a role they take.

    Raise NotAllowed ``commitments.not_your_member``, and the refusals of ``ask``.
    """
    member = db.session.get(Member, member_id)
    if member is None or not member.active:
        raise NotFound("commitments.member")
    if not policy.may_decide_on_member(actor, member):
        raise NotAllowed("commitments.not_your_member")
    _check(terms)
    number = db.session.scalar(select(func.max(Relief.id))) or 0
    made = _relief(
        actor,
        member_id,
        terms,
        site_id=member.home_site_id,
        once=once or f"grant:{number + 1}",
        now=now,
    )
    db.session.add(made)
    db.session.flush()
    return _approve(made, actor, answer="", now=now)


def preview(actor: Actor, relief_id: int, *, now: datetime) -> Preview:
    """What the approval of a relief would change; nothing is written."""
    return _preview(_seen(actor, relief_id), now)


def foresee(actor: Actor, terms: Terms, *, now: datetime) -> Preview:
    """What a relief would change that the actor has not asked for yet; nothing is written.

    Raise the refusals of ``ask``.
    """
    _check(terms)
    return _preview(_relief(actor, actor.id, terms, site_id=None, once="", now=now), now)


def _preview(relief: Relief, now: datetime) -> Preview:
    changes = foreseeing.changes(
        relief.starts_on,
        relief.ends_on,
        lambda period: dues.with_relief(Account(relief.member_id), period, relief),
        now=now,
    )
    freed = len(_signups(relief, now)) if relief.release_signups else 0
    return Preview(changes, freed)


def approve(actor: Actor, relief_id: int, *, answer: str = "", now: datetime) -> Relief:
    """Let the member owe less: what is owed is reckoned anew; repeating changes nothing.

    Raise Refusal ``commitments.decided_before`` when it was decided otherwise.
    """
    relief = _to_decide(actor, relief_id)
    if relief.state == "approved":
        return relief
    _check_waiting(relief)
    return _approve(relief, actor, answer=_checked(answer, LONGEST_ANSWER, "answer"), now=now)


def refuse(actor: Actor, relief_id: int, *, answer: str, now: datetime) -> Relief:
    """Say why not. Raise Refusal ``commitments.reason_needed`` or ``decided_before``."""
    relief = _to_decide(actor, relief_id)
    if relief.state == "refused":
        return relief
    _check_waiting(relief)
    if not answer.strip():
        raise Refusal("commitments.reason_needed", field="answer")
    relief.answer = _checked(answer, LONGEST_ANSWER, "answer")
    _decided(relief, actor, state="refused", now=now)
    return relief


def cancel(actor: Actor, relief_id: int, *, now: datetime) -> Relief:
    """Give a relief up, or take it back: its days are owed again as if it had never been.

    Raise Refusal ``commitments.decided_before`` when it was refused.
    """
    relief = _held(actor, relief_id)
    if not policy.may_cancel_relief(actor, relief):
        raise NotAllowed("commitments.not_your_member")
    if relief.state == "cancelled":
        return relief
    if relief.state == "refused":
        raise Refusal("commitments.decided_before")
    was_running = relief.state == "approved"
    relief.state, relief.decided_by_id, relief.decided_at = "cancelled", actor.id, now
    db.session.flush()
    if was_running:
        dues.post_due(now=now, since=relief.starts_on, member_ids=[relief.member_id])
    record(ReliefDecided(**_told(relief, actor.id), state="cancelled"))
    return relief


def _check(terms: Terms) -> None:
    if terms.kind not in KINDS:
        raise Refusal("commitments.relief_kind", field="kind")
    if not 1 <= terms.pct <= FULL:
        raise Refusal("commitments.relief_pct", field="pct")
    if terms.ends_on is not None and terms.ends_on <= terms.starts_on:
        raise Refusal("commitments.relief_order", field="ends_on")


def _relief(
    actor: Actor, member_id: int, terms: Terms, *, site_id: int | None, once: str, now: datetime
) -> Relief:
    return Relief(
        member_id=member_id,
        kind=terms.kind,
        pct=terms.pct,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        state="requested",
        private_reason=_checked(terms.private_reason, LONGEST_REASON, "private_reason"),
        release_signups=terms.release_signups,
        may_still_give=terms.may_still_give,
        site_id=site_id,
        asked_by_id=actor.id,
        asked_at=now,
        once=once,
    )


def _approve(relief: Relief, actor: Actor, *, answer: str, now: datetime) -> Relief:
    relief.answer = answer
    _decided(relief, actor, state="approved", now=now)
    dues.post_due(now=now, since=relief.starts_on, member_ids=[relief.member_id])
    if relief.release_signups:
        # Whoever keeps the slots hears it and frees them.
        record(
            SignupsReleased(
                **_told(relief, actor.id), starts_on=relief.starts_on, ends_on=relief.ends_on
            )
        )
    return relief


def _decided(relief: Relief, actor: Actor, *, state: str, now: datetime) -> None:
    relief.state, relief.decided_by_id, relief.decided_at = state, actor.id, now
    db.session.flush()
    record(ReliefDecided(**_told(relief, actor.id), state=state))


def _check_waiting(relief: Relief) -> None:
    if relief.state != "requested":
        raise Refusal("commitments.decided_before")


def _checked(text: str, most: int, field: str) -> str:
    words = one_line(text)
    if len(words) > most:
        raise Refusal("commitments.text_too_long", field=field, most=most)
    return words


def _seen(actor: Actor, relief_id: int) -> Relief:
    """The relief as it is now; NotFound when it is none of theirs."""
    found = db.session.get(Relief, relief_id, populate_existing=True)
    if found is None or not policy.may_see_relief(actor, found):
        raise NotFound("commitments.relief")
    return found


def _held(actor: Actor, relief_id: int) -> Relief:
    """The same, with its member held: two decisions wait for each other."""
    lock_member(_seen(actor, relief_id).member_id)
    return _seen(actor, relief_id)


def _to_decide(actor: Actor, relief_id: int) -> Relief:
    relief = _held(actor, relief_id)
    if not policy.may_decide_relief(actor, relief):
        raise NotAllowed("commitments.not_your_member")
    return relief


def _signups(relief: Relief, now: datetime) -> Sequence[int]:
    """Sign-ups to come of the days of a relief."""
    query = (
        select(Signup.id)
        .join(Slot, Slot.id == Signup.slot_id)
        .where(
            Signup.member_id == relief.member_id,
            Signup.state.in_(("booked", "stand_in_wanted")),
            Slot.starts_at > now,
            Slot.local_date >= relief.starts_on,
        )
    )
    if relief.ends_on is not None:
        query = query.where(Slot.local_date < relief.ends_on)
    return db.session.scalars(query).all()


def waiting(site_id: int) -> Sequence[Relief]:
    """The reliefs that wait for the managers of a site, the oldest first."""
    return db.session.scalars(
        select(Relief)
        .where(Relief.state == "requested", Relief.site_id == site_id)
        .order_by(Relief.asked_at, Relief.id)
        .limit(200)
    ).all()


def of_member(member_id: int, day: date) -> Sequence[Relief]:
    """The reliefs of a member that run on a day."""
    return db.session.scalars(
        select(Relief)
        .where(
            Relief.member_id == member_id,
            Relief.state == "approved",
            Relief.starts_on <= day,
            or_(Relief.ends_on.is_(None), Relief.ends_on > day),
        )
        .order_by(Relief.starts_on)
    ).all()


def _told(relief: Relief, actor_id: int) -> dict[str, Any]:
    return {
        "actor_id": actor_id,
        "site_id": relief.site_id,
        "relief_id": relief.id,
        "member_id": relief.member_id,
    }
