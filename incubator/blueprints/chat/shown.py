"""How a room is laid out: days, runs of one author, the line before what is new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from incubator.domain.chat.queries import MessageView, RoomView
    from incubator.network.members.actor import Actor
    from incubator.network.members.models import Member
    from incubator.network.sites.models import Site

RUN = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A message and what stands above it. ``day`` when a new one begins; ``follows`` in a run."""

    message: MessageView
    mine: bool
    follows: bool
    day: date | None
    new: bool


def lines(room: RoomView, messages: Sequence[MessageView], reader: Actor) -> list[Line]:
    """Messages as the reader sees them, in their own time zone."""
    zone = ZoneInfo(reader.time_zone)
    found: list[Line] = []
    before: MessageView | None = None
    told = room.unread == 0
    for message in messages:
        mine = message.author.id == reader.id
        day = message.at.astimezone(zone).date()
        fresh = before is None or before.at.astimezone(zone).date() != day
        new = not told and not mine and message.no > room.read_no
        told = told or new
        found.append(
            Line(
                message=message,
                mine=mine,
                follows=not fresh and not new and before is not None and _runs(before, message),
                day=day if fresh else None,
                new=new,
            )
        )
        before = message
    return found


def _runs(before: MessageView, message: MessageView) -> bool:
    return before.author.id == message.author.id and message.at - before.at < RUN


@dataclass(frozen=True)
class Group:
    """The people of a site who sit in a room."""

    site: Site | None
    people: list[Member]


def by_site(people: Iterable[tuple[Member, Site | None]], home: int | None) -> list[Group]:
    """Groups by site: the given one first, then by name; people by name."""
    groups: dict[int, Group] = {}
    for member, site in people:
        groups.setdefault(site.id if site else 0, Group(site, [])).people.append(member)
    for group in groups.values():
        group.people.sort(key=lambda member: member.sort_name)
    return sorted(
        groups.values(),
        key=lambda group: (
            group.site is None or group.site.id != home,
            group.site is None,
            group.site.name.casefold() if group.site else "",
        ),
    )


def day_name(day: date, now: datetime, zone: str) -> str:
    """«today», «yesterday» or nothing: the template has the words."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return {0: "today", 1: "yesterday"}.get((today - day).days, "")
