"""Programs of this machine that tests start by themselves, to kill them."""

from __future__ import annotations

import os
import shutil

from tests.services import Service

STACK = Service(
    "programs of PostgreSQL, Redis, nginx and OpenSSL",
    "install them (Debian: apt-get install postgresql redis-server nginx-light openssl)",
)
NAMES = ("initdb", "postgres", "redis-server", "nginx", "openssl")
# Where Debian keeps what is in nobody's path.
ELSEWHERE = ("/usr/sbin", "/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin")


def path_of(name: str) -> str | None:
    """Where a program is on this machine."""
    return shutil.which(name, path=os.pathsep.join((os.environ["PATH"], *ELSEWHERE)))


def all_here() -> str | None:
    """Something true when this machine has every program that the torture starts."""
    return "here" if all(map(path_of, NAMES)) else None


def program(name: str) -> str:
    found = path_of(name)
    assert found, f"{name} is not on this machine"
    return found
