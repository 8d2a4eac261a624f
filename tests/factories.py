"""People and things for tests, made by the commands that pages call."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from incubator.kernel.db import transaction
from incubator.network.accounts import commands as accounts
from incubator.network.accounts import sessions
from incubator.network.accounts.queries import account_of, actor_of
from incubator.network.sites import commands as sites

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from incubator.kernel.settings import Settings
    from incubator.network.accounts.models import Account
    from incubator.network.members.actor import Actor
    from incubator.network.sites.models import Site


@dataclass
class Make:
    """Makes sites and members; each call commits into the test's savepoint."""

    settings: Settings
    now: datetime
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def site(self, name: str = "Lyon", *, time_zone: str = "Europe/Paris") -> Site:
        """A site; two of the same name get different addresses."""
        number = next(self.numbers)
        with transaction():
            return sites.open_site(
                None,
                details=sites.SiteDetails(name=name, city=name, country="FR", time_zone=time_zone),
                slug=f"{name.lower()}-{number}",
                hue=number,
            )

    def member(
        self, site: Site | None = None, *, name: str = "", role: str = "resident", **more: str
    ) -> Account:
        """An account with one role; managers also live at their site."""
        number = next(self.numbers)
        roles = [(role, site.id if site and role != "administrator" else None)]
        if role == "manager" and site:
            roles.append(("resident", site.id))
        with transaction():
            person = accounts.Newcomer(
                name=name or f"Member {number}",
                email=more.get("email", f"member{number}@example.org"),
                roles=roles,
                password=more.get("password"),
                time_zone=more.get("time_zone", "Europe/Paris"),
                language=more.get("language", "fr"),
                home_site_id=site.id if site else None,
            )
            return accounts.admit(None, person, now=self.now)

    def actor(self, account: Account) -> Actor:
        """The account as commands see it."""
        loaded = account_of(account.id)
        assert loaded is not None
        return actor_of(loaded)

    def session_of(self, account: Account) -> str:
        """The token of a new session."""
        with transaction():
            return sessions.start(account.id, address="127.0.0.1", device="test", now=self.now)
