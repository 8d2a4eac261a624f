"""The live listings of the network as a market: a fixed number of statements, however many."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, Final

from sqlalchemy import case, func, select

from incubator.domain.exchanges.deals.models import DealLeg
from incubator.domain.exchanges.listings.fitting import Side
from incubator.domain.exchanges.listings.models import Listing, ListingSkill
from incubator.domain.exchanges.listings.places import City
from incubator.domain.exchanges.rings.market import Lot, Market
from incubator.domain.exchanges.rings.models import RingHold
from incubator.kernel.db import db
from incubator.network.members.firm_models import Firm, FirmRole
from incubator.network.members.models import Member
from incubator.network.members.vocabulary import rows as terms
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement

# Deliveries that were accepted, and those that came to less or to nothing.
_KEPT: Final = ("accepted", "posted", "invoiced", "compensated")
_BROKEN: Final = ("part_accepted", "refused", "released")


def market(now: datetime) -> Market:
    """What is live for barter and held by no ring, of firms in which somebody works."""
    return Market(
        lots=lots(_free(now)),
        parents={row.id: row.parent_id for row in terms()},
        trust=_trust(),
        apart=_apart(),
    )


def _free(now: datetime) -> ColumnElement[bool]:
    held = select(RingHold.listing_id).where(RingHold.listing_id == Listing.id).exists()
    works = (
        select(FirmRole.id)
        .join(Member, Member.id == FirmRole.member_id)
        .where(FirmRole.firm_id == Listing.firm_id, FirmRole.until_on.is_(None), Member.active)
        .exists()
    )
    return Listing.live & Listing.barter & (Listing.ends_at > now) & ~held & works


def of_listings(listing_ids: Collection[int], now: datetime) -> dict[int, Lot]:
    """These listings as they are now; one that is no longer live, or is held, is left out."""
    here = Listing.id.in_(sorted(listing_ids))
    return {lot.id: lot for lot in lots(here & _free(now))}


def lots(which: ColumnElement[bool]) -> list[Lot]:
    """Listings as lots, in two statements."""
    skills: dict[int, set[int]] = defaultdict(set)
    named = (
        select(ListingSkill.listing_id, ListingSkill.skill_id)
        .join(Listing, Listing.id == ListingSkill.listing_id)
        .where(which)
    )
    for listing_id, skill_id in db.session.execute(named):
        skills[listing_id].add(skill_id)
    columns = (
        *(Listing.id, Listing.kind, Listing.firm_id, Listing.site_id, Listing.visibility),
        *(Listing.remote, Listing.radius_km, Listing.barter, Listing.hours),
        *(Listing.gift, Listing.cash, Listing.min_cents, Listing.max_cents),
        *(Site.city, Site.country, Firm.site_id.label("home_id")),
    )
    rows = db.session.execute(
        select(*columns)
        .join(Site, Site.id == Listing.site_id)
        .join(Firm, Firm.id == Listing.firm_id)
        .where(which)
    )
    return [
        Lot(
            id=row.id,
            kind=row.kind,
            home_id=row.home_id,
            site_id=row.site_id if row.visibility == "site" else None,
            side=Side(
                firm_id=row.firm_id,
                skill_ids=frozenset(skills[row.id]),
                city=City(row.city, row.country),
                remote=row.remote,
                radius_km=row.radius_km,
                modes=frozenset(
                    mode for mode in ("barter", "hours", "gift", "cash") if getattr(row, mode)
                ),
                min_cents=row.min_cents,
                max_cents=row.max_cents,
            ),
        )
        for row in rows
    ]


def _trust() -> dict[int, int]:
    """How firms kept their word in deals, in thousandths; 500 where nobody knows yet."""
    kept = func.sum(case((DealLeg.state.in_(_KEPT), 1), else_=0))
    broken = func.sum(case((DealLeg.state.in_(_BROKEN), 1), else_=0))
    rows = db.session.execute(
        select(DealLeg.giver_id, kept, broken)
        .where(DealLeg.state.in_((*_KEPT, *_BROKEN)))
        .group_by(DealLeg.giver_id)
    )
    return {firm_id: 1000 * (yes + 1) // (yes + no + 2) for firm_id, yes, no in rows}


def _apart() -> frozenset[tuple[int, int]]:
    """Firms in which one person works: nobody makes a deal with themselves."""
    several = (
        select(FirmRole.member_id)
        .where(FirmRole.until_on.is_(None))
        .group_by(FirmRole.member_id)
        .having(func.count() > 1)
    )
    rows = db.session.execute(
        select(FirmRole.member_id, FirmRole.firm_id)
        .where(FirmRole.until_on.is_(None), FirmRole.member_id.in_(several))
        .order_by(FirmRole.firm_id)
    )
    firms: dict[int, list[int]] = defaultdict(list)
    for member_id, firm_id in rows:
        firms[member_id].append(firm_id)
    return frozenset(pair for each in firms.values() for pair in combinations(each, 2))
