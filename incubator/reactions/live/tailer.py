"""The tailer: one per process, it reads the log and is the only one that emits what it finds."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from incubator.domain.chat import queries, who
from incubator.domain.chat.frames import of_entry, of_hidden
from incubator.domain.chat.mentions import beacons
from incubator.kernel.db import end_read, utcnow
from incubator.network.members import present
from incubator.reactions.live.ephemeral import Ephemera
from incubator.reactions.live.people import living

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from incubator.domain.chat.queries import EntryView
    from incubator.reactions.live.conns import Conn, Knock
    from incubator.reactions.live.doorbell import Note
    from incubator.reactions.live.ports import Hub

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
REST_SECONDS = 0.02
BEACON_SECONDS = 2.0
FULL_BEACON_SECONDS = 30.0
SWEEP_SECONDS = 30.0
SILENT_SECONDS = 5.0
CUT_SECONDS = 0.25
GRACE_SECONDS = 0.5
MOST_QUEUED = 256
# What a note about a member says to their own pages.
TOLD = (
    "room",
    "read_no",
    "sent_no",
    "called",
    "aside",
    "mention_no",
    "on",
    "seated",
    "asked",
    "panels",
)
# Entries after which somebody no longer reads a closed room.
GONE = ("left", "removed")


class Tailer:
    """Follows the rooms that sockets of this process have open."""

    def __init__(self, live: Hub) -> None:
        self._live = live
        self._last: dict[int, int] = {}
        self._shown: dict[int, tuple[int, int, int, int]] = {}
        self._beacon_at = self._full_at = self._sweep_at = self._cut_at = 0.0
        self._ephemera = Ephemera(live)
        self._doomed: list[tuple[float, Knock]] = []

    def run(self) -> None:
        """Work until the process ends; whatever fails is tried again at the next turn."""
        while not self._live.stopping:
            notes = self._live.doorbell.wait(LOOK_SECONDS)
            begun = time.monotonic()
            try:
                with self._live.app.app_context():
                    self.turn(notes)
            except SQLAlchemyError as error:
                log.warning("the tailer cannot read the log: %s", error)
            except Exception:
                log.exception("the tailer stumbled")
            # As long as it worked: when much is said, the next look finds several messages.
            time.sleep(min(time.monotonic() - begun, REST_SECONDS))

    def turn(self, notes: Iterable[Note] = ()) -> None:
        """One look at everything."""
        now = time.monotonic()
        for note in notes:
            self._obey(note)
            self._ephemera.obey(note)
        self._follow()
        self._beacon(now)
        self._ephemera.turn(now)
        self._sweep(now)
        self._cut(now)

    def _obey(self, note: Note) -> None:
        if note.get("k") == "revoke":
            for conn in self._live.conns.of(note["account"], note["session"]):
                self.end(conn, "revoked")
        elif note.get("k") == "me":
            self._tell_people([note["member"]], {key: note[key] for key in TOLD if key in note})
        elif note.get("k") in {"bell", "desk"}:
            self._tell_many(note)
        elif note.get("k") in {"unseat", "list", "recount"}:
            self._rearrange(note)
        elif note.get("k") == "site":
            self._nudge(note["site"], note["member"])
        elif note.get("k") in {"thread", "writing"}:
            self._tell_readers(note)

    def _tell_people(self, member_ids: Iterable[int], payload: Mapping[str, object]) -> None:
        """Tell all pages of some members."""
        for member_id in member_ids:
            for conn in self._live.conns.of(member_id):
                self._live.emit("me", payload, to=conn.sid)

    def _tell_many(self, note: Note) -> None:
        """Tell some members that their bell moved, or who runs a site that its figures did."""
        if note["k"] == "bell":
            self._tell_people(note["members"], {"bell": True})
            return
        for conn in self._live.conns.all():
            actor = conn.person.actor
            if actor.is_manager and actor.manages(note["site"]):
                self._live.emit("me", {"panels": note["panels"]}, to=conn.sid)

    def _rearrange(self, note: Note) -> None:
        """Somebody sits in a room no more; or it looks different in everybody's list."""
        room = note["room"]
        if note["k"] == "recount":
            self._live.emit("recount", {"room": room}, to=seat_name(room))
            return
        if note["k"] == "unseat":
            self._part(room, note["member"], closed=note["closed"])
        else:
            self._live.emit("me", {"room": room, "seated": True}, to=seat_name(room))

    def _tell_readers(self, note: Note) -> None:
        """Tell the pages of a help thread that it changed, or that somebody writes; never who."""
        for conn in self._live.conns.all():
            if conn.thread == note["thread"] and conn.account_id != note["by"]:
                self._live.emit(note["k"], {"thread": note["thread"]}, to=conn.sid)

    def _nudge(self, site_id: int, member_id: int) -> None:
        """Tell whom a member lets know where they are that a site has changed; never who."""
        conns = self._live.conns.all()
        end_read()
        told = present.may_know([conn.person.actor for conn in conns], member_id)
        for conn in conns:
            if conn.account_id in told:
                self._live.emit("site", {"site": site_id}, to=conn.sid)

    def _follow(self) -> None:
        starts = self._live.conns.starts()
        for room in self._last.keys() - starts.keys():
            del self._last[room]
        for room, seq in starts.items():
            self._last.setdefault(room, seq)
        if not self._last:
            return
        # A new look at the database, not what an earlier read of this session saw.
        end_read()
        for room, (seq, _no) in queries.heads(self._last.keys()).items():
            while seq > self._last[room]:
                entries = queries.events_after(room, self._last[room])
                if not entries:
                    break
                for entry in entries:
                    self._tell(entry)
                    self._last[room] = entry.seq

    def _tell(self, entry: EntryView) -> None:
        live = self._live
        own = [c.sid for c in live.conns.of(entry.actor_id) if entry.room_id in c.open_rooms]
        early = [c.sid for c in live.conns.too_early(entry.room_id, entry.seq)]
        hidden = entry.data.get("by_seat")
        frame = of_hidden(entry) if hidden else of_entry(entry, reader_id=None)
        live.emit("ev", frame, to=open_name(entry.room_id), skip_sid=own + early)
        for sid in own:
            if sid not in early:
                live.emit("ev", of_entry(entry, reader_id=entry.actor_id), to=sid)
        if entry.data.get("closed") and entry.data.get("act") in GONE:
            # By the log itself, so that no bell is needed: nothing later reaches them.
            self._part(entry.room_id, entry.member_id or entry.actor_id, closed=True)

    def _part(self, room: int, member: int, *, closed: bool) -> None:
        """A member sits in a room no more: of a ``closed`` one they hear nothing from here on."""
        for conn in self._live.conns.of(member):
            was = room in conn.seats or room in conn.open_rooms
            if closed:
                self._live.close(conn, room)
            self._live.seat(conn, conn.seats - {room})
            if was:
                self._live.emit("me", {"room": room, "seated": False}, to=conn.sid)

    def _beacon(self, now: float) -> None:
        if now - self._beacon_at < BEACON_SECONDS:
            return
        self._beacon_at = now
        seats = self._live.conns.seats()
        if not seats:
            self._shown.clear()
            return
        full = now - self._full_at >= FULL_BEACON_SECONDS
        if full:
            self._full_at = now
        heads = beacons(seats)
        for room, head in heads.items():
            if full or self._shown.get(room) != head:
                # Whoever has the room open heard what moved it; the full round is for all.
                told = [] if full else self._live.conns.following(room)
                self._live.emit("heads", {str(room): list(head)}, to=seat_name(room), skip_sid=told)
        self._shown = heads

    def _sweep(self, now: float) -> None:
        if now - self._sweep_at < SWEEP_SECONDS:
            return
        self._sweep_at = now
        conns = self._live.conns.all()
        if conns:
            ids = {conn.person.session_id for conn in conns}
            alive = living(ids, days=self._live.settings.session_days, now=utcnow())
            for conn in conns:
                if conn.person.session_id not in alive:
                    self.end(conn, "expired")
            self._unseat(conns)

    def _unseat(self, conns: Iterable[Conn]) -> None:
        """Seats that were freed while no bell was heard."""
        held = who.seats_of({conn.account_id for conn in conns})
        for conn in conns:
            for room in conn.seats - held.get(conn.account_id, set()):
                self._part(room, conn.account_id, closed=False)

    def _cut(self, now: float) -> None:
        """Connections that never said who they are, that read too slowly, or were told to go."""
        if now - self._cut_at < CUT_SECONDS:
            return
        self._cut_at = now
        for knock in self._live.conns.knocks():
            if knock.is_silent(now, SILENT_SECONDS) and knock.abort:
                knock.abort()
        for conn in self._live.conns.all():
            if self._live.queued(conn) > MOST_QUEUED and conn.knock and conn.knock.abort:
                conn.knock.abort()
        for due, knock in self._doomed:
            if due <= now and knock.abort:
                knock.abort()
        self._doomed = [(due, knock) for due, knock in self._doomed if due > now]

    def end(self, conn: Conn, why: str) -> None:
        """Say why and hang up; who does not leave is cut off at the next look."""
        self._live.hang_up(conn, why)
        if conn.knock:
            self._doomed.append((time.monotonic() + GRACE_SECONDS, conn.knock))


def open_name(room_id: int) -> str:
    """The Socket.IO room of those who have a room open."""
    return f"open:{room_id}"


def seat_name(room_id: int) -> str:
    """The Socket.IO room of those who have a seat in a room."""
    return f"seat:{room_id}"
