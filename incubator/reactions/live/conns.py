"""The sockets of this process: whose they are and which rooms they follow."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from incubator.reactions.live.people import Person

PER_ACCOUNT = 6
PER_ADDRESS = 200
# Acts of one socket: sixty at once, then twenty a second.
BURST = 60.0
PER_SECOND = 20.0


@dataclass(eq=False)
class Knock:
    """A raw connection from its first byte to its last; ``abort`` cuts it."""

    account_id: int
    address: str
    since: float
    abort: Callable[[], None] | None = None
    joined: bool = False


@dataclass(eq=False)
class Conn:
    """One socket. ``checked`` is when its rights were last read (seconds, monotonic).

    ``thread`` is the help thread that its page shows.
    """

    sid: str
    eio_sid: str
    person: Person
    checked: float
    open_rooms: set[int] = field(default_factory=set)
    seats: set[int] = field(default_factory=set)
    thread: int | None = None
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
        self._starts: dict[int, int] = {}
        self._knocks: set[Knock] = set()

    @contextmanager
    def holding(self, knock: Knock) -> Generator[bool]:
        """Count a connection while it lasts; False when there are too many already."""
        with self._lock:
            accounts = Counter(one.account_id for one in self._knocks)
            addresses = Counter(one.address for one in self._knocks)
            free = accounts[knock.account_id] < PER_ACCOUNT
            free = free and addresses[knock.address] < PER_ADDRESS
            if free:
                self._knocks.add(knock)
        try:
            yield free
        finally:
            with self._lock:
                self._knocks.discard(knock)

    def knocks(self) -> list[Knock]:
        """Raw connections, whether they joined or not."""
        with self._lock:
            return list(self._knocks)

    def add(self, conn: Conn) -> None:
        """A socket said who it is."""
        with self._lock:
            self._by_sid[conn.sid] = conn

    def remove(self, sid: str) -> Conn | None:
        """A socket is gone."""
        with self._lock:
            conn = self._by_sid.pop(sid, None)
            if conn:
                for room in list(conn.open_rooms):
                    self._close(conn, room)
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
        return [
            conn
            for conn in self.all()
            if conn.account_id == account_id and session_id in {None, conn.person.session_id}
        ]

    def enter(self, conn: Conn, room: int) -> None:
        """A socket follows a room from now on; say from which ``seq`` with ``start_from``."""
        with self._lock:
            conn.open_rooms.add(room)

    def start_from(self, room: int, seq: int) -> None:
        """Nothing after ``seq`` may be left out by the tailer: read after ``enter``."""
        with self._lock:
            self._starts[room] = min(seq, self._starts.get(room, seq))

    def exit(self, conn: Conn, room: int) -> None:
        """A socket follows a room no more."""
        with self._lock:
            self._close(conn, room)

    def _close(self, conn: Conn, room: int) -> None:
        conn.open_rooms.discard(room)
        if not any(room in other.open_rooms for other in self._by_sid.values()):
            self._starts.pop(room, None)

    def starts(self) -> dict[int, int]:
        """The rooms that somebody follows, each with where the first of them stood."""
        with self._lock:
            return dict(self._starts)

    def seats(self) -> set[int]:
        """The rooms in which somebody here has a seat."""
        return {room for conn in self.all() for room in conn.seats}
