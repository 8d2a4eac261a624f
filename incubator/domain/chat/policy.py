"""Who may do what in a room; pages ask the same questions to draw their buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor


class Place(Protocol):
    """What the answers depend on."""

    @property
    def kind(self) -> str:
        """«network», «site», «topic» or «direct»."""

    @property
    def site_id(self) -> int | None:
        """The site of a site's room."""

    @property
    def pair(self) -> tuple[int, ...]:
        """The two members of a direct conversation."""


def may_read(actor: Actor, room: Place) -> bool:
    """Rooms are open to members; a guest reads that of their site, an alumni the network's.

    A direct conversation is read by its two members and by nobody else, whatever their role.
    """
    if room.kind == "direct":
        return actor.id in room.pair
    if actor.is_alumni:
        return room.kind == "network"
    if actor.is_guest:
        return room.kind == "site" and room.site_id == actor.home_site_id
    return True


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


def may_write_to(actor: Actor, other: Actor) -> bool:
    """Whether one may begin to talk with another: both are members of the network today."""
    both = (actor, other)
    return actor.id != other.id and all(may_sit(who) and not who.is_alumni for who in both)


def may_open_topic(actor: Actor) -> bool:
    """Every member may open a room on a topic."""
    return not actor.is_guest
