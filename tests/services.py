"""What the tests find on this machine: PostgreSQL, Redis, Chromium."""

from __future__ import annotations

import functools
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import redis
from playwright.sync_api import sync_playwright
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

DRIVER = "postgresql+psycopg://"
OLDEST_POSTGRES = 15_00_00
LOCAL_POSTGRES = (f"{DRIVER}/postgres", f"{DRIVER}postgres@127.0.0.1:5432/postgres")
LOCAL_REDIS = "redis://127.0.0.1:6379"
# Seconds until a server that says nothing is none: this machine may be busy.
SILENCE = 15
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Service:
    """Something a test may need: what it is called and how a person gets it."""

    name: str
    how: str


POSTGRES = Service(
    "PostgreSQL 15 or newer",
    "start one that lets this account create databases, or set INCUBATOR_TEST_POSTGRES=URL",
)
REDIS = Service("Redis", "start one on 127.0.0.1:6379, or set INCUBATOR_TEST_REDIS=URL")
CHROMIUM = Service(
    "Chromium", "install it (Debian: apt-get install chromium), or set CHROMIUM=/path/to/it"
)


@functools.cache
def postgres() -> str | None:
    """The address of a PostgreSQL server that answers and is new enough."""
    named = os.environ.get("INCUBATOR_TEST_POSTGRES")
    return next(filter(_postgres_answers, (named,) if named else LOCAL_POSTGRES), None)


def _postgres_answers(url: str) -> bool:
    try:
        with psycopg.connect(plain(url), connect_timeout=SILENCE) as connection:
            return connection.info.server_version >= OLDEST_POSTGRES
    except psycopg.Error:
        return False


def plain(url: str) -> str:
    """An SQLAlchemy address as libpq writes it."""
    scheme, _, rest = url.partition("://")
    return f"{scheme.partition('+')[0]}://{rest}"


@contextmanager
def database_on(server: str, name: str | None = None) -> Generator[str]:
    """A new, empty database of this process on ``server``; dropped at the end."""
    name = name or f"incubator_test_{os.getpid()}"
    base = sql.Identifier(name)
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(base)
    with psycopg.connect(plain(server), autocommit=True) as connection:
        connection.execute(drop)
        create = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'"
        connection.execute(sql.SQL(create).format(base))
        # What a test writes need not survive a power cut.
        calm = sql.SQL("ALTER DATABASE {} SET synchronous_commit = off")
        connection.execute(calm.format(base))
    try:
        address, question, options = server.partition("?")
        yield f"{address.rpartition('/')[0]}/{name}{question}{options}"
    finally:
        with psycopg.connect(plain(server), autocommit=True) as connection:
            connection.execute(drop)


@functools.cache
def redis_url() -> str | None:
    """The address of a Redis server that answers."""
    url = os.environ.get("INCUBATOR_TEST_REDIS", LOCAL_REDIS)
    client = redis.Redis.from_url(url, socket_connect_timeout=SILENCE)
    try:
        client.ping()
    except redis.RedisError:
        return None
    finally:
        client.close()
    return url


def installed(names: Iterable[str] = BROWSERS) -> str | None:
    """The path of a browser of this machine: the one CHROMIUM names, else a usual one."""
    named = os.environ.get("CHROMIUM")
    return next(filter(None, map(shutil.which, (named,) if named else names)), None)


@functools.cache
def chromium() -> str | None:
    """The path of a Chromium: the machine's, else the one Playwright fetched."""
    path = installed()
    if path is None:
        with sync_playwright() as playwright:
            fetched = playwright.chromium.executable_path
        path = fetched if Path(fetched).exists() else None
    return path
