"""Somebody who talks as the page's scripts do: one act at a time, under one key to its end."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests import factories_chat as chat
from tests.torture.line import Gone, Line, connect

if TYPE_CHECKING:
    from collections.abc import Iterable

LOST = (OSError, Gone, TimeoutError)
# Seconds that a page waits for an acknowledgement before it asks again under the same key.
PATIENCE = 8
PAUSE = (0.5, 3.0)
# Before trying to connect again; twice as long each time (s).
SHORTEST, LONGEST = 0.5, 8.0
# Seconds that a page waits until it is in, as many times as it tried, four at most: on a machine
# that cannot keep up, who always leaves after the same wait makes work and never comes in.
ENTRY, MOST_ENTRIES = 20, 4


@dataclass
class Tally:
    """What the server said it has stored, and what it made clients do."""

    acknowledged: dict[str, int] = field(default_factory=dict)
    changed: int = 0
    repeats: int = 0
    holes: int = 0
    # Questions that nobody answered in time.
    late: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    # How long until everybody was in; until everybody knew everything, the storm being over (s).
    joined_s: float = 0
    calm_s: float = 0
    refusals: Counter[str] = field(default_factory=Counter)


@dataclass
class Member:
    """One person in one room."""

    port: int
    identity: tuple[str, str, str]
    room: int
    dice: random.Random
    tally: Tally
    last: int = 0
    # What was told, in its order: one entry of the log after the other.
    told: list[dict[str, Any]] = field(default_factory=list)
    mine: list[int] = field(default_factory=list)
    joined: asyncio.Event = field(default_factory=asyncio.Event)
    _line: Line | None = None
    _behind: asyncio.Event = field(default_factory=asyncio.Event)
    _pause: float = SHORTEST
    _tries: int = 0
    _late: float = SHORTEST
    _key: str = field(default_factory=chat.cid)
    _act: tuple[str, dict[str, Any]] | None = None

    @property
    def idle(self) -> bool:
        """Whether nothing they said waits for its acknowledgement."""
        return self._act is None

    def lacks(self, head: int) -> str:
        """What they wait for in a room whose log ends at ``head``; nothing when they know all."""
        if self.idle and self.last == head:
            return ""
        act = self._act[0] if self._act else "nothing"
        asked = self._line and self._line.asks
        return f"room {self.room}: told {self.last} of {head}, {act} to say, {asked} unanswered"

    async def live(self, begun: asyncio.Event, quiet: asyncio.Event) -> None:
        """Stay in the room for ever; say something now and then from ``begun`` to ``quiet``."""
        while True:
            await asyncio.sleep(self._pause * self.dice.uniform(0.5, 1.5))
            self._pause = min(self._pause * 2, LONGEST)
            self._tries += 1
            try:
                await self._visit(begun, quiet)
            except LOST as error:
                self.tally.lost[repr(error)[:80]] += 1

    async def _visit(self, begun: asyncio.Event, quiet: asyncio.Event) -> None:
        """One connection, until it is lost."""
        patience = ENTRY * min(self._tries, MOST_ENTRIES)
        async with asyncio.timeout(patience):
            line = self._line = await connect(self.port, self.identity, self._hear)
        tasks = [asyncio.create_task(line.listen())]
        try:
            await self._enter(line, patience)
            self._behind.set()
            self._pause, self._tries = SHORTEST, 0
            self.joined.set()
            tasks += [asyncio.create_task(self._fill())]
            tasks += [asyncio.create_task(self._talk(begun, quiet))]
            done, _rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            line.end()

    async def _enter(self, line: Line, patience: float) -> None:
        """Say hello, from when the heads of rooms are told, and follow the room."""
        for name, payload in (("hello", {}), ("join", {"room": self.room})):
            while "err" in (answer := await line.ask(name, payload, patience)):
                if not answer.get("retry"):
                    raise Gone(answer["err"])
                await asyncio.sleep(float(answer.get("retry_after") or 1))

    def _hear(self, name: str, payload: Any) -> None:
        if name == "ev":
            self._take(payload)
        elif name == "heads" and payload.get(str(self.room), [0])[0] > self.last:
            self._behind.set()

    def _take(self, event: dict[str, Any]) -> None:
        """The next entry of the log; one that is known is dropped, a hole is asked for."""
        if event["seq"] == self.last + 1:
            self.last += 1
            self.told.append(event)
        elif event["seq"] > self.last:
            self.tally.holes += 1
            self._behind.set()
        else:
            self.tally.repeats += 1

    async def _fill(self) -> None:
        """Ask for what was missed, whenever there is something."""
        while True:
            await self._behind.wait()
            self._behind.clear()
            more = True
            while more:
                answer = await self._ask("sync", {"rooms": {str(self.room): self.last}})
                room = answer.get("rooms", {}).get(str(self.room))
                if room is None:
                    await asyncio.sleep(float(answer.get("retry_after") or 1))
                    continue
                assert "reset" not in room, "nobody was away for so long"
                self._take_all(room["events"])
                more = room["more"]

    def _take_all(self, events: Iterable[dict[str, Any]]) -> None:
        for event in events:
            self._take(event)

    async def _talk(self, begun: asyncio.Event, quiet: asyncio.Event) -> None:
        await begun.wait()
        while True:
            if self._act is None:
                await asyncio.sleep(self.dice.uniform(*PAUSE))
                if quiet.is_set():
                    return await asyncio.sleep(float("inf"))
                self._act, self._key = self._choose(), chat.cid()
            name, payload = self._act
            answer = await self._ask(name, {**payload, "room": self.room, "cid": self._key})
            if answer.get("retry"):
                await asyncio.sleep(float(answer.get("retry_after") or 1))
                continue
            self._settle(name, answer)

    def _choose(self) -> tuple[str, dict[str, Any]]:
        """Mostly something new to say, sometimes a second thought on something said."""
        whim = self.dice.random()
        words = {"md": f"{self.dice.random()} **{whim}**"}
        no = self.dice.choice(self.mine) if self.mine else 0
        # Acknowledged is not yet told: nobody changes what their page does not show.
        revisions = [one.get("rev", 0) for one in self.told if one.get("no") == no]
        if not revisions or whim < 0.6:
            return "send", words
        if whim < 0.75:
            return "edit", {**words, "no": no, "base_rev": max(revisions)}
        if whim < 0.8:
            return "delete", {"no": no}
        return "react", {"no": no, "emoji": "👍", "on": self.dice.random() < 0.7}

    def _settle(self, name: str, answer: dict[str, Any]) -> None:
        """Keep what was acknowledged; what was refused is given back to its author."""
        self._act = None
        if "err" in answer:
            self.tally.refusals[f"{name}: {answer['err']}"] += 1
        elif name == "send":
            self.tally.acknowledged[self._key] = answer["id"]
            self.mine = [*self.mine[-5:], answer["no"]]
        else:
            self.tally.changed += 1

    async def _ask(self, name: str, payload: dict[str, Any]) -> dict[str, Any]:
        """What is answered; what a page makes of no answer: to ask again, later each time.

        The line stays: to leave it would make more work for who is late with the answer.
        """
        assert self._line
        try:
            answer = await self._line.ask(name, payload, PATIENCE)
        except TimeoutError:
            self.tally.late += 1
            self._late = min(self._late * 2, LONGEST)
            return {"retry": True, "retry_after": self._late * self.dice.uniform(0.5, 1.5)}
        self._late = SHORTEST
        return answer
