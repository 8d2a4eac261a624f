"""Who is on site, for tests, made by the commands that pages call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.kernel.db import transaction
from incubator.network.members import whereabouts
from incubator.network.members.audiences import set_audience

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make


def shows_presence(make: Make, account: Account, audience: str = "network") -> Account:
    """The same account, which lets its presence be seen and awaited."""
    with transaction():
        set_audience(make.actor(account), name="presence", audience=audience)
        whereabouts.choose(make.actor(account), usual=[0, 3], awaited=True)
    return account


def arrive(make: Make, account: Account, site: Site, now: datetime | None = None) -> None:
    """Somebody says that they are at a site."""
    with transaction():
        whereabouts.arrive(make.actor(account), site_id=site.id, now=now or make.now)
