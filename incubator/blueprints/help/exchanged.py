"""What the page of a thread says of chat rooms: messages it was made of, talks about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from incubator.domain.chat import queries as rooms
from incubator.domain.help.talks import queries as talks
from incubator.edge.actor import actor
from incubator.edge.pages import url
from incubator.kernel.errors import NotFound

if TYPE_CHECKING:
    from incubator.domain.help.opened import Opened
    from incubator.domain.help.talks.queries import Began


@dataclass(frozen=True)
class TalkedThrough:
    """A talk: its room, for the two of it; where to conclude, until they have."""

    room: str | None
    conclude: str | None


@dataclass(frozen=True)
class Exchanged:
    """The messages that a question is made of, and talks by the answer that concluded them."""

    began: Began | None
    room: str | None
    concluded: dict[int, TalkedThrough]
    going_on: list[TalkedThrough]


def exchanged(thread: Opened) -> Exchanged:
    """What this thread has to do with rooms; nothing is asked for those that have nothing."""
    reader, question = actor(), thread.question
    began = talks.began_in(reader, question) if thread.began_in_a_room else None
    found = talks.talks_in(reader, question) if thread.is_talked_through else ()
    concluded: dict[int, TalkedThrough] = {}
    going_on = []
    for each in found:
        own = reader.id in {each.by_id, each.with_id}
        room = _address(each.room_id) if own else None
        if each.answer_id is not None:
            concluded[each.answer_id] = TalkedThrough(room, None)
        else:
            going_on.append(TalkedThrough(room, url("help.conclude", talk_id=each.id)))
    return Exchanged(began, _address(began.room_id) if began else None, concluded, going_on)


def _address(room_id: int) -> str | None:
    """The address of a room, for who may read it."""
    try:
        return url("chat.show", slug=rooms.visible_to(actor(), room_id).slug)
    except NotFound:
        return None
