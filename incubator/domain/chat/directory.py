"""The directory of rooms: open ones, one's own, those that are archived; by key, found by words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, and_, or_, select

from incubator.domain.chat.models import CLOSED, Room, Seat
from incubator.kernel.db import db
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.kernel.text import words
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.network.members.actor import Actor

WHICH: Final = ("open", "mine", "archived")
WORDS_MOST: Final = 6
SIZE: Final = 30


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A room as the directory shows it to one reader."""

    id: int
    kind: str
    slug: str
    name: str
    purpose: str
    seated: bool
    involvement: str
    archived: bool


def listed(actor: Actor, which: str, *, q: str, cursor: Cursor) -> Page[Listed]:
    """A page of the directory: «open» topics, «mine» where the actor sits, «archived» ones.

    A closed room is listed to who sits there and to nobody else. Guests find only their own.
    """
    query = select(Room).where(*_chosen(actor, which), *_holding(q))
    page = keyset_page(query, (Room.name, Room.id), cursor)
    seats = _seats(actor, [room.id for room in page.rows])
    sites = _site_names([room.site_id for room in page.rows if room.site_id])
    rows = [_listed(room, seats.get(room.id), sites.get(room.site_id or 0)) for room in page.rows]
    return Page(rows, page.next, page.previous)


def _chosen(actor: Actor, which: str) -> list[ColumnElement[bool]]:
    sits = Room.id.in_(
        select(Seat.room_id).where(Seat.member_id == actor.id, Seat.left_at.is_(None))
    )
    if which == "mine" or actor.is_guest:
        # A guest may still hold the seat of a room that is not for guests.
        of_guests = [Room.kind == "site"] if actor.is_guest else []
        return [sits, Room.kind.not_in(("direct", "group")), Room.archived_at.is_(None), *of_guests]
    if which == "archived":
        theirs = and_(Room.kind == "private", sits)
        return [Room.archived_at.is_not(None), or_(Room.kind.not_in(CLOSED), theirs)]
    return [Room.kind.not_in(CLOSED), Room.kind != "network", Room.archived_at.is_(None)]


def _holding(q: str) -> list[ColumnElement[bool]]:
    """Every word, accents or not, in the name or the purpose."""
    wanted = words(q)[:WORDS_MOST]
    return [
        or_(Room.found_by.contains(word, autoescape=True), _site_called(word)) for word in wanted
    ]


def _site_called(word: str) -> ColumnElement[bool]:
    return and_(Room.kind == "site", Room.slug.contains(word, autoescape=True))


def _seats(actor: Actor, room_ids: Sequence[int]) -> dict[int, str]:
    query = select(Seat.room_id, Seat.involvement).where(
        Seat.member_id == actor.id, Seat.room_id.in_(room_ids), Seat.left_at.is_(None)
    )
    return {row.room_id: row.involvement for row in db.session.execute(query)}


def _site_names(site_ids: Sequence[int]) -> dict[int, str]:
    query = select(Site.id, Site.name).where(Site.id.in_(site_ids))
    return {row.id: row.name for row in db.session.execute(query)}


def _listed(room: Room, involvement: str | None, site: str | None) -> Listed:
    values: dict[str, Any] = {"id": room.id, "kind": room.kind, "slug": room.slug}
    return Listed(
        **values,
        name=site or room.name,
        purpose=room.purpose,
        seated=involvement is not None,
        involvement=involvement or "all",
        archived=room.archived_at is not None,
    )
