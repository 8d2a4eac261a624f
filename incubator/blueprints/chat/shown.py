"""How a room is laid out: days, runs of one author, the line before what is new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from incubator.blueprints.chat.cities import there
from incubator.blueprints.chat.quietly import Quiet, woven
from incubator.domain.chat.message_queries import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from incubator.domain.chat.message_queries import Extras
    from incubator.domain.chat.queries import RoomView
    from incubator.domain.chat.quiet import Happening
    from incubator.domain.chat.reading import Reader
    from incubator.domain.chat.said import MessageView
    from incubator.network.members.actor import Actor
    from incubator.network.members.models import Member
    from incubator.network.sites.models import Site
    from incubator.network.sites.queries import Place

RUN = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A message, what stands above it and what hangs on it; or ``quiet``, what happened.

    ``day`` when a new one begins; ``follows`` in a run; ``there`` where its author lives by
    another clock than the reader.
    """

    message: MessageView | None = None
    quiet: Quiet | None = None
    extras: Extras = NOTHING
    mine: bool = False
    follows: bool = False
    day: date | None = None
    new: bool = False
    there: Place | None = None


def lines(
    room: RoomView,
    messages: Sequence[MessageView],
    reader: Actor,
    *,
    hanging: Mapping[int, Extras],
    cities: Mapping[int, Place],
    happened: Sequence[Happening] = (),
) -> list[Line]:
    """Messages as the reader sees them, in their own time zone, with what ``happened``."""
    zone = ZoneInfo(reader.time_zone)
    found: list[Line] = []
    shown: date | None = None
    before: MessageView | None = None
    told = room.unread == 0
    for item in woven(messages, happened, zone):
        day = item.at.astimezone(zone).date()
        fresh, shown = day if day != shown else None, day
        if isinstance(item, Quiet):
            found.append(Line(quiet=item, day=fresh))
            before = None
            continue
        mine = item.author.id == reader.id
        new = not told and not mine and item.no > room.read_no
        told = told or new
        found.append(
            Line(
                message=item,
                extras=hanging.get(item.id, NOTHING),
                mine=mine,
                follows=not fresh and not new and before is not None and _runs(before, item),
                day=fresh,
                new=new,
                there=there(item.at, item.author.site_id, here=reader.time_zone, cities=cities),
            )
        )
        before = item
    return found


def readers(seen: Iterable[Reader]) -> list[dict[str, int | str]]:
    """Who has read up to where, for the script."""
    return [{"id": each.id, "name": each.name, "no": each.no} for each in seen]


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


def still(until: datetime | None, now: datetime) -> datetime | None:
    """Until when somebody is silent; None when they may write."""
    return until if until is not None and until > now else None


def day_name(day: date, now: datetime, zone: str) -> str:
    """«today», «yesterday» or nothing: the template has the words."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return {0: "today", 1: "yesterday"}.get((today - day).days, "")
