"""Whether somebody may come to a slot: it takes place, it suits them, and they are free then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from incubator.domain.commitments import slot_policy
from incubator.domain.commitments.slot_models import Signup, Slot
from incubator.domain.commitments.slot_store import COMING, LIVE, held_member, held_slot
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.network.members.models import MemberSkill, Skill

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select

    from incubator.network.members.actor import Actor


def offered(actor: Actor, slot_id: int, *, once: str, now: datetime) -> Slot | Signup:
    """The slot, held, if the actor may come to it; their sign-up when it was sent before."""
    if not slot_policy.may_sign_up(actor):
        raise NotAllowed("commitments.guests_do_not_declare")
    held_member(actor.id)
    slot = held_slot(slot_id)
    mine = db.session.scalars(
        select(Signup)
        .where(Signup.booked_by_id == actor.id)
        .where(or_(Signup.once == once, Signup.slot_id == slot.id))
        .where(or_(Signup.once == once, Signup.state.in_(LIVE)))
        .execution_options(populate_existing=True)
    ).all()
    sent = next((signup for signup in mine if signup.once == once), None)
    if sent is not None:
        return sent
    if any(signup.member_id == actor.id for signup in mine):
        raise Refusal("commitments.slot_yours")
    _check_open(slot, now)
    _check_fit(actor, slot)
    return slot


def _check_open(slot: Slot, now: datetime) -> None:
    if slot.state != "planned":
        raise Refusal("commitments.slot_cancelled")
    if slot.starts_at <= now:
        raise Refusal("commitments.slot_begun")


def _check_fit(actor: Actor, slot: Slot) -> None:
    if slot.skill_id is not None and not db.session.scalar(_has_skill(actor.id, slot.skill_id)):
        raise Refusal("commitments.slot_skill_needed")
    other = aliased(Slot)
    taken = exists().where(
        Signup.member_id == actor.id,
        Signup.state.in_(COMING),
        Signup.slot_id == other.id,
        other.id != slot.id,
        other.state == "planned",
        other.starts_at < slot.ends_at,
        other.ends_at > slot.starts_at,
    )
    if db.session.scalar(select(taken)):
        raise Refusal("commitments.slot_overlap")


def _has_skill(member_id: int, skill_id: int) -> Select[bool]:
    """Whether a member offers a skill, or one of the family that it names; as SQL."""
    return select(
        exists().where(
            MemberSkill.member_id == member_id,
            MemberSkill.wanted.is_(False),
            MemberSkill.skill_id == Skill.id,
            or_(Skill.id == skill_id, Skill.parent_id == skill_id),
        )
    )
