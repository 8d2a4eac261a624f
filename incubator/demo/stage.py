"""What the steps of the loader share: the texts, the present, and who is who in the database."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import time, timedelta
from random import Random
from typing import TYPE_CHECKING

from incubator.demo.moments import When

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.demo.shapes import Content
    from incubator.network.members.actor import Actor


MORNING = time(10)


@dataclass(kw_only=True)
class Stage:
    """The demo while it is loaded; the maps lead from names in the texts to ids.

    ``answers`` go by thread and place: «bail-serrure/0».

    ``password_hash`` is shared by all accounts: hashing eighty times would take longer than
    everything else.
    """

    content: Content
    now: datetime
    password_hash: str
    sites: dict[str, int] = field(default_factory=dict)
    skills: dict[str, int] = field(default_factory=dict)
    firms: dict[str, int] = field(default_factory=dict)
    threads: dict[str, str] = field(default_factory=dict)
    questions: dict[str, int] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index the texts."""
        self.members = {member.email: member for member in self.content.members}
        self.zones = {site.slug: site.time_zone for site in self.content.sites}

    def joined(self, email: str, at: time = MORNING) -> When:
        """The day on which a member came, at a time of their site."""
        member = self.members[email]
        return When(member.joined_days_ago, at, self.zones[member.site])

    def manager_of(self, site: str, *, other_than: str) -> Actor:
        """Who decides on somebody's facts: a manager of their site, else the administrator."""
        wanted = [m.email for m in self.content.members if m.role == "manager" and m.site == site]
        wanted += [m.email for m in self.content.members if m.role == "administrator"]
        return self.actors[next(email for email in wanted if email != other_than)]

    @property
    def opened_at(self) -> datetime:
        """When the network opened: the day before its first member came."""
        came = (self.joined(email).instant(self.now) for email in self.members)
        return min(came) - timedelta(days=1)

    def not_later(self, instant: datetime) -> datetime:
        """The instant, or the present when it lies in the future."""
        return min(instant, self.now)


def key_of(*names: str) -> str:
    """What a browser would have called a form or a message: 32 letters, the same every time."""
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:32]


def luck(*names: str) -> Random:
    """Chance that depends on these names alone."""
    return Random(key_of(*names))
