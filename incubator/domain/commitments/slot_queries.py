"""What there is to see of slots: the weeks ahead of a site, one slot, one's own duties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from incubator.domain.commitments import slot_rules
from incubator.domain.commitments.rules import civil_day
from incubator.domain.commitments.slot_models import Signup, Slot, SlotWatch
from incubator.domain.commitments.slot_rules import DAY
from incubator.domain.commitments.slot_store import COMING, LIVE
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from incubator.domain.commitments.slot_rules import Coverage
    from incubator.network.members.actor import Actor

MOST_SLOTS = 500
MOST_DUTIES = 200


@dataclass(frozen=True)
class SlotShown:
    """A slot and how it is staffed; ``mine`` is the reader's own live sign-up."""

    slot: Slot
    booked: int
    wanted: int
    mine: Signup | None

    @property
    def coverage(self) -> Coverage:
        """How it is staffed; whoever looks for a stand-in is not counted on."""
        return slot_rules.coverage(
            self.booked, least=self.slot.capacity_min, most=self.slot.capacity_max
        )

    @property
    def free(self) -> int:
        """Places that nobody holds."""
        return max(0, self.slot.capacity_max - self.booked - self.wanted)


def coming_slots(reader: Actor, site_id: int, *, now: datetime, until: datetime) -> list[SlotShown]:
    """The slots of a site that are not over before ``now`` and begin before an instant."""
    slots = db.session.scalars(
        select(Slot)
        .where(
            Slot.site_id == site_id,
            Slot.starts_at >= now - DAY,
            Slot.starts_at < until,
            Slot.ends_at > now,
        )
        .order_by(Slot.starts_at, Slot.id)
        .options(joinedload(Slot.site, innerjoin=True), joinedload(Slot.skill))
        .limit(MOST_SLOTS)
    ).all()
    return _shown(reader, slots)


def some_slots(reader: Actor, slot_ids: Collection[int]) -> list[SlotShown]:
    """The slots of some ids that are still there: any member may see them."""
    if not slot_ids:
        return []
    slots = db.session.scalars(
        select(Slot)
        .where(Slot.id.in_(slot_ids))
        .options(joinedload(Slot.site, innerjoin=True), joinedload(Slot.skill))
    ).all()
    return _shown(reader, slots)


def _shown(reader: Actor, slots: Sequence[Slot]) -> list[SlotShown]:
    ids = [slot.id for slot in slots]
    counted = {
        row[0]: (row[1], row[2])
        for row in db.session.execute(
            select(
                Signup.slot_id,
                func.sum(case((Signup.state == "stand_in_wanted", 0), else_=1)),
                func.sum(case((Signup.state == "stand_in_wanted", 1), else_=0)),
            )
            .where(Signup.slot_id.in_(ids), Signup.state.in_(LIVE))
            .group_by(Signup.slot_id)
        )
    }
    mine = {
        signup.slot_id: signup
        for signup in db.session.scalars(
            select(Signup).where(
                Signup.slot_id.in_(ids), Signup.member_id == reader.id, Signup.state.in_(LIVE)
            )
        )
    }
    return [SlotShown(slot, *counted.get(slot.id, (0, 0)), mine.get(slot.id)) for slot in slots]


def by_day(shown: Sequence[SlotShown], zone: str) -> dict[date, list[SlotShown]]:
    """Slots by the civil day of their site on which they begin, in order."""
    days: dict[date, list[SlotShown]] = {}
    for each in shown:
        days.setdefault(civil_day(each.slot.starts_at, zone), []).append(each)
    return days


def slot_with_id(slot_id: int) -> Slot:
    """A slot with its site, series and skill: any member may see it; raise NotFound."""
    found = db.session.scalar(
        select(Slot)
        .where(Slot.id == slot_id)
        .options(
            joinedload(Slot.site, innerjoin=True),
            joinedload(Slot.skill),
            joinedload(Slot.series),
        )
    )
    if found is None:
        raise NotFound("commitments.slot")
    return found


def one_slot(reader: Actor, slot_id: int) -> SlotShown:
    """A slot and how it is staffed; raise NotFound."""
    return _shown(reader, [slot_with_id(slot_id)])[0]


def team_of(slot_id: int) -> Sequence[Signup]:
    """Who comes, or came, with their members."""
    return db.session.scalars(
        select(Signup)
        .where(Signup.slot_id == slot_id, Signup.state.in_((*LIVE, "excused")))
        .options(joinedload(Signup.member, innerjoin=True))
        .order_by(Signup.place, Signup.id)
    ).all()


def watches(reader: Actor, slot_id: int) -> bool:
    """Whether the reader waits for a place."""
    row = db.session.get(SlotWatch, (slot_id, reader.id))
    return row is not None and row.told_at is None


def duties_of(
    member_id: int, *, since: datetime, states: Sequence[str] = COMING, most: int = MOST_DUTIES
) -> Sequence[Signup]:
    """A member's sign-ups for slots that end after an instant and take place, the next first."""
    return db.session.scalars(
        select(Signup)
        .join(Slot, Slot.id == Signup.slot_id)
        .where(
            Signup.member_id == member_id,
            Signup.state.in_(states),
            Slot.state != "cancelled",
            Slot.ends_at > since,
        )
        .options(joinedload(Signup.slot, innerjoin=True).joinedload(Slot.site, innerjoin=True))
        .order_by(Slot.starts_at, Signup.id)
        .limit(most)
    ).all()
