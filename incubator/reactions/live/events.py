"""The table of what clients may ask of a namespace, and who may ask it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from incubator.network.members.actor import Actor
    from incubator.reactions.live.conns import Conn
    from incubator.reactions.live.ports import Hub

    Handler = Callable[["Call", Mapping[str, Any]], dict[str, Any]]


class Access(Protocol):
    """The answers of ``incubator.edge.access``."""

    @property
    def allows(self) -> Callable[[Actor | None], bool]:
        """Whether this person may call."""


@dataclass(frozen=True)
class Call:
    """One event of one socket, its rights just asked."""

    live: Hub
    conn: Conn
    actor: Actor
    now: datetime


@dataclass(frozen=True)
class Rule:
    """Who may send an event, and what answers it."""

    may: Access
    handler: Handler


@dataclass(frozen=True)
class Events:
    """The events of a namespace.

    ``welcome`` judges what a client brings to CONNECT; ``explain`` turns an error into the
    acknowledgement that tells of it.
    """

    namespace: str
    welcome: Callable[[object], bool]
    explain: Callable[[Exception], dict[str, Any]]
    rules: dict[str, Rule] = field(default_factory=dict)

    def on(self, name: str, *, may: Access) -> Callable[[Handler], Handler]:
        """Answer an event; every one is acknowledged with what the handler returns."""

        def register(handler: Handler) -> Handler:
            self.rules[name] = Rule(may, handler)
            return handler

        return register
