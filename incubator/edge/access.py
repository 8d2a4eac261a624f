"""Who may call what: the few answers a route or a socket event may give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from incubator.network.members.actor import Actor


@dataclass(frozen=True)
class Access:
    """A named rule on who may call; the finer rules are the policies of the features."""

    name: str
    allows: Callable[[Actor | None], bool]


anybody = Access("anybody", lambda _: True)
signed_in = Access("signed_in", lambda actor: actor is not None)
members = Access("members", lambda actor: actor is not None and not actor.is_guest)
managers = Access("managers", lambda actor: actor is not None and actor.is_manager)
administrators = Access(
    "administrators", lambda actor: actor is not None and actor.is_administrator
)
