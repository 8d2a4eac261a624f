"""A signed-in device in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from incubator.edge.devices import words_and_icon

if TYPE_CHECKING:
    from incubator.network.accounts.models import Session


@dataclass(frozen=True)
class Device:
    """A signed-in browser as its owner knows it."""

    session: Session
    words: str
    icon: str
    here: bool


def describe(session: Session, *, current_id: int) -> Device:
    """The words for a session; ``current_id`` is the one that asks."""
    words, icon = words_and_icon(session.device)
    return Device(session, words, icon, session.id == current_id)
