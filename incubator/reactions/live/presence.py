"""Who is at their screen, by heartbeats that processes tell each other; nothing is stored."""

from __future__ import annotations

import threading
import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# A heartbeat comes once a minute: after two that are missing, nobody is there.
LIFE_SECONDS = 140.0
BATCH_SECONDS = 10.0
ONLINE, AWAY, GONE = "online", "away", ""

Heartbeat = tuple[bool, float]


class Presence:
    """The people at the screens of all processes; safe to use from any thread.

    A member may have several screens, each a ``source``: a socket of this process, or another
    process that tells of all of its own. Somebody active at one of them is «online», somebody who
    only has idle ones «away», everybody else gone. Times are seconds of the monotonic clock.
    """

    def __init__(self) -> None:
        self.origin = uuid.uuid4().hex[:12]
        self._lock = threading.Lock()
        self._beats: dict[int, dict[str, Heartbeat]] = {}
        self._to_report: set[int] = set()
        self._told: dict[int, str] = {}

    def beat(self, member_id: int, source: str, *, active: bool, now: float) -> None:
        """A screen of this process lives."""
        with self._lock:
            self._beats.setdefault(member_id, {})[f"here:{source}"] = (active, now + LIFE_SECONDS)
            self._to_report.add(member_id)

    def hear(self, origin: str, states: Mapping[str, Iterable[int]], *, now: float) -> None:
        """Another process told of its people, by state; what this one told is ignored."""
        if origin == self.origin:
            return
        with self._lock:
            for state in (ONLINE, AWAY):
                for member_id in states.get(state, ()):
                    heard = (state == ONLINE, now + LIFE_SECONDS)
                    self._beats.setdefault(member_id, {})[origin] = heard

    def states(self, member_ids: Iterable[int], *, now: float) -> dict[int, str]:
        """The state of each of some members."""
        with self._lock:
            return {member: self._state(member, now) for member in member_ids}

    def report(self, *, now: float) -> dict[str, list[int]]:
        """What other processes are told: the people whose screens here gave a sign of life."""
        with self._lock:
            told: dict[str, list[int]] = {}
            for member in sorted(self._to_report):
                state = self._state(member, now, own=True)
                if state:
                    told.setdefault(state, []).append(member)
            self._to_report.clear()
            return told

    def changes(self, *, now: float) -> set[int]:
        """Those whose state differs from what it was at the last call; forgets who is gone."""
        with self._lock:
            states = {member: self._state(member, now) for member in self._beats}
            known = self._told.keys() | states.keys()
            changed = {m for m in known if states.get(m, GONE) != self._told.get(m, GONE)}
            self._told = {member: state for member, state in states.items() if state}
            self._beats = {m: self._living(m, now) for m in self._told}
            return changed

    def _living(self, member_id: int, now: float) -> dict[str, Heartbeat]:
        beats = self._beats.get(member_id, {})
        return {source: beat for source, beat in beats.items() if beat[1] > now}

    def _state(self, member_id: int, now: float, *, own: bool = False) -> str:
        beats = [
            active
            for source, (active, until) in self._beats.get(member_id, {}).items()
            if until > now and (not own or source.startswith("here:"))
        ]
        if not beats:
            return GONE
        return ONLINE if any(beats) else AWAY
