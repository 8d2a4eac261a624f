"""What a new letter points at, chosen with the rights of any member of its site."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from incubator.domain.commitments.slot_queries import coming_slots
from incubator.domain.help import weekly
from incubator.domain.help.learning import best
from incubator.domain.newsletter.rules import KINDS, STANDING
from incubator.domain.notices.queries import published_between
from incubator.network.accounts.queries import members_among
from incubator.network.members.actor import Actor
from incubator.network.members.directory import joined_between
from incubator.network.sites.queries import closures_of
from incubator.reactions.newsletter.given import given_between

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.commitments.slot_queries import SlotShown
    from incubator.network.sites.queries import Place

# What is read in two minutes.
MOST: Final = {
    "notice": 3,
    "solved": 4,
    "answer": 3,
    "member": 5,
    "hours": 1,
    "call": 3,
    "slot": 3,
    "closure": 2,
}
SLOTS_AHEAD: Final = timedelta(days=9)
CLOSURES_AHEAD: Final = timedelta(days=21)
# A call that found nobody for so long is for its site's managers, not for every letter.
CALLS_BACK: Final = timedelta(days=60)
CALLS_WAIT: Final = timedelta(days=1)
Subject = tuple[str, int]


def neighbour(place: Place) -> Actor:
    """Any member of a site: in no circle, running nothing, the author of nothing."""
    return Actor(
        id=0,
        name="",
        slug="",
        role="resident",
        home_site_id=place.id,
        managed_site_ids=frozenset(),
        language="fr",
        time_zone=place.time_zone,
    )


def compose(place: Place, since: datetime, until: datetime, *, own: bool = False) -> list[Subject]:
    """The kinds and numbers of what a letter tells of, in its order.

    With the threads of a site's ``own`` alone, or with others that the whole network reads.
    """
    reader = neighbour(place)
    span = {"site_id": place.id}
    solved = weekly.solved_between(reader, since, until, own=own, most=MOST["solved"], **span)
    thanked = best.thanked_between(reader, since, until, most=MOST["answer"] + len(solved), **span)
    fresh = joined_between(place.id, since, until, most=3 * MOST["member"])
    found = {
        "notice": published_between(place.id, since, until, most=MOST["notice"]),
        "solved": solved,
        # A thread that is told as solved is not told twice.
        "answer": [each.id for each in thanked if each.question_id not in solved],
        "member": _belonging(fresh),
        "hours": [place.id] if given_between(place, since, until) else [],
        "call": weekly.waiting(
            reader, until - CALLS_BACK, until - CALLS_WAIT, most=MOST["call"], **span
        ),
        "slot": _slots(reader, place, until),
        "closure": _closures(place, until),
    }
    return [(kind, each) for kind in KINDS for each in found[kind][: MOST[kind]]]


def is_news(subjects: list[Subject], fewest: int) -> bool:
    """Whether so much happened that it makes a letter."""
    return sum(kind not in STANDING for kind, _ in subjects) >= fewest


def _belonging(member_ids: list[int]) -> list[int]:
    """Without guests and alumni, who are not introduced."""
    ours = members_among(member_ids) if member_ids else frozenset()
    return [each for each in member_ids if each in ours]


def _slots(reader: Actor, place: Place, at: datetime) -> list[int]:
    coming = coming_slots(reader, place.id, now=at, until=at + SLOTS_AHEAD)
    return [each.slot.id for each in coming if wants_people(each)]


def wants_people(shown: SlotShown) -> bool:
    """Whether a slot has too few people."""
    return shown.slot.state == "planned" and shown.coverage in {"empty", "thin"}


def _closures(place: Place, at: datetime) -> list[int]:
    today = at.astimezone(ZoneInfo(place.time_zone)).date()
    return [
        each.id
        for each in closures_of([place.id], today)
        if today <= each.starts_on < today + CLOSURES_AHEAD
    ]
