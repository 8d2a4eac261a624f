"""The whole torture: a house, a crowd, a storm, and the judgement."""

from __future__ import annotations

import asyncio
import random
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from incubator.kernel.db import DatabaseDown
from tests import factories_chat as chat
from tests.sockets import real
from tests.torture import judge, servers
from tests.torture.client import Member, Tally
from tests.torture.proxy import proxy
from tests.torture.storm import Storm

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

WORKERS = 2
# Seconds in which everybody must be in, and know everything once the storm is over: three on an
# idle machine; one that does much else may take its time, as long as it comes there.
CALM = 300.0
# One after the other (s): shaking hands costs a few milliseconds of each side.
ENTRANCE = 0.05


@dataclass(frozen=True)
class Size:
    """How long, how many, and the seed of chance."""

    seconds: float
    clients: int = 200
    rooms: int = 10
    seed: int = 0


@dataclass
class House:
    """Two workers on PostgreSQL with Redis, behind nginx."""

    net: real.Network
    workers: list[real.Server]
    redis: servers.Program
    postgres: servers.Program
    front: int


@contextmanager
def house(folder: Path) -> Iterator[House]:
    """Everything started; all ends with it."""
    front, base, cache = real.free_port(), real.free_port(), real.free_port()
    ports = [real.free_port() for _ in range(WORKERS)]
    url = f"postgresql+psycopg://postgres@127.0.0.1:{base}/postgres"
    more = {"INCUBATOR_BASE_URL": f"https://127.0.0.1:{front}", "INCUBATOR_TRUSTED_PROXIES": "1"}
    with (
        servers.postgres(folder, base) as postgres,
        servers.redis_server(folder, cache) as redis,
        real.network(folder, url, front) as net,
        real.server(net, ports[0], redis_url=f"redis://127.0.0.1:{cache}", more=more) as one,
        real.server(net, ports[1], redis_url=f"redis://127.0.0.1:{cache}", more=more) as two,
        servers.nginx(folder, front, ports),
    ):
        yield House(net, [one, two], redis, postgres, front)


def people(home: House, size: Size, tally: Tally, port: int) -> list[Member]:
    """So many members, spread over rooms, each signed in."""
    origin, token = f"https://127.0.0.1:{home.front}", real.csrf()
    with home.net.inside():
        site = home.net.make.site("Lyon")
        accounts = [home.net.make.member(site) for _ in range(size.clients)]
        ids = [account.id for account in accounts]
        rooms = [chat.topic(home.net.make, accounts[n], f"Salon {n}").id for n in range(size.rooms)]
        for number, account in enumerate(accounts):
            chat.join(home.net.make, account, rooms[number % size.rooms])
    return [
        Member(
            port=port,
            # What is secure has a name of its own.
            identity=(origin, f"__Host-{home.net.cookie(id_)}", token),
            room=rooms[number % size.rooms],
            dice=random.Random(f"{size.seed}/{number}"),  # noqa: S311 - chance, no secret
            tally=tally,
        )
        for number, id_ in enumerate(ids)
    ]


async def torment(home: House, crowd: list[Member], size: Size, tally: Tally) -> dict[str, int]:
    """Let them talk in a storm, then wait until everybody knows the whole of their room."""
    begun, quiet = asyncio.Event(), asyncio.Event()
    async with proxy(crowd[0].port, home.front) as wires:
        dice = random.Random(size.seed)  # noqa: S311 - chance, no secret
        storm = Storm(dice, home.workers, home.redis, home.postgres, wires)
        lives: list[asyncio.Task[None]] = []
        try:
            for member in crowd:
                lives.append(asyncio.create_task(member.live(begun, quiet)))
                await asyncio.sleep(ENTRANCE)
            tally.joined_s = await eventually(lives, lambda: joined(crowd))
            begun.set()
            await storm.rage(size.seconds)
            quiet.set()
            tally.calm_s = await eventually(lives, lambda: calm(home, crowd))
        finally:
            for life in lives:
                life.cancel()
            await asyncio.gather(*lives, return_exceptions=True)
    return storm.counts


async def eventually(
    lives: list[asyncio.Task[None]], missing: Callable[[], Awaitable[list[str]]]
) -> float:
    """Until nothing is missing, or for CALM; how long that took (s). Raises what ended a life."""
    clock = asyncio.get_running_loop().time
    began = clock()
    while found := await missing():
        for life in lives:
            if life.done():
                life.result()
        if clock() > began + CALM:
            sys.stderr.write("\n".join(["not within the limit:", *found, ""]))
            break
        await asyncio.sleep(0.2)
    return clock() - began


async def joined(crowd: list[Member]) -> list[str]:
    """Who never was in their room yet."""
    return [f"room {one.room}: not joined" for one in crowd if not one.joined.is_set()]


async def calm(home: House, crowd: list[Member]) -> list[str]:
    """What everybody lacks: something to say, or the last entry of their room."""
    try:
        heads = await asyncio.to_thread(positions, home)
    except DatabaseDown:
        return ["the database does not answer"]
    return [words for one in crowd if (words := one.lacks(heads[one.room]))]


def positions(home: House) -> dict[int, int]:
    """The last number of each room."""
    with home.net.inside():
        return judge.heads()


def torture(size: Size) -> dict[str, int]:
    """The figures of a run."""
    tally, port = Tally(), real.free_port()
    with servers.open_folder() as folder, house(folder) as home:
        crowd = people(home, size, tally, port)
        counts = asyncio.run(torment(home, crowd, size, tally))
        with home.net.inside():
            verdict = judge.figures(crowd, tally)
    return {
        "acknowledged": len(tally.acknowledged),
        **verdict,
        **counts,
        "changed": tally.changed,
        "joined_s": round(tally.joined_s),
        "calm_s": round(tally.calm_s),
        "lines_lost": tally.lost.total(),
        "late_answers": tally.late,
        "repeats_dropped": tally.repeats,
        "holes_filled": tally.holes,
        **{f"refused, {why}": times for why, times in tally.refusals.items()},
        **{f"line lost, {why}": times for why, times in tally.lost.items()},
    }
