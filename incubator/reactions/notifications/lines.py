"""Notifications as their reader may see them now: titles, names and where each leads.

Titles of threads and rooms, and names of people, are read at each look and never kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from incubator.domain.chat.models import Room
from incubator.domain.chat.naming import names_of
from incubator.domain.help.models import Question
from incubator.kernel.db import db
from incubator.network.members.audiences import seen_fields
from incubator.network.members.circle_models import Circle
from incubator.network.members.models import Member
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from incubator.network.members.actor import Actor
    from incubator.reactions.notifications.models import Notification

NAMED: Final = 2
# Where each area leads: the page, and the part of its address that says which.
PLACES: Final[dict[str, tuple[str, str]]] = {
    "account": ("auth.account", ""),
    "application": ("membership.application", "application_id"),
    "arrival": ("members.show", "slug"),
    "circle": ("circles.show", "slug"),
    "consent": ("help.quotes", "id"),
    "contribution": ("commitments.show", "contribution_id"),
    "credit": ("credit.account", "firm_id"),
    "credit_desk": ("credit.firm_desk", "firm_id"),
    "credit_switch": ("credit.index", ""),
    "deal": ("deals.show", "deal_id"),
    "desk": ("commitments.site_today", "slug"),
    "draw": ("commitments.gift", "gift_id"),
    "erasure": ("membership.erase", "erasure_id"),
    "firm": ("firms.requests", ""),
    "gift": ("commitments.gifts_index", ""),
    "hours": ("commitments.index", ""),
    "listing": ("exchanges.by_id", "listing_id"),
    "listing_search": ("exchanges.search", "search_id"),
    "newcomer": ("members.show", "slug"),
    "notice": ("notices.show", "notice_id"),
    "process": ("membership.process", "process_id"),
    "relief": ("commitments.relief", "relief_id"),
    "reports": ("help.reports", ""),
    "ring": ("rings.show", "ring_id"),
    "room": ("chat.show", "slug"),
    "room_reports": ("chat.reports", ""),
    "room_report": ("chat.my_reports", ""),
    "round": ("rounds.show", "round_id"),
    "session": ("commitments.when_left", "session_id"),
    "site": ("sites.show", "slug"),
    "skill": ("skills.propose", ""),
    "slot": ("commitments.slot", "slot_id"),
    "thread": ("help.by_id", "id"),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One notification drawn for its reader.

    ``names`` are at most two of who made the news, ``others`` how many more did. ``endpoint`` is
    empty where nothing can be opened.
    """

    row: Notification
    title: str
    names: tuple[str, ...]
    others: int
    endpoint: str
    values: Mapping[str, str]


Key = tuple[str, int]


class _Known:
    """What was read for a page of notifications: one statement an area, however many there are."""

    def __init__(self, actor: Actor, rows: Sequence[Notification]) -> None:
        self._actor = actor
        self._rows = rows
        self.titles: dict[Key, str] = {}
        self.slugs: dict[Key, str] = {}
        # Of threads whose asker stays unnamed, who that is.
        self.unnamed: dict[int, int] = {}
        self.people: dict[int, str] = {}
        self._threads(self._ids("thread"))
        self._rooms(self._ids("room"))
        self._places(self._ids("circle"), self._ids("desk", "site"))
        self._members(self._ids("arrival"), self._ids("newcomer"))

    def _ids(self, *areas: str) -> set[int]:
        return {row.item_id for row in self._rows if row.area in areas}

    def _threads(self, ids: set[int]) -> None:
        if not ids:
            return
        columns = (Question.id, Question.title, Question.anonymous, Question.author_id)
        for each in db.session.execute(select(*columns).where(Question.id.in_(ids))):
            self.titles["thread", each.id] = each.title
            if each.anonymous:
                self.unnamed[each.id] = each.author_id

    def _rooms(self, ids: set[int]) -> None:
        if not ids:
            return
        columns = (Room.id, Room.kind, Room.slug, Room.name, Site.name.label("site"))
        query = select(*columns).outerjoin(Site, Site.id == Room.site_id).where(Room.id.in_(ids))
        rooms = db.session.execute(query).all()
        between = [each.id for each in rooms if each.kind in {"direct", "group"}]
        named = names_of(between, but=self._actor.id)
        for each in rooms:
            self.titles["room", each.id] = each.name or named.get(each.id, each.site or "")
            self.slugs["room", each.id] = each.slug

    def _places(self, circles: set[int], sites: set[int]) -> None:
        if circles:
            found = select(Circle.id, Circle.name, Circle.slug).where(Circle.id.in_(circles))
            for circle_id, name, slug in db.session.execute(found):
                self.titles["circle", circle_id], self.slugs["circle", circle_id] = name, slug
        if sites:
            pairs = db.session.execute(select(Site.id, Site.slug).where(Site.id.in_(sites)))
            for site_id, slug in pairs:
                self.slugs["desk", site_id] = self.slugs["site", site_id] = slug

    def _members(self, awaited: set[int], newcomers: set[int]) -> None:
        """Who is waited for is named only while the reader may know where they are."""
        ids = {each for row in self._rows for each in row.people} | awaited | newcomers
        if not ids:
            return
        for each in db.session.scalars(select(Member).where(Member.id.in_(ids))):
            if each.id in awaited and "presence" not in seen_fields(self._actor, each):
                continue
            self.people[each.id] = each.name
            self.slugs["arrival", each.id] = self.slugs["newcomer", each.id] = each.slug


def lines_of(actor: Actor, rows: Sequence[Notification]) -> list[Line]:
    """These notifications for their reader."""
    known = _Known(actor, rows)
    return [_line(row, known) for row in rows]


def _line(row: Notification, known: _Known) -> Line:
    key = (row.area, row.item_id)
    hidden = known.unnamed.get(row.item_id) if row.area == "thread" else None
    names = [known.people[each] for each in row.people if each in known.people and each != hidden]
    endpoint, part = PLACES.get(row.area, ("", ""))
    value = known.slugs.get(key, "") if part == "slug" else str(row.item_id)
    if part and not value:
        endpoint = ""
    return Line(
        row=row,
        title=known.titles.get(key, row.title),
        names=tuple(names[:NAMED]),
        others=max(0, len(names) - NAMED),
        endpoint=endpoint,
        values={part: value} if part else {},
    )
