"""Letters about slots: reminders, places, stand-ins, what is called off, and calls for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incubator.domain.commitments import slot_watches
from incubator.domain.commitments.slot_events import (
    PlaceFreed,
    SheetLeftOpen,
    SlotCancelled,
    SlotEvent,
    SlotInvited,
    SlotMoved,
    SlotReminded,
    SlotUnderstaffed,
    StandInFound,
)
from incubator.domain.commitments.slot_models import Slot
from incubator.kernel.db import db, utcnow
from incubator.kernel.events import joins
from incubator.network.members.models import Member
from incubator.reactions.mail.readers import accounts_of, managers_of
from incubator.reactions.mail.writing import write
from incubator.reactions.notifications.telling import About

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.network.accounts.models import Account

# What a letter about a slot is, by what it says.
SORTS: Final = {
    "reminder": "slot_reminder",
    "freed": "slot_places",
    "stand_in_wanted": "slot_places",
    "stand_in": "slot_changes",
    "cancelled": "slot_changes",
    "moved": "slot_changes",
    "understaffed": "desk_slots",
    "sheet": "desk_slots",
    "invited": "slot_asked",
}


def subscribe() -> None:
    """Hear what must be told by mail."""
    joins(SlotReminded, reminded)
    joins(PlaceFreed, freed)
    joins(StandInFound, stood_in)
    joins(SlotCancelled, cancelled)
    joins(SlotMoved, moved)
    joins(SlotUnderstaffed, understaffed)
    joins(SheetLeftOpen, sheet_open)
    joins(SlotInvited, invited)


def reminded(event: SlotReminded) -> None:
    """To who signed up, before the day."""
    _write(event, "reminder", accounts_of([event.member_id]))


def freed(event: PlaceFreed) -> None:
    """To those who wait for a place in this slot, once."""
    waiting = slot_watches.take_watchers(event.slot_id, now=utcnow())
    others = [member_id for member_id in waiting if member_id != event.member_id]
    _write(event, "stand_in_wanted" if event.stand_in else "freed", accounts_of(others))


def stood_in(event: StandInFound) -> None:
    """To who could not come: somebody does."""
    name = db.session.get_one(Member, event.member_id).name
    _write(event, "stand_in", accounts_of([event.instead_of]), name=name)


def cancelled(event: SlotCancelled) -> None:
    """To everybody who had signed up, but whoever called it off."""
    readers = accounts_of(set(event.member_ids) - {event.actor_id})
    _write(event, "cancelled", readers, note=event.reason)


def moved(event: SlotMoved) -> None:
    """To everybody who had signed up: the hours are other ones."""
    _write(event, "moved", accounts_of(set(event.member_ids) - {event.actor_id}))


def understaffed(event: SlotUnderstaffed) -> None:
    """To the managers of the site, two days before."""
    _write(event, "understaffed", managers_of(event.site_id), booked=str(event.booked))


def sheet_open(event: SheetLeftOpen) -> None:
    """To the managers of the site, a day after the slot."""
    _write(event, "sheet", managers_of(event.site_id), booked=str(event.signed_up))


def invited(event: SlotInvited) -> None:
    """To those whom a manager asks."""
    name = None if event.actor_id is None else db.session.get_one(Member, event.actor_id).name
    _write(event, "invited", accounts_of(event.member_ids), name=name, note=event.note)


def _write(event: SlotEvent, what: str, readers: Sequence[Account], **more: str | None) -> None:
    if not readers:
        return
    values = {"name": None, "note": "", "booked": "0", **_values(event.slot_id), **more}
    site_id = db.session.get_one(Slot, event.slot_id).site_id
    about = About("slot", event.slot_id, what, title=values["title"] or "", site_id=site_id)
    write(SORTS[what], "slot", readers, values=values | {"what": what}, about=about)


def _values(slot_id: int) -> dict[str, str | None]:
    slot = db.session.scalars(
        select(Slot).where(Slot.id == slot_id).options(joinedload(Slot.site, innerjoin=True))
    ).one()
    return {
        "slot_id": str(slot.id),
        "title": slot.title,
        "site": slot.site.name,
        "city": slot.site.city,
        "zone": slot.site.time_zone,
        "starts_at": slot.starts_at.isoformat(),
        "ends_at": slot.ends_at.isoformat(),
        "least": str(slot.capacity_min),
    }
