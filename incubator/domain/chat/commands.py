"""What members do in rooms: talk, reply and read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from incubator.domain.chat import directs, drafts, mentions, policy, rules
from incubator.domain.chat import files as reading
from incubator.domain.chat import uploads as keeping
from incubator.domain.chat.events import MarkerMoved
from incubator.domain.chat.involvement import WRITTEN_TO, bring_back
from incubator.domain.chat.muting import check_may_talk
from incubator.domain.chat.places import place
from incubator.domain.chat.saying import Sent, Words, add, same, stored
from incubator.domain.chat.seats import seat_of
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, TooMany
from incubator.kernel.events import record
from incubator.kernel.text import markdown_to_html
from incubator.kernel.throttle import spend

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Said:
    """A message as its author sends it; with ``root`` a reply to that message.

    ``drafted`` when a draft of it may be kept: it goes in the same transaction.
    """

    cid: str
    text: str
    file_ids: Sequence[int] = ()
    root: int | None = None
    drafted: bool = False


def send(
    actor: Actor,
    room_id: int,
    *,
    cid: str,
    text: str,
    now: datetime,
    file_ids: Sequence[int] = (),
) -> Sent:
    """Say something in a room itself, as ``say`` does."""
    return say(actor, room_id, Said(cid=cid, text=text, file_ids=file_ids), now=now)


def say(actor: Actor, room_id: int, said: Said, *, now: datetime) -> Sent:
    """Say something in a room, once per ``cid`` however often it is asked.

    The lock of the room's row lasts until the commit: numbers follow the order of commits and
    have no hole. Raise NotFound ``chat.room`` or ``chat.message``, NotAllowed
    ``chat.not_seated``, Refusal ``chat.blank``, ``chat.too_long``, ``chat.gone`` or
    ``chat.bad_cid``, Conflict ``chat.cid_reused`` when the same cid came with another text or
    files, TooMany ``chat.too_fast``; about files as ``keeping.chosen`` and ``bind``, about names
    as ``mentions.named_in`` and ``called_by``.
    """
    files = keeping.chosen(said.file_ids)
    body, key = rules.said(said.text, alone=not files), rules.named(said.cid)
    # Rendered before the lock, under which nobody else can talk.
    named = mentions.named_in(body)
    html = markdown_to_html(body, named.links)
    count = len(files)
    words = Words(key=key, body=body, html=html, named=named, root=said.root, file_count=count)
    room = place(actor, room_id, lock=True)
    # Asked under the lock: a seat given up before our turn is given up.
    if not policy.may_send(actor, seated=room.seated):
        raise NotAllowed("chat.not_seated")
    before = stored(actor, key)
    if before:
        if before.gone_at is None:
            keeping.check_same(before.id, files)
        return _with_files(same(before, room.id, words), files)
    check_may_talk(room, now=now)
    if room.pair:
        directs.check_reachable(actor, room.pair)
    _slow_down(actor, now)
    if room.kind in WRITTEN_TO:
        bring_back(room.id, by_id=actor.id)
    called = mentions.called_by(actor, room, named, now=now)
    sent = add(actor, room, words, called=called, now=now)
    keeping.bind(actor, files, room_id=room.id, message_id=sent.id)
    if said.drafted:
        drafts.drop(actor.id, room.id, said.root)
    return _with_files(sent, files)


def _with_files(sent: Sent, file_ids: Sequence[int]) -> Sent:
    return replace(sent, files=reading.of_messages([sent.id])[sent.id]) if file_ids else sent


def _slow_down(actor: Actor, now: datetime) -> None:
    wait = spend(
        f"chat.send:{actor.id}", limit=rules.BURST, per_seconds=rules.BURST_SECONDS, now=now
    )
    if wait:
        raise TooMany("chat.too_fast", retry_after=wait)


def mark_read(actor: Actor, room_id: int, *, no: int) -> int:
    """Note that a member has read up to message ``no``; the marker never goes back."""
    room = place(actor, room_id)
    seat = seat_of(room.id, actor.id, lock=True)
    if seat is None:
        return room.msg_no
    reached = min(no, room.msg_no)
    if reached > seat.read_no:
        seat.read_no = reached
        db.session.flush()
        record(MarkerMoved(actor_id=actor.id, room_id=room.id, read_no=reached))
    return seat.read_no
