"""Events: what happened, told in the transaction that made it happen.

A command records; reactions hear. A handler that *joins* runs at once, in the same
transaction, and may fail it. A handler that *waits* runs after the commit; its failure
is logged and never shown.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """A past fact: ids and plain values only.

    ``actor_id`` is the account that did it, or None for the machine; ``site_id`` is the
    site it concerns, or None for the network.
    """

    actor_id: int | None
    site_id: int | None = None


E = TypeVar("E", bound=Event)
Handlers = dict[type[Event], dict[str, Callable[[Sequence[Event]], None]]]

_joining: Handlers = {}
_waiting: Handlers = {}
_deaf: ContextVar[tuple[str, ...]] = ContextVar("deaf", default=())
_recorded: ContextVar[list[Event] | None] = ContextVar("recorded", default=None)


@contextmanager
def unheard_by(*places: str) -> Generator[None]:
    """Let the handlers of these packages and modules hear nothing of what is recorded meanwhile."""
    token = _deaf.set(tuple(f"{place}." for place in places))
    try:
        yield
    finally:
        _deaf.reset(token)


def _one_by_one(handler: Callable[[E], None]) -> Callable[[Sequence[E]], None]:
    @functools.wraps(handler)
    def hear(events: Sequence[E]) -> None:
        for event in events:
            handler(event)

    return hear


def _subscribe(table: Handlers, kind: type[E], handler: Callable[[Sequence[E]], None]) -> None:
    def hear(events: Sequence[Event]) -> None:
        handler([event for event in events if isinstance(event, kind)])

    table.setdefault(kind, {})[f"{handler.__module__}.{handler.__qualname__}"] = hear


def joins(kind: type[E], handler: Callable[[E], None]) -> None:
    """Hear events of ``kind`` (and its subclasses) inside their transaction; safe to repeat."""
    _subscribe(_joining, kind, _one_by_one(handler))


def joins_all(kind: type[E], handler: Callable[[Sequence[E]], None]) -> None:
    """As ``joins``, for a handler that hears at once the events which are told at once."""
    _subscribe(_joining, kind, handler)


def waits(kind: type[E], handler: Callable[[E], None]) -> None:
    """Hear events of ``kind`` (and its subclasses) after their commit; safe to repeat."""
    _subscribe(_waiting, kind, _one_by_one(handler))


def record(event: Event) -> None:
    """Tell what happened; raise RuntimeError outside a transaction."""
    record_all([event])


def record_all(events: Sequence[Event]) -> None:
    """Tell facts that happened at once; raise RuntimeError outside a transaction."""
    recorded = _recorded.get()
    for kind, group in groupby(events, type):
        if recorded is None:
            msg = f"{kind.__name__} recorded outside a transaction"
            raise RuntimeError(msg)
        told = list(group)
        recorded += told
        for handler in _who_hears(_joining, kind):
            handler(told)


@contextmanager
def recording() -> Generator[list[Event]]:
    """Collect the events of one transaction."""
    events: list[Event] = []
    token = _recorded.set(events)
    try:
        yield events
    finally:
        _recorded.reset(token)


def announce(events: list[Event]) -> None:
    """Tell the waiting handlers, after the commit; one that fails keeps none from hearing."""
    for event in events:
        for handler in _who_hears(_waiting, type(event)):
            try:
                handler([event])
            except Exception:
                log.exception("a reaction to %s failed after the commit", type(event).__name__)


def _who_hears(table: Handlers, told: type[Event]) -> list[Callable[[Sequence[Event]], None]]:
    deaf = _deaf.get()
    return [
        handler
        for kind in told.__mro__
        for name, handler in table.get(kind, {}).items()
        if not (deaf and name.startswith(deaf))
    ]
