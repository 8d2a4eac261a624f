"""What dies, and when: chosen by chance from a seed, so that a run can be had again."""

from __future__ import annotations

import asyncio
import random
import signal
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.sockets import real

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.torture.proxy import Proxy
    from tests.torture.servers import Program

WORKERS, REDIS, POSTGRES, LINES = (3.0, 6.0), (8.0, 12.0), (20.0, 30.0), (0.2, 0.6)
# How long a line may stay silent, or Redis and PostgreSQL away (s).
SILENCE, AWAY = (1.0, 10.0), (0.2, 2.0)
CUTS = 0.6


@dataclass
class Storm:
    """The deaths of a run."""

    dice: random.Random
    workers: list[real.Server]
    redis: Program
    postgres: Program
    proxy: Proxy
    counts: dict[str, int] = field(
        default_factory=lambda: {
            "worker_kills": 0,
            "redis_restarts": 0,
            "postgres_restarts": 0,
            "client_cuts": 0,
        }
    )

    async def rage(self, seconds: float) -> None:
        """Kill and restart for so long; afterwards everything runs and lets through."""
        calamities = [
            self._again(WORKERS, self._kill_worker),
            self._again(REDIS, self._restart_redis),
            self._again(POSTGRES, self._restart_postgres),
            self._again(LINES, self._trouble_a_line),
        ]
        tasks = [asyncio.create_task(one) for one in calamities]
        # Cancelled while it waits for its next victim, never between a death and a rebirth.
        await asyncio.sleep(seconds)
        self._over.set()
        await asyncio.gather(*tasks)
        for wire in tuple(self.proxy.wires):
            wire.release()

    _over: asyncio.Event = field(default_factory=asyncio.Event)

    async def _again(self, pause: tuple[float, float], act: Callable[[], Awaitable[None]]) -> None:
        while True:
            waiting = asyncio.wait_for(self._over.wait(), self.dice.uniform(*pause))
            try:
                await waiting
            except TimeoutError:
                await act()
            else:
                return

    async def _kill_worker(self) -> None:
        worker = self.dice.choice(self.workers)
        worker.kill_worker()
        self.counts["worker_kills"] += 1
        # A busy machine needs long for a new one, and people must get a word in.
        await asyncio.to_thread(real.until, worker.answers, real.START, "a new worker")

    async def _restart_redis(self) -> None:
        await asyncio.to_thread(self.redis.kill)
        await asyncio.sleep(self.dice.uniform(*AWAY))
        self.redis.start()
        self.counts["redis_restarts"] += 1

    async def _restart_postgres(self) -> None:
        # Ends at once, as after a power cut: what it acknowledged must be in its log.
        await asyncio.to_thread(self.postgres.kill, signal.SIGQUIT)
        await asyncio.sleep(self.dice.uniform(*AWAY))
        self.postgres.start()
        self.counts["postgres_restarts"] += 1

    async def _trouble_a_line(self) -> None:
        if not self.proxy.wires:
            return
        wire = self.dice.choice(sorted(self.proxy.wires, key=id))
        if self.dice.random() < CUTS:
            wire.cut()
            self.counts["client_cuts"] += 1
            return
        wire.hold()
        asyncio.get_running_loop().call_later(self.dice.uniform(*SILENCE), wire.release)
