"""Who may do what to a message; pages ask the same to draw their buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from incubator.domain.chat.message_rules import EDITABLE
from incubator.domain.chat.policy import may_run, may_send

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.chat.policy import Held
    from incubator.network.members.actor import Actor


class Said(Protocol):
    """What the answers depend on."""

    @property
    def speaker_id(self) -> int:
        """Whose message it is."""

    @property
    def at(self) -> datetime:
        """When it was said."""

    @property
    def gone_at(self) -> datetime | None:
        """Since when there is no text any more."""


def may_moderate(actor: Actor, room: Held) -> bool:
    """Who looks after the room; a conversation of two or several has nobody who does."""
    return may_run(actor, room)


def may_edit(actor: Actor, message: Said, *, seated: bool, now: datetime) -> bool:
    """The author, for a day, while they sit in the room."""
    mine = message.speaker_id == actor.id and message.gone_at is None
    return mine and may_send(actor, seated=seated) and now - message.at <= EDITABLE


def may_delete(actor: Actor, room: Held, message: Said) -> bool:
    """The author whenever they like; who moderates the room, with a reason."""
    if message.gone_at is not None:
        return False
    return message.speaker_id == actor.id or may_moderate(actor, room)


def may_react(actor: Actor, message: Said, *, seated: bool) -> bool:
    """Who may speak in the room."""
    return message.gone_at is None and may_send(actor, seated=seated)


def may_call_everybody(actor: Actor, room: Held) -> bool:
    """Whom «@room» is for: who moderates; between a few people everybody is named anyway."""
    return may_moderate(actor, room)
