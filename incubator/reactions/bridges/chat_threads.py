"""A chat exchange becomes a thread, a thread is talked through in a room: each names the other.

What a room is told bears no title: not all who read it may read the thread.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from incubator.domain.chat import commands as chat
from incubator.domain.chat import directs
from incubator.domain.chat import policy as chat_policy
from incubator.domain.chat import queries as rooms
from incubator.domain.chat.models import CLOSED
from incubator.domain.help import commands as threads
from incubator.domain.help.rules import Wish
from incubator.domain.help.talks import commands as talks
from incubator.domain.help.talks.commands import QUOTES_MOST, Heard
from incubator.kernel.errors import NotAllowed, Refusal

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from incubator.domain.chat.queries import RoomView
    from incubator.domain.chat.said import MessageView
    from incubator.domain.help.models import Answer, Question
    from incubator.network.members.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked beside the messages; ``note`` is what the room is told, with «{path}»."""

    title: str
    body: str
    skill_ids: tuple[int, ...]
    audience: str
    once: str
    note: str
    wish: Wish = field(default_factory=Wish)


def chosen_in(actor: Actor, room: RoomView, seqs: Collection[int]) -> list[MessageView]:
    """The messages of a room that they chose; raise NotAllowed, Refusal ``help.quotes_none``."""
    if not chat_policy.may_send(actor, seated=room.seated):
        raise NotAllowed("chat.not_seated")
    # What a machine said is nobody's words to agree to.
    found = [m for m in rooms.chosen(room, list(seqs)[:QUOTES_MOST]) if not m.author.bot]
    if not found:
        raise Refusal("help.quotes_none")
    return found


def ask(
    actor: Actor, room_id: int, *, seqs: Collection[int], asked: Asked, now: datetime
) -> Question:
    """Make a question of messages; the same messages give the same question.

    The room is held, so that of two who press at once one waits. Raise as ``chosen_in``,
    ``help.commands.ask`` and ``chat.commands.send``.
    """
    room = rooms.visible_to(actor, room_id)
    messages = chosen_in(actor, room, seqs)
    places = [each.seq for each in messages]
    rooms.hold(room.id)
    before = talks.made_of(actor, room.id, places)
    if before is not None:
        return before
    question = threads.ask(
        actor,
        title=asked.title,
        body=asked.body,
        skill_ids=asked.skill_ids,
        audience=asked.audience,
        wish=asked.wish,
        once=asked.once,
        now=now,
    )
    heard = [
        Heard(seq=m.seq, no=m.no, author_id=m.author.id, said_at=m.at, html=m.html)
        for m in messages
    ]
    private = room.kind in CLOSED
    talks.quote(actor, question, heard, room_id=room.id, private=private, now=now)
    told = asked.note.format(path=f"/entraide/{question.id}")
    chat.send(actor, room.id, cid=f"question-{question.id:012d}", text=told, now=now)
    return question


def talk(actor: Actor, question_id: int, *, member_id: int, note: str, now: datetime) -> RoomView:
    """Talk a thread through with who asked or answered; the room of the two, which is told once.

    Raise as ``talks.check_may_talk``, ``directs.open_with`` and ``chat.commands.send``.
    """
    talks.check_may_talk(actor, question_id, member_id)
    room = directs.open_with(actor, member_id, now=now)
    begun, new = talks.talk(actor, question_id, member_id=member_id, room_id=room.id, now=now)
    if new:
        end = f"/entraide/vive-voix/{begun.id}/conclure"
        told = note.format(path=f"/entraide/{question_id}", end=end)
        chat.send(actor, room.id, cid=f"talk-{begun.id:016d}", text=told, now=now)
    return room


def conclude(
    actor: Actor, talk_id: int, *, body: str, once: str, note: str, now: datetime
) -> Answer:
    """Answer a thread with what two concluded, and tell their room; raise as the commands."""
    ended, given, new = talks.conclude(actor, talk_id, body=body, once=once, now=now)
    if new:
        told = note.format(path=f"/entraide/{ended.question_id}#answer-{given.id}")
        chat.send(actor, ended.room_id, cid=f"concluded-{given.id:012d}", text=told, now=now)
    return given
