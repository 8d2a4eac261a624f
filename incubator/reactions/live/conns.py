"""The sockets of this process: whose they are and which rooms they follow."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from incubator.reactions.live.people import Person

Kind = TypeVar("Kind", int, str, int | str)

PER_ACCOUNT = 6
# A site behind one address: a hundred people with a few windows each.
PER_ADDRESS = 600
# Acts of one socket: sixty at once, then twenty a second.
BURST = 60.0
PER_SECOND = 20.0


@dataclass(eq=False, slots=True)
class Knock:
    """A raw connection from its first byte to its last; ``abort`` cuts it.

    ``person`` is whom the gate let in. With ``stays`` the connection outlives the request that
    opened it, and ``leave`` gives its place back. ``waits`` tells whether something that it said
    waits for us; ``quiet`` whether it said nothing yet when it was last looked at.
    """

    account_id: int
    address: str
    since: float
    person: Person | None = None
    abort: Callable[[], None] | None = None
    joined: bool = False
    stays: bool = False
    leave: Callable[[], None] | None = None
    waits: Callable[[], bool] | None = None
    quiet: bool = False

    def is_silent(self, now: float, most: float) -> bool:
        """Whether it has not said for ``most`` seconds who it is, although it was listened to.

        Twice, a turn of the loop apart: a process that is late has not yet read what came.
        """
        late = not self.joined and now - self.since > most
        late = late and not (self.waits and self.waits())
        before, self.quiet = self.quiet, late
        return late and before


@dataclass(eq=False, slots=True)
class Conn:
    """One socket. ``checked`` is when its rights were last read (seconds, monotonic).

    ``open_rooms`` are the rooms that it follows, each with the ``seq`` after which it may.
    ``thread`` is the help thread that its page shows, ``sight`` the people of whom it is told who
    is there, each with the fields that its owner sees of them; ``wrote`` when it last said, of each
    room, that its owner writes there (seconds, monotonic).
    """

    sid: str
    eio_sid: str
    person: Person
    checked: float
    open_rooms: dict[int, int] = field(default_factory=dict)
    seats: set[int] = field(default_factory=set)
    thread: int | None = None
    sight: dict[int, frozenset[str]] = field(default_factory=dict)
    wrote: dict[int, float] = field(default_factory=dict)
    knock: Knock | None = None
    tokens: float = BURST
    refilled: float = 0.0

    @property
    def account_id(self) -> int:
        """Whose it is."""
        return self.person.actor.id

    def spend(self, now: float) -> bool:
        """Take one of the acts that a socket may do; False when it goes too fast."""
        self.tokens = min(BURST, self.tokens + (now - self.refilled) * PER_SECOND)
        self.refilled = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


class Conns:
    """All sockets of this process; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._by_sid: dict[str, Conn] = {}
        self._by_account: defaultdict[int, list[Conn]] = defaultdict(list)
        self._starts: dict[int, int] = {}
        self._readers: Counter[int] = Counter()
        self._floors: dict[int, int] = {}
        self._seated: Counter[int] = Counter()
        self._knocks: set[Knock] = set()
        self._held: Counter[int | str] = Counter()

    def hold(self, knock: Knock) -> bool:
        """Count a connection until ``release``; False when there are too many already."""
        with self._lock:
            free = self._held[knock.account_id] < PER_ACCOUNT
            free = free and self._held[knock.address] < PER_ADDRESS
            if free:
                self._knocks.add(knock)
                self._held.update((knock.account_id, knock.address))
            return free

    def release(self, knock: Knock) -> None:
        """A connection is over; a second time changes nothing."""
        with self._lock:
            if knock in self._knocks:
                self._knocks.remove(knock)
                _less(self._held, (knock.account_id, knock.address))

    def knocks(self) -> list[Knock]:
        """Raw connections, whether they joined or not."""
        with self._lock:
            return list(self._knocks)

    def add(self, conn: Conn) -> None:
        """A socket said who it is."""
        with self._lock:
            self._by_sid[conn.sid] = conn
            self._by_account[conn.account_id].append(conn)

    def remove(self, sid: str) -> Conn | None:
        """A socket is gone."""
        with self._lock:
            conn = self._by_sid.pop(sid, None)
            if conn is None:
                return None
            others = self._by_account[conn.account_id]
            others.remove(conn)
            if not others:
                del self._by_account[conn.account_id]
            for room in list(conn.open_rooms):
                self._close(conn, room)
            _less(self._seated, conn.seats)
            return conn

    def get(self, sid: str) -> Conn | None:
        """The socket of an id; None when it is gone or unknown."""
        return self._by_sid.get(sid)

    def all(self) -> list[Conn]:
        """Every socket."""
        with self._lock:
            return list(self._by_sid.values())

    def of(self, account_id: int, session_id: int | None = None) -> list[Conn]:
        """The sockets of an account, or of one of its sessions."""
        with self._lock:
            theirs = self._by_account.get(account_id, ())
            return [conn for conn in theirs if session_id in {None, conn.person.session_id}]

    def enter(self, conn: Conn, room: int, after: int = 0) -> None:
        """A socket follows a room from now on; say from which ``seq`` with ``start_from``.

        Nothing up to ``after`` is for its eyes.
        """
        with self._lock:
            if conn.sid not in self._by_sid:
                return
            if room not in conn.open_rooms:
                self._readers[room] += 1
            conn.open_rooms[room] = after
            self._floors[room] = max(after, self._floors.get(room, 0))

    def too_early(self, room: int, seq: int) -> list[Conn]:
        """The sockets that follow a room and may not know this entry of its log."""
        with self._lock:
            if seq > self._floors.get(room, 0):
                return []
            every = self._by_sid.values()
            return [conn for conn in every if conn.open_rooms.get(room, 0) >= seq]

    def following(self, room: int) -> list[str]:
        """The sockets to which the log of a room is told as it grows."""
        with self._lock:
            if room not in self._readers:
                return []
            return [sid for sid, conn in self._by_sid.items() if room in conn.open_rooms]

    def start_from(self, room: int, seq: int) -> None:
        """Nothing after ``seq`` may be left out by the tailer: read after ``enter``."""
        with self._lock:
            self._starts[room] = min(seq, self._starts.get(room, seq))

    def exit(self, conn: Conn, room: int) -> None:
        """A socket follows a room no more."""
        with self._lock:
            self._close(conn, room)

    def _close(self, conn: Conn, room: int) -> None:
        if room in conn.open_rooms:
            del conn.open_rooms[room]
            _less(self._readers, (room,))
            if room not in self._readers:
                self._starts.pop(room, None)
                self._floors.pop(room, None)

    def starts(self) -> dict[int, int]:
        """The rooms that somebody follows, each with where the first of them stood."""
        with self._lock:
            return dict(self._starts)

    def sit(self, conn: Conn, rooms: set[int]) -> None:
        """The rooms in which a socket has a seat from now on."""
        with self._lock:
            if conn.sid in self._by_sid:
                _less(self._seated, conn.seats)
                self._seated.update(rooms)
                conn.seats = rooms

    def seats(self) -> set[int]:
        """The rooms in which somebody here has a seat."""
        with self._lock:
            return set(self._seated)


def _less(counts: Counter[Kind], keys: Iterable[Kind]) -> None:
    """Count each key once less; what nobody holds is forgotten."""
    for key in keys:
        counts[key] -= 1
        if counts[key] <= 0:
            del counts[key]
