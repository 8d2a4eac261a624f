"""What speaks for asking members to a slot: skills, usual days, hours they owe, when taken."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, select, union_all

from incubator.domain.commitments import slot_rules
from incubator.domain.commitments.ledger_models import Standing
from incubator.domain.commitments.models import Period
from incubator.domain.commitments.presence_models import Presence
from incubator.domain.commitments.slot_models import Signup, Slot
from incubator.domain.commitments.slot_store import COMING
from incubator.kernel.db import db
from incubator.network.members.models import MemberSkill, Skill

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from incubator.domain.commitments.slot_rules import Hours, Person

LATELY = timedelta(weeks=12)


def people_of(ids: Sequence[int], slot: Slot, *, now: datetime) -> list[Person]:
    """Members of the slot's site as the rules know them, in the same order."""
    skills, usual = _skills(ids), _usual(ids, now)
    left, busy = _left(ids, now), _busy(ids, slot)
    return [
        slot_rules.Person(
            each,
            slot.site_id,
            skills=frozenset(skills.get(each, ())),
            usual=slot_rules.usual_weekdays(usual.get(each, ())),
            left=left.get(each, 0),
            busy=tuple(busy.get(each, ())),
        )
        for each in ids
    ]


def _skills(ids: Sequence[int]) -> dict[int, set[int]]:
    """What each offers, and the families of it."""
    found: dict[int, set[int]] = {}
    for member_id, skill_id, parent_id in db.session.execute(
        select(MemberSkill.member_id, Skill.id, Skill.parent_id)
        .join(Skill, Skill.id == MemberSkill.skill_id)
        .where(MemberSkill.member_id.in_(ids), MemberSkill.wanted.is_(False))
    ):
        theirs = found.setdefault(member_id, set())
        theirs.update(each for each in (skill_id, parent_id) if each is not None)
    return found


def _usual(ids: Sequence[int], now: datetime) -> dict[int, set[date]]:
    """The days on which each came of late, by check-in or for a slot."""
    since = (now - LATELY).date()
    came = union_all(
        select(Presence.member_id, Presence.day).where(
            Presence.member_id.in_(ids), Presence.day >= since, Presence.state != "void"
        ),
        select(Signup.member_id, Slot.local_date)
        .join(Slot, Slot.id == Signup.slot_id)
        .where(
            Signup.member_id.in_(ids),
            Signup.state.in_(("done", "partial")),
            Slot.local_date >= since,
        ),
    )
    found: dict[int, set[date]] = {}
    for member_id, day in db.session.execute(came):
        found.setdefault(member_id, set()).add(day)
    return found


def _left(ids: Sequence[int], now: datetime) -> dict[int, int]:
    """Minutes that each still owes this period."""
    today = now.date()
    rows = db.session.execute(
        select(Standing.member_id, Standing.balance)
        .join(
            Period,
            and_(
                Period.id == Standing.period_id, Period.starts_on <= today, Period.ends_on > today
            ),
        )
        .where(Standing.member_id.in_(ids), Standing.balance < 0)
    )
    return {member_id: -balance for member_id, balance in rows}


def _busy(ids: Sequence[int], slot: Slot) -> dict[int, list[Hours]]:
    """When each comes to another slot that overlaps this one."""
    found: dict[int, list[Hours]] = {}
    for member_id, start, end in db.session.execute(
        select(Signup.member_id, Slot.starts_at, Slot.ends_at)
        .join(Slot, Slot.id == Signup.slot_id)
        .where(
            Signup.member_id.in_(ids),
            Signup.state.in_(COMING),
            Slot.state == "planned",
            Slot.starts_at < slot.ends_at,
            Slot.ends_at > slot.starts_at,
        )
    ):
        found.setdefault(member_id, []).append((start, end))
    return found
