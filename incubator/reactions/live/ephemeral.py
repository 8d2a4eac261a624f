"""What is told and never kept: who writes, who is there. To lose it harms nobody."""

from __future__ import annotations

import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from incubator.domain.chat.liveliness import company
from incubator.domain.chat.reading import circle
from incubator.kernel.db import end_read, utcnow
from incubator.network.members import present
from incubator.reactions.live.presence import BATCH_SECONDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from incubator.reactions.live.conns import Conn
    from incubator.reactions.live.doorbell import Note
    from incubator.reactions.live.ports import Hub

ON_SITE = "site"


class Ephemera:
    """Tells the sockets of one process; only its tailer calls it."""

    def __init__(self, live: Hub) -> None:
        self._live = live
        self._batch_at = 0.0
        self._moved: set[int] = set()
        self._read: defaultdict[int, dict[int, int]] = defaultdict(dict)

    def obey(self, note: Note) -> None:
        """Act on a note of the doorbell, if it is of this kind."""
        kind = note.get("k")
        if kind == "typing":
            self._typing(note)
        elif kind == "here":
            self._live.presence.hear(note["at"], note["states"], now=time.monotonic())
        elif kind == "site":
            self._moved.add(note["member"])
        elif kind == "read":
            self._read[note["room"]][note["member"]] = note["no"]
        elif kind == "sight":
            self._look_again(note["member"])

    def turn(self, now: float) -> None:
        """Tell who has read, and every ten seconds, other processes and our sockets who is here."""
        self._tell_readers()
        if now - self._batch_at < BATCH_SECONDS:
            return
        self._batch_at = now
        presence = self._live.presence
        report = presence.report(now=now)
        if report:
            self._live.doorbell.ring({"k": "here", "at": presence.origin, "states": report})
        self._tell_presence(presence.changes(now=now) | self._moved)
        self._moved = set()

    def _typing(self, note: Note) -> None:
        """Only to those who sit there now: a room may also be read without a seat, or no longer."""
        told = {key: note[key] for key in ("room", "by", "name", "on")}
        room, by = note["room"], note["by"]
        readers = [conn for conn in self._live.conns.all() if room in conn.open_rooms]
        if not readers:
            return
        end_read()
        seated = company(room) - {by}
        for conn in readers:
            if conn.account_id in seated:
                self._send(conn, {"typing": told})

    def _tell_readers(self) -> None:
        """Who has read up to where, to those with whom they share it; one look a room."""
        read, self._read = self._read, defaultdict(dict)
        conns = self._live.conns.all() if read else []
        for room, moved in read.items():
            facing = [conn for conn in conns if room in conn.open_rooms]
            if not facing:
                continue
            end_read()
            near = circle(room)
            for conn in facing:
                seen = near.seen_by(conn.person.actor)
                people = {str(each.id): each.no for each in seen if each.id in moved}
                if people:
                    self._send(conn, {"read": {"room": room, "people": people}})

    def _look_again(self, member_id: int) -> None:
        """A member chose anew who sees them: what may be known no more is taken back at once."""
        watching = [conn for conn in self._live.conns.all() if member_id in conn.sight]
        if not watching:
            return
        end_read()
        for conn in watching:
            seen = present.in_sight(conn.person.actor, [member_id])
            conn.sight = {**conn.sight, member_id: seen.get(member_id, frozenset())}
        self._tell_presence({member_id})

    def _tell_presence(self, changed: Collection[int]) -> None:
        """One packet for each socket that has some of these people in sight."""
        wanted = set(changed)
        facing = [(conn, conn.sight.keys() & wanted) for conn in self._live.conns.all()]
        in_sight = {member for _conn, members in facing for member in members}
        if not in_sight:
            return
        end_read()
        here = present.here_among(in_sight, utcnow())
        states = self._live.presence.states(in_sight, now=time.monotonic())
        for conn, members in facing:
            if members:
                people = {
                    str(m): signs(states[m], on_site=m in here, seen=conn.sight[m]) for m in members
                }
                self._send(conn, {"people": people})

    def _send(self, conn: Conn, payload: Mapping[str, Any]) -> None:
        if not self._live.lags(conn):
            self._live.emit("eph", payload, to=conn.sid)


def signs(state: str, *, on_site: bool, seen: Collection[str]) -> str:
    """What a reader who sees these fields of a member is told: words with a space between them."""
    told = [state] if state and "online" in seen else []
    if on_site and "presence" in seen:
        told.append(ON_SITE)
    return " ".join(told)


def looked_at(live: Hub, conn: Conn, member_ids: Iterable[int]) -> dict[str, str]:
    """Let a socket have these people in sight, as far as they allow; what there is to say now."""
    conn.sight = present.in_sight(conn.person.actor, member_ids)
    here = present.here_among(conn.sight, utcnow())
    states = live.presence.states(conn.sight, now=time.monotonic())
    told = {
        str(member): signs(states[member], on_site=member in here, seen=seen)
        for member, seen in conn.sight.items()
    }
    return {member: words for member, words in told.items() if words}
