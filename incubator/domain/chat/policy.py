"""Who may do what in a room; pages ask the same questions to draw their buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from incubator.domain.chat.models import CLOSED

if TYPE_CHECKING:
    from incubator.domain.chat.spans import Span
    from incubator.network.members.actor import Actor


class Place(Protocol):
    """What the answers depend on."""

    @property
    def kind(self) -> str:
        """«network», «site», «topic», «private», «group» or «direct»."""

    @property
    def site_id(self) -> int | None:
        """The site of a site's room."""

    @property
    def pair(self) -> tuple[int, ...]:
        """The two members of a direct conversation."""

    @property
    def span(self) -> Span | None:
        """What their seat lets them read; None where it takes one that they never had."""


class Held(Place, Protocol):
    """A room with the seat there of who acts."""

    @property
    def seated(self) -> bool:
        """Whether they sit there."""

    @property
    def moderator(self) -> bool:
        """Whether they look after it, by their seat."""


def may_read(actor: Actor, room: Place) -> bool:
    """Rooms are open to members; a guest reads that of their site, an alumni the network's.

    A direct conversation is read by its two members and by nobody else, whatever their role;
    a private room and a conversation of several by those who sit there, or sat there once.
    """
    if room.kind in CLOSED:
        return _is_theirs(actor, room)
    if actor.is_alumni:
        return room.kind == "network"
    if actor.is_guest:
        return room.kind == "site" and room.site_id == actor.home_site_id
    return True


def _is_theirs(actor: Actor, room: Place) -> bool:
    """Whether a closed room is one of theirs: an administrator is nobody special here."""
    if room.kind == "direct":
        return actor.id in room.pair
    return room.span is not None and not actor.is_guest


def may_sit(actor: Actor) -> bool:
    """Whether they may take a seat by themselves and talk."""
    return not actor.is_guest


def may_send(actor: Actor, *, seated: bool) -> bool:
    """Talking needs a seat; guests only listen."""
    return seated and may_sit(actor)


def belongs(actor: Actor, room: Place) -> bool:
    """Whether the room comes with who they are: the network, their home, the sites they run."""
    if room.kind == "network":
        return actor.is_alumni or not actor.is_guest
    if room.kind != "site" or actor.is_alumni:
        return False
    return room.site_id == actor.home_site_id or room.site_id in actor.managed_site_ids


def may_leave(actor: Actor, room: Place) -> bool:
    """A member may leave any room but those that come with who they are, or are for two."""
    return room.kind != "direct" and not belongs(actor, room)


def has_own_name(room: Place) -> bool:
    """Whether it is called otherwise than after a site, the network or the other of two."""
    return room.kind in {"topic", "private", "group"}


def may_run(actor: Actor, room: Held) -> bool:
    """Whether they look after a room.

    Its moderators; managers the room of their site; administrators what is open to the network.
    What is closed is nobody's business but of those who sit there.
    """
    if actor.is_guest or room.kind in {"direct", "group"}:
        return False
    if room.kind == "private":
        return room.seated and room.moderator
    if room.kind == "site":
        return actor.manages(room.site_id)
    return actor.is_administrator or (room.seated and room.moderator)


def may_describe(actor: Actor, room: Held) -> bool:
    """Whether they may name it and say what it is for; all of a conversation may."""
    if room.kind == "group":
        return room.seated and may_sit(actor)
    return may_run(actor, room)


def may_archive(actor: Actor, room: Held) -> bool:
    """Whether they may put it away: only rooms on a topic."""
    return room.kind in {"topic", "private"} and may_run(actor, room)


def may_invite(actor: Actor, room: Held) -> bool:
    """Whether they may let others in: who sits there, in a private room its moderators."""
    if room.kind == "private":
        return may_run(actor, room)
    return room.kind in {"topic", "group"} and room.seated and may_sit(actor)


def may_link(actor: Actor, room: Held) -> bool:
    """Whether they may make links that lead in."""
    return room.kind in {"topic", "private"} and may_run(actor, room)


def may_remove(actor: Actor, room: Held) -> bool:
    """Whether they may take people out who did not come with who they are."""
    return room.kind in {"topic", "private", "site"} and may_run(actor, room)


def may_name_moderators(actor: Actor, room: Held) -> bool:
    """Whether they may say who else looks after it."""
    return room.kind in {"topic", "private"} and may_run(actor, room)


def may_write_to(actor: Actor, other: Actor) -> bool:
    """Whether one may begin to talk with another: both are members of the network today."""
    both = (actor, other)
    return actor.id != other.id and all(may_sit(who) and not who.is_alumni for who in both)


def may_open_topic(actor: Actor) -> bool:
    """Every member may open a room on a topic."""
    return not actor.is_guest
