"""Panels of the first page that changed for somebody: their pages ask for these alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.commitments.events import ContributionEvent
from incubator.domain.commitments.slot_events import (
    PlaceFreed,
    PlaceKept,
    PlaceTaken,
    SlotCancelled,
    SlotEvent,
    SlotMoved,
    StandInFound,
)
from incubator.domain.help.events import AnswerGiven
from incubator.kernel.events import waits
from incubator.network.members.events import MemberArrived, MemberDeparted
from incubator.reactions.live.service import ring

if TYPE_CHECKING:
    from collections.abc import Iterable

DUTIES = ("duties", "hours", "day")
VISITS = ("session", "check-in", "day")
# What a site's managers see of it; their other counters are told with their bell.
DESK = ("site-day", "waiting")


def desk_moved(event: SlotEvent | ContributionEvent) -> None:
    """Whoever runs the site has other figures on their first page."""
    if event.site_id is not None:
        ring({"k": "desk", "site": event.site_id, "panels": list(DESK)})


def _ring(member_ids: Iterable[int | None], panels: Iterable[str]) -> None:
    for member_id in dict.fromkeys(member_ids):
        if member_id is not None:
            ring({"k": "me", "member": member_id, "panels": list(panels)})


def hours_moved(event: ContributionEvent) -> None:
    """The giver's month, and what waits for the one helped or was decided."""
    _ring([event.giver_id], ["hours"])
    _ring([event.receiver_id, event.actor_id], ["confirm"])


def place_moved(event: PlaceTaken | PlaceFreed | PlaceKept) -> None:
    """Somebody comes to a slot, or does not."""
    _ring([event.member_id], DUTIES)


def stand_in_found(event: StandInFound) -> None:
    """One comes instead of another."""
    _ring([event.member_id, event.instead_of], DUTIES)


def slot_moved(event: SlotMoved | SlotCancelled) -> None:
    """Whoever signed up sees it elsewhere, or no more."""
    _ring(event.member_ids, DUTIES)


def answer_given(event: AnswerGiven) -> None:
    """Who asked sees that there is an answer."""
    _ring([event.asker_id], ["answered"])


def moved_about(event: MemberArrived | MemberDeparted) -> None:
    """One's own other pages: the visit, and the day."""
    _ring([event.member_id], VISITS)


def subscribe() -> None:
    """Hear them after their commit."""
    waits(ContributionEvent, hours_moved)
    waits(ContributionEvent, desk_moved)
    waits(SlotEvent, desk_moved)
    waits(PlaceTaken, place_moved)
    waits(PlaceFreed, place_moved)
    waits(PlaceKept, place_moved)
    waits(StandInFound, stand_in_found)
    waits(SlotMoved, slot_moved)
    waits(SlotCancelled, slot_moved)
    waits(AnswerGiven, answer_given)
    waits(MemberArrived, moved_about)
    waits(MemberDeparted, moved_about)
