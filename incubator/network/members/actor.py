"""The person who acts: what a command needs to know of them, and nothing of the web."""

from __future__ import annotations

from dataclasses import dataclass

# Strongest first. An alumni was a resident and left: they read what guests read.
ROLES = ("administrator", "manager", "resident", "alumni", "guest")


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """A signed-in person and their rights at this instant.

    ``role`` is the strongest one they hold; ``managed_site_ids`` are the sites named in their
    manager grants; ``language`` is «fr» or «en»; ``time_zone`` an IANA name; ``face`` the key
    of their own picture, for their own eyes; ``circle_ids`` the circles that they are in.
    """

    id: int
    name: str
    slug: str
    role: str
    home_site_id: int | None
    managed_site_ids: frozenset[int]
    language: str
    time_zone: str
    face: str | None = None
    circle_ids: frozenset[int] = frozenset()

    @property
    def is_administrator(self) -> bool:
        """Whether they run the whole network."""
        return self.role == "administrator"

    @property
    def is_guest(self) -> bool:
        """Whether they only visit: they read what is shown to them and trade nothing."""
        return self.role in {"guest", "alumni"}

    @property
    def is_alumni(self) -> bool:
        """Whether they left the network and kept a window on it."""
        return self.role == "alumni"

    @property
    def is_manager(self) -> bool:
        """Whether they run at least one site."""
        return self.is_administrator or bool(self.managed_site_ids)

    def manages(self, site_id: int | None) -> bool:
        """Whether they run this site; an administrator runs all of them."""
        return self.is_administrator or site_id in self.managed_site_ids
