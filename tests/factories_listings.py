"""Listings for tests, made by the commands that pages call."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from incubator.domain.exchanges.listings import commands, saved
from incubator.domain.exchanges.listings.lists import Filters
from incubator.domain.exchanges.listings.records import New
from incubator.domain.exchanges.listings.renew_links import Renewal
from incubator.domain.exchanges.listings.rules import Terms
from incubator.kernel.db import db, transaction
from tests.factories_members import a_firm, a_skill

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.exchanges.listings.models import Listing, SavedSearch
    from incubator.network.accounts.models import Account
    from incubator.network.members.firm_models import Firm
    from incubator.network.members.models import Skill
    from incubator.network.sites.models import Site
    from tests.factories import Make


class Trader(NamedTuple):
    """A member, their firm and the site where both are."""

    account: Account
    firm: Firm
    site: Site


def trader(make: Make, city: str = "Lyon", *, site: Site | None = None, **more: Any) -> Trader:
    """A member with a firm, in a city."""
    home = site or make.site(city)
    account = make.member(home, **more)
    return Trader(account, a_firm(make, account, f"Firme {account.id}"), home)


def terms(site: Site, *skills: Skill, **more: Any) -> Terms:
    """What a listing says that may be published, and changes of it."""
    said: dict[str, Any] = {
        "title": "120 chaises pour une journée",
        "body": "Empilables, *en bois* si possible.",
        "skill_ids": tuple(each.id for each in skills),
        "site_id": site.id,
        "modes": frozenset({"barter"}),
    }
    return Terms(**said | more)


def listing(
    make: Make,
    author: Account,
    firm: Firm,
    site: Site,
    *skills: Skill,
    kind: str = "need",
    publish: bool = True,
    once: str = "",
    now: datetime | None = None,
    question_id: int | None = None,
    **more: Any,
) -> Listing:
    """A listing of a firm; a skill of its own where none is given."""
    named = skills or (a_skill(make, f"Métier {secrets.token_hex(3)}"),)
    new = New(kind, firm.id, once or secrets.token_hex(8), question_id)
    with transaction():
        return commands.write(
            make.actor(author),
            new,
            terms=terms(site, *named, **more),
            publish=publish,
            now=now or make.now,
        )


def of(make: Make, trader: Trader, *skills: Skill, **more: Any) -> Listing:
    """A listing of a trader, where they are."""
    return listing(make, trader.account, trader.firm, trader.site, *skills, **more)


def moved(make: Make, trader: Trader, one: Listing, act: str, *, after: int = 0) -> Listing:
    """Move a listing by its own firm, so many hours from now."""
    with transaction():
        now = make.now + timedelta(hours=after)
        return commands.move(make.actor(trader.account), one.id, act, now=now)


def searched(make: Make, account: Account, name: str = "Du <bois>") -> SavedSearch:
    """A search for needs that somebody keeps."""
    with transaction():
        return saved.keep(
            make.actor(account), name=name, filters=Filters(kind="need"), now=make.now
        )


def again(one: Listing) -> Listing:
    """The row as it is now."""
    db.session.refresh(one)
    return one


def renewal(one: Listing, reader: Account) -> Renewal:
    """What the link of a letter to somebody renews."""
    assert one.until
    return Renewal(one.id, reader.id, one.until)
