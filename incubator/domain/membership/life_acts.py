"""What people do with leaves, transfers and exits: ask, agree, refuse, call off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.membership import exits, processes, transfers
from incubator.domain.membership import life_policy as policy
from incubator.domain.membership.life_events import (
    ProcessAgreed,
    ProcessAsked,
    ProcessCancelled,
    ProcessRefused,
)
from incubator.domain.membership.life_models import Process
from incubator.domain.membership.life_rows import (
    live_of,
    locked_for,
    locked_person,
    person_of,
    today_of,
    told,
)
from incubator.domain.membership.life_tick import advance
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.network.accounts.moving import check_not_last_administrator

if TYPE_CHECKING:
    from datetime import date, datetime

    from incubator.network.members.actor import Actor

ONCE_MOST = 36


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is asked for. ``ends_on`` is the first day back of a leave; the choices are an exit's.

    Days are those of the member's site.
    """

    kind: str
    member_id: int
    starts_on: date
    ends_on: date | None = None
    to_site_id: int | None = None
    reason: str = ""
    access: str = "alumni"
    hours: str = "pool"
    messages: str = "keep"


def check(actor: Actor, wish: Wish, *, now: datetime) -> Actor:
    """Raise what ``ask`` would raise, and change nothing; the person it is about.

    The member's row is held until the end of the transaction.
    """
    person = locked_person(wish.member_id)
    if not policy.may_see_life(actor, person):
        raise NotFound("membership.member")
    if not policy.may_ask(actor, person, wish.kind):
        raise NotAllowed("membership.not_yours_to_ask")
    processes.check_reason(wish.reason)
    today = today_of(wish.member_id, now)
    processes.check_dates(wish.kind, wish.starts_on, wish.ends_on, today=today)
    if wish.kind == processes.TRANSFER:
        transfers.check_site(wish.to_site_id, home_site_id=person.home_site_id)
    if wish.kind == processes.EXIT:
        exits.check_choices(wish.access, wish.hours, wish.messages)
        check_not_last_administrator(wish.member_id)
    plan = processes.Plan(kind=wish.kind, state="asked", starts_on=wish.starts_on)
    processes.check_beside(plan, [other.plan for other in live_of(wish.member_id)])
    return person


def own_word_is_enough(actor: Actor, wish: Wish, person: Actor) -> bool:
    """Whether what they ask for is agreed to at once."""
    asked = Process(
        kind=wish.kind,
        member_id=wish.member_id,
        from_site_id=person.home_site_id,
        to_site_id=wish.to_site_id,
    )
    return policy.may_decide(actor, asked, person)


def ask(actor: Actor, wish: Wish, *, once: str, now: datetime) -> Process:
    """Ask for a leave, a transfer or an exit; the same ``once`` gives the first one.

    It is agreed to at once when the actor's own word is enough, and takes place at once when
    its day has come. Raise NotFound, NotAllowed ``membership.not_yours_to_ask``, Refusal as the
    rules of ``processes`` say or ``accounts.last_administrator``.
    """
    locked_person(wish.member_id)
    key = once[:ONCE_MOST]
    before = _sent(actor, key)
    if before is not None:
        return before
    person = check(actor, wish, now=now)
    leaving = wish.kind == processes.EXIT
    new = insert_once(
        Process,
        kind=wish.kind,
        state="asked",
        member_id=wish.member_id,
        starts_on=wish.starts_on,
        ends_on=wish.ends_on if wish.kind == processes.LEAVE else None,
        from_site_id=person.home_site_id,
        to_site_id=wish.to_site_id if wish.kind == processes.TRANSFER else None,
        reason=processes.check_reason(wish.reason),
        access=wish.access if leaving else None,
        hours=wish.hours if leaving else None,
        messages=wish.messages if leaving else None,
        once=key,
        asked_by_id=actor.id,
        asked_at=now,
        answer="",
    )
    process = _sent(actor, key)
    if not new or process is None:
        raise Refusal("membership.one_at_a_time")
    record(ProcessAsked(**told(process, actor)))
    if policy.may_decide(actor, process, person):
        _agree(actor, process, now=now)
    return process


def agree(actor: Actor, process_id: int, *, now: datetime) -> Process:
    """Say yes: it takes place on its day, today if that has come. Repeating changes nothing.

    Raise NotFound, NotAllowed ``membership.not_yours_to_decide``, Refusal ``membership.too_late``.
    """
    process, person = _to_decide(actor, process_id)
    if process.state in {"planned", "active", "done"} and process.decided_by_id == actor.id:
        return process
    if not policy.may_decide(actor, process, person):
        raise NotAllowed("membership.not_yours_to_decide")
    _agree(actor, process, now=now)
    return process


def refuse(actor: Actor, process_id: int, *, reason: str, now: datetime) -> Process:
    """Say no, and why: the member reads it. Raise as ``agree``, and for a reason left out."""
    process, person = _to_decide(actor, process_id)
    if not policy.may_decide(actor, process, person):
        raise NotAllowed("membership.not_yours_to_decide")
    words = processes.check_reason(reason, needed=True)
    process.state = processes.after(process.kind, process.state, "refuse")
    process.answer = words
    _decided(process, actor, now=now)
    process.ended_at = now
    record(ProcessRefused(**told(process, actor)))
    return process


def cancel(actor: Actor, process_id: int, *, now: datetime) -> Process:
    """Call it off before its day. Repeating changes nothing.

    Raise NotFound, NotAllowed ``membership.not_yours``, Refusal ``membership.too_late``.
    """
    process, _person = _to_decide(actor, process_id)
    if not policy.may_cancel(actor, process):
        raise NotAllowed("membership.not_yours")
    if process.state == "cancelled":
        return process
    process.state = processes.after(process.kind, process.state, "cancel")
    process.ended_at = now
    db.session.flush()
    record(ProcessCancelled(**told(process, actor)))
    return process


def _sent(actor: Actor, once: str) -> Process | None:
    return db.session.scalar(
        select(Process).where(Process.asked_by_id == actor.id, Process.once == once)
    )


def _to_decide(actor: Actor, process_id: int) -> tuple[Process, Actor]:
    process = locked_for(actor, process_id)
    return process, person_of(process.member_id)


def _agree(actor: Actor, process: Process, *, now: datetime) -> None:
    process.state = processes.after(process.kind, process.state, "agree")
    _decided(process, actor, now=now)
    record(ProcessAgreed(**told(process, actor)))
    advance(process.member_id, now=now, by=actor)


def _decided(process: Process, actor: Actor, *, now: datetime) -> None:
    process.decided_by_id, process.decided_at = actor.id, now
    db.session.flush()
