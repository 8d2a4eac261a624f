"""Whom to ask for a slot: members of its site whom it suits, and a letter to those chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import exists, or_, select

from incubator.domain.commitments import slot_policy, slot_rules
from incubator.domain.commitments.ledger_models import JobRun
from incubator.domain.commitments.rules import civil_day
from incubator.domain.commitments.slot_events import SlotInvited
from incubator.domain.commitments.slot_models import Signup, Slot
from incubator.domain.commitments.slot_people import people_of
from incubator.domain.commitments.slot_plans import LONGEST_NOTE
from incubator.domain.commitments.slot_store import LIVE, held_slot
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.events import record
from incubator.kernel.text import one_line
from incubator.network.accounts.models import Grant
from incubator.network.members.models import Member, MemberAvailability

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from sqlalchemy import Select

    from incubator.network.members.actor import Actor

MOST_INVITED = 5
MOST_LOOKED_AT = 500
INVITE = "commitments.slot_invite"
GIVERS = ("administrator", "manager", "resident")


class Candidate(NamedTuple):
    """Whom a slot suits, with what lists show of a member; ``usual``: they often come that day."""

    id: int
    slug: str
    name: str
    face: str | None
    usual: bool


def candidates(actor: Actor, slot: Slot, *, now: datetime) -> list[Candidate]:
    """The members of the site whom a slot suits best, five at most; its site must be loaded.

    Not who is taken then, away, coming already or was asked before; nobody once it has begun.
    Raise NotAllowed.
    """
    if not slot_policy.may_plan(actor, slot.site_id):
        raise NotAllowed("commitments.not_your_site")
    if slot.state != "planned" or slot.starts_at <= now:
        return []
    day = civil_day(slot.starts_at, slot.site.time_zone)
    duty = slot_rules.Duty(
        slot.site_id, (slot.starts_at, slot.ends_at), day.weekday(), slot.skill_id
    )
    rows = db.session.execute(_reachable(slot, day)).all()
    people = people_of([row.id for row in rows], slot, now=now)
    suited = []
    for row, person in zip(rows, people, strict=True):
        fit = slot_rules.fit(duty, person)
        if fit is not None:
            usual = day.weekday() in person.usual
            suited.append((fit, Candidate(row.id, row.slug, row.name, row.face, usual)))
    # Of those whom it suits as well, the alphabet decides: this is no ranking of persons.
    suited.sort(key=lambda pair: -pair[0])
    return [candidate for _fit, candidate in suited[:MOST_INVITED]]


def invite(
    actor: Actor, slot_id: int, *, member_ids: Iterable[int], note: str = "", now: datetime
) -> tuple[int, ...]:
    """Write to some of the candidates, each at most once for a slot; to whom it was written.

    Raise NotAllowed ``commitments.not_your_site``, Refusal ``commitments.slot_over``,
    ``text_too_long`` or ``nobody_chosen``.
    """
    slot = held_slot(slot_id)
    fitting = {candidate.id for candidate in candidates(actor, slot, now=now)}
    if slot.state != "planned" or slot.starts_at <= now:
        raise Refusal("commitments.slot_over")
    words = one_line(note)
    if len(words) > LONGEST_NOTE:
        raise Refusal("commitments.text_too_long", field="note", most=LONGEST_NOTE)
    chosen = sorted(fitting & set(member_ids))
    if not chosen:
        raise Refusal("commitments.nobody_chosen", field="members")
    told = tuple(
        member_id
        for member_id in chosen
        if insert_once(JobRun, name=INVITE, key=_key(slot_id, member_id), started_at=now, result={})
    )
    record(
        SlotInvited(
            actor_id=actor.id,
            site_id=slot.site_id,
            slot_id=slot.id,
            member_ids=told,
            note=words,
        )
    )
    return told


def _key(slot_id: int, member_id: int) -> str:
    return f"{INVITE}:{slot_id}:{member_id}"


def _reachable(slot: Slot, day: date) -> Select[int, str, str, str | None]:
    """Members of the site who give hours, are not away that day, and were not asked before."""
    gives = exists().where(
        Grant.account_id == Member.id, Grant.ended_at.is_(None), Grant.role.in_(GIVERS)
    )
    comes = exists().where(
        Signup.slot_id == slot.id, Signup.member_id == Member.id, Signup.state.in_(LIVE)
    )
    away = exists().where(
        MemberAvailability.member_id == Member.id,
        MemberAvailability.state == "away",
        or_(MemberAvailability.until.is_(None), MemberAvailability.until >= day),
    )
    asked = db.session.scalars(
        select(JobRun.key).where(JobRun.key.startswith(f"{INVITE}:{slot.id}:"))
    )
    before = [int(key.rpartition(":")[2]) for key in asked]
    return (
        select(Member.id, Member.slug, Member.name, Member.face.label("face"))
        .where(Member.home_site_id == slot.site_id, Member.active, gives, ~comes, ~away)
        .where(Member.id.not_in(before))
        .order_by(Member.sort_name, Member.id)
        .limit(MOST_LOOKED_AT)
    )
