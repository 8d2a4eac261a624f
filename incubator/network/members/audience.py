"""Who sees which field of a member: one table of fields, one rule, for every door. Pure.

Pages, search, exports, sockets and the API ask ``seen_by``; none decides by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incubator.network.members.actor import Actor

ME, MANAGERS, SITE, NETWORK = AUDIENCES = ("me", "managers", "site", "network")


class Reach(IntEnum):
    """How near a reader stands to a member; who stands nearer sees all that the others see."""

    GUEST = 0
    NETWORK = 1
    SITE = 2
    MANAGER = 3
    OWNER = 4


_NEEDED = {
    ME: Reach.OWNER,
    MANAGERS: Reach.MANAGER,
    SITE: Reach.SITE,
    NETWORK: Reach.NETWORK,
}

# Each field with the audience it has until its member says otherwise. Name and home site are
# no choice: without them nobody can be met.
DEFAULTS: Mapping[str, str] = MappingProxyType(
    {
        "portrait": NETWORK,
        "headline": NETWORK,
        "about": NETWORK,
        "pronouns": NETWORK,
        "languages": NETWORK,
        "links": NETWORK,
        "phone": NETWORK,
        "email": MANAGERS,
        "time_zone": NETWORK,
        "offers": NETWORK,
        "wants": NETWORK,
        "firms": NETWORK,
        "mentoring": NETWORK,
        "availability": NETWORK,
        "presence": ME,
        "online": NETWORK,
        "reading": ME,
    }
)
# What the network sees of these, its guests see too.
FOR_GUESTS = frozenset({"portrait", "headline"})
# Who runs a site looks after its accounts, addresses included: to promise less would be a lie.
NEVER_ALONE = frozenset({"email"})


def choices_of(name: str) -> tuple[str, ...]:
    """The audiences that a field may have, the narrowest first."""
    return tuple(each for each in AUDIENCES if each != ME or name not in NEVER_ALONE)


def reach(reader: Actor, member_id: int, home_site_id: int | None) -> Reach:
    """How near ``reader`` stands to the member of this id and home site."""
    if reader.id == member_id:
        return Reach.OWNER
    if reader.manages(home_site_id):
        return Reach.MANAGER
    if reader.is_guest:
        return Reach.GUEST
    neighbours = home_site_id is not None and reader.home_site_id == home_site_id
    return Reach.SITE if neighbours else Reach.NETWORK


def needed(name: str, audience: str) -> Reach:
    """How near a reader must stand to see a field that has this audience."""
    if audience == NETWORK and name in FOR_GUESTS:
        return Reach.GUEST
    return _NEEDED[audience]


@dataclass(frozen=True)
class Audiences:
    """The audience of each field of one member; ``chosen`` holds what differs from the defaults."""

    chosen: Mapping[str, str] = field(default_factory=dict)

    def of(self, name: str) -> str:
        """The audience of a field; KeyError for a field that does not exist."""
        return self.chosen.get(name) or DEFAULTS[name]

    def seen_by(self, near: Reach) -> frozenset[str]:
        """The fields that a reader who stands so near sees."""
        if not self.chosen:
            return _seen_as_usual(near)
        return frozenset(name for name in DEFAULTS if near >= needed(name, self.of(name)))


@cache
def _seen_as_usual(near: Reach) -> frozenset[str]:
    return frozenset(name for name in DEFAULTS if near >= needed(name, DEFAULTS[name]))


EVERYTHING_AS_USUAL = Audiences()


def differing(chosen: Mapping[str, str]) -> dict[str, str]:
    """What a choice changes of the defaults; Refusal ``members.audience`` for what cannot be."""
    for name, audience in chosen.items():
        if name not in DEFAULTS or audience not in choices_of(name):
            raise Refusal("members.audience", field=f"audience_{name}")
    return {name: audience for name, audience in chosen.items() if audience != DEFAULTS[name]}
