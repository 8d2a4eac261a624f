"""Work that keeps a processor busy, away from the loop that serves everybody of a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import gevent
from gevent import monkey

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def _served() -> bool:
    """Whether a loop of gevent serves this process: threads of Python are then its greenlets."""
    return bool(monkey.is_module_patched("socket"))


def aside(work: Callable[[], T]) -> T:
    """Do work in a real thread while others are served; at once where no loop serves.

    The work asks neither the database, nor the request, nor the application.
    """
    if not _served():
        return work()
    done: T = gevent.get_hub().threadpool.apply(work)
    return done


def breathe() -> None:
    """Let others be served between two parts of a long work that asks the database."""
    if _served():
        gevent.sleep(0)
