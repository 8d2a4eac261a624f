"""Finding what was said, and whom to name in a message."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import request

from incubator.blueprints.chat.views import pages
from incubator.domain.chat import message_policy, queries, searching, suggesting
from incubator.edge.access import members, signed_in
from incubator.edge.actor import actor
from incubator.edge.numbers import whole
from incubator.edge.pages import render
from incubator.kernel.keyset import Cursor
from incubator.kernel.stems import search_words
from incubator.kernel.text import plain_text
from incubator.network.members.marking import extract_of, pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from incubator.domain.chat.said import MessageView

LONGEST = 200
KEYS = ("q", "room", "author", "since", "until", "files")
EXCERPT = 160


@pages.get("/discussions/recherche", en="/chat/search", may=signed_in)
def search() -> ResponseReturnValue:
    """Messages of the rooms that the reader may read, by words, room, author and day."""
    reader, asked = actor(), request.args
    rooms = searching.rooms_searched(reader)
    text, files = searching.taken_apart(asked.get("q", "")[:LONGEST])
    wanted = searching.Wanted(
        text=text,
        room_id=asked.get("room", type=whole),
        author=asked.get("author", "")[:LONGEST],
        since=_day(asked.get("since"), reader.time_zone),
        until=_day(asked.get("until"), reader.time_zone, days=1),
        files=files or asked.get("files") == "1",
    )
    if not wanted.empty:
        searching.bring_up([room.id for room in rooms])
    cursor = Cursor(asked.get("after"), asked.get("before"))
    page = searching.find(reader, wanted, rooms=rooms, cursor=cursor)
    return render(
        "chat/search.html",
        wanted=wanted,
        asked={key: asked.get(key, "") for key in KEYS},
        room_list=rooms,
        named={room.id: room for room in rooms},
        page=page,
        extract=lambda message: _extract(message, search_words(text, searching.WORDS_MOST)),
    )


def _day(typed: str | None, zone: str, *, days: int = 0) -> datetime | None:
    """When a day begins where the reader is, so many days later; nothing for what is no day."""
    try:
        day = date.fromisoformat(typed or "") + timedelta(days=days)
        return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _extract(message: MessageView, words: Sequence[str]) -> list[tuple[str, bool]]:
    """The part of a message around what was looked for, the words marked."""
    return pieces(excerpt(message, words), words)


def excerpt(message: MessageView, words: Sequence[str]) -> str:
    """The part of a message around what was looked for, or its beginning."""
    text = plain_text(message.html)
    return extract_of(text, words) or text[:EXCERPT]


@pages.get("/discussions/<slug>/noms", en="/chat/<slug>/names", may=members)
def names(slug: str) -> ResponseReturnValue:
    """Whom «@» and some letters may mean in a room."""
    reader = actor()
    room = queries.visible_to(reader, slug)
    typed = request.args.get("q", "")[:60]
    return render(
        "chat/names.html",
        room=room,
        people=suggesting.suggested(reader, room.id, typed),
        machines=suggesting.machines(room.id, typed),
        groups=suggesting.groups(typed, everybody=message_policy.may_call_everybody(reader, room)),
    )
