"""What a reader sees of a letter's items today: each asked with their own rights, in bulk."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from incubator.domain.commitments.slot_queries import some_slots
from incubator.domain.help.learning import best
from incubator.domain.help.lists import threads_of
from incubator.domain.notices.queries import among
from incubator.network.accounts.queries import members_among
from incubator.network.members.cards import cards_of
from incubator.network.members.directory import still_here
from incubator.network.sites.queries import closures_with, open_places, place_of
from incubator.reactions.newsletter.composing import wants_people
from incubator.reactions.newsletter.given import given_between

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from incubator.domain.newsletter.models import Edition, Item
    from incubator.network.members.actor import Actor

    Finder = Callable[["Reading", list[int]], Mapping[int, "Found"]]

LINES_OF_HOURS = 6


@dataclass(frozen=True)
class Found:
    """What there is to say of an item: its title, the page that has it, and facts for words.

    It is ``over`` when nobody needs to be asked any more: solved, filled, gone by.
    """

    title: str
    endpoint: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    over: bool = False


@dataclass(frozen=True)
class Told:
    """An item as one reader sees it."""

    item: Item
    found: Found


@dataclass(frozen=True)
class Reading:
    """Who reads which letter, and when."""

    reader: Actor
    edition: Edition
    now: datetime


def told_to(reader: Actor, edition: Edition, *, now: datetime, struck: bool = False) -> list[Told]:
    """The items that a reader sees, in order; ``struck`` ones as well, for who edits.

    A constant number of statements, however many items.
    """
    items = [each for each in edition.items if each.kept or struck]
    reading = Reading(reader, edition, now)
    found: dict[tuple[str, int], Found] = {}
    for kind, find in _FINDERS.items():
        ids = [each.subject_id for each in items if each.kind == kind]
        if ids:
            found |= {(kind, number): one for number, one in find(reading, ids).items()}
    return [
        Told(each, found[each.kind, each.subject_id])
        for each in items
        if (each.kind, each.subject_id) in found
    ]


def sections(told: Iterable[Told]) -> list[tuple[str, list[Told]]]:
    """Items that follow one another and are of one kind, under its name."""
    return [(kind, list(some)) for kind, some in groupby(told, lambda each: each.item.kind)]


def _threads(reading: Reading, ids: list[int], *, call: bool = False) -> dict[int, Found]:
    return {
        question.id: Found(
            question.title,
            "help.show",
            {"id": question.id, "slug": question.slug},
            {
                "city": question.site.city if question.site else "",
                "answers": question.answer_count,
                "asked_at": question.asked_at,
            },
            over=call and (question.is_solved or question.answer_count > 0),
        )
        for question in (thread.question for thread in threads_of(reading.reader, ids))
    }


def _calls(reading: Reading, ids: list[int]) -> dict[int, Found]:
    return _threads(reading, ids, call=True)


def _answers(reading: Reading, ids: list[int]) -> dict[int, Found]:
    return {
        each.id: Found(
            each.title,
            "help.show",
            {"id": each.question_id, "slug": each.slug},
            {"name": each.author.name, "thanks": each.thanks},
        )
        for each in best.chosen(reading.reader, ids)
    }


def _members(reading: Reading, ids: list[int]) -> dict[int, Found]:
    here = still_here(members_among(ids))
    today = reading.now.astimezone(ZoneInfo(reading.edition.site.time_zone)).date()
    return {
        card.id: Found(
            card.name,
            "members.show",
            {"slug": card.slug},
            {"headline": card.headline, "firm": next(iter(card.firms), "")},
        )
        for card in cards_of([each for each in ids if each in here], today, reader=reading.reader)
    }


def _notices(reading: Reading, ids: list[int]) -> dict[int, Found]:
    return {
        each.id: Found(
            each.title,
            "notices.show",
            {"notice_id": each.id},
            {"site": each.site.name if each.site else ""},
            over=each.expires_at <= reading.now,
        )
        for each in among(reading.reader, ids)
    }


def _hours(reading: Reading, ids: list[int]) -> dict[int, Found]:
    edition = reading.edition
    place = place_of(edition.site_id)
    if place is None:
        return {}
    cities = {each.id: each.city for each in open_places()}
    lines = [
        {"giver": cities[line.giver_id], "to": cities[line.receiver_id], "minutes": line.minutes}
        for line in given_between(place, edition.since_at, edition.until_at)
        if {line.giver_id, line.receiver_id} <= cities.keys()
    ][:LINES_OF_HOURS]
    if not lines:
        return {}
    return dict.fromkeys(ids, Found("", "commitments.network_giving", {}, {"lines": lines}))


def _slots(reading: Reading, ids: list[int]) -> dict[int, Found]:
    return {
        each.slot.id: Found(
            each.slot.title,
            "commitments.slot",
            {"slot_id": each.slot.id},
            {
                "starts_at": each.slot.starts_at,
                "ends_at": each.slot.ends_at,
                "missing": max(each.slot.capacity_min - each.booked, 0),
                "zone": each.slot.site.time_zone,
            },
            over=each.slot.starts_at <= reading.now or not wants_people(each),
        )
        for each in some_slots(reading.reader, ids)
    }


def _closures(reading: Reading, ids: list[int]) -> dict[int, Found]:
    site = reading.edition.site
    today = reading.now.astimezone(ZoneInfo(site.time_zone)).date()
    return {
        each.id: Found(
            each.reason,
            "sites.show",
            {"slug": site.slug},
            {"first_on": each.starts_on, "last_on": each.last_day},
            over=each.last_day < today,
        )
        for each in closures_with(ids)
    }


_FINDERS: Mapping[str, Finder] = {
    "notice": _notices,
    "solved": _threads,
    "answer": _answers,
    "member": _members,
    "hours": _hours,
    "call": _calls,
    "slot": _slots,
    "closure": _closures,
}
