"""Who may report a message, and who decides about it: never about what they wrote themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.chat.models import CLOSED
from incubator.domain.chat.policy import may_read, may_run

if TYPE_CHECKING:
    from incubator.domain.chat.care.models import ChatCase
    from incubator.domain.chat.places import Place
    from incubator.network.members.actor import Actor


def may_report(actor: Actor, author_id: int) -> bool:
    """Whether they may report what somebody said; guests take no part, nobody reports themself."""
    return not actor.is_guest and author_id != actor.id


def site_of(actor: Actor, room: Place) -> int | None:
    """The site whose managers decide about a message that ``actor`` reports.

    In a conversation it is that of who reports: they alone can let somebody see it.
    """
    return actor.home_site_id if room.kind in CLOSED else room.site_id


def may_decide(actor: Actor, case: ChatCase) -> bool:
    """Whether they decide about a case as a manager; rooms of everybody are for every manager."""
    if case.author_id == actor.id:
        return False
    return actor.is_manager if case.site_id is None else actor.manages(case.site_id)


def may_decide_there(actor: Actor, case: ChatCase, room: Place, *, seq: int) -> bool:
    """Whether they decide by their seat: they look after the room and read the message ``seq``."""
    if case.author_id == actor.id or not (room.seated and room.moderator):
        return False
    span = room.span
    reads = span is not None and span.after < seq <= span.until
    return reads and may_read(actor, room) and may_run(actor, room)


def may_silence(actor: Actor, room: Place) -> bool:
    """Whether who decides asks an author to be silent: not in what they do not read."""
    return room.kind not in CLOSED or may_run(actor, room)
