"""Where a leg comes from: a listing that somebody reads, of one of the two firms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from sqlalchemy import select

from incubator.domain.exchanges.listings import policy
from incubator.domain.exchanges.listings import queries as listings
from incubator.domain.exchanges.listings.models import Listing
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound, Refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from incubator.domain.exchanges.deals.terms import LegTerms
    from incubator.network.members.actor import Actor

# What a listing asks for, as a deal says it; the first that it allows. Hours are no deal's.
_MODES: Final = ("barter", "cash", "gift")


class Leg(Protocol):
    """A leg, written down or being worded."""

    @property
    def listing_id(self) -> int | None:
        """The listing that it comes from."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """The listing that a leg comes from, and the skill that it is of."""

    listing_id: int | None = None
    skill_id: int | None = None


@dataclass(frozen=True, slots=True)
class Seed:
    """A listing that begins a deal, and whether the reader's firm would give what it names."""

    listing: Listing
    own: bool

    @property
    def gives(self) -> bool:
        """Whether the reader gives: what they offer themselves, or what the others need."""
        return (self.listing.kind == "offer") == self.own

    @property
    def mode(self) -> str:
        """Against what: exchanged if the listing allows it."""
        return next((each for each in _MODES if each in self.listing.modes), _MODES[0])

    @property
    def origin(self) -> Origin:
        """What the leg keeps of it: its first skill stands for all."""
        skills = self.listing.skills
        return Origin(listing_id=self.listing.id, skill_id=skills[0].skill_id if skills else None)


def seed_of(actor: Actor, listing_id: int) -> Seed | None:
    """A listing that the reader may see and that runs; None of another, or of one that is gone.

    None too of one that goes against hours alone: those are counted in hours, never in euros.
    """
    try:
        listing = listings.visible_to(actor, listing_id)
    except NotFound:
        return None
    own = listing.firm_id in listings.firm_ids_of(actor.id)
    return Seed(listing, own) if listing.live and not listing.in_hours_alone else None


def shown(actor: Actor, legs: Iterable[Leg]) -> dict[int, Listing]:
    """The listings that legs come from, by id, as far as the reader may see them."""
    ids = {leg.listing_id for leg in legs if leg.listing_id is not None}
    if not ids:
        return {}
    own = listings.firm_ids_of(actor.id)
    found = db.session.scalars(select(Listing).where(Listing.id.in_(ids)))
    return {each.id: each for each in found if policy.may_read(actor, each, own)}


def check(legs: Iterable[LegTerms], *, known: Collection[int] = ()) -> None:
    """Raise Refusal ``deals.listing`` for a leg that comes from no running listing of its firm.

    Refusal ``deals.hours`` for one that comes from a listing against hours alone.
    What is offered is given by its firm, what is needed is received by it. ``known`` are listings
    that the deal names already: those may have ended since.
    """
    named = {leg.listing_id: leg for leg in legs if leg.listing_id is not None}
    for listing_id in sorted(named.keys() - set(known)):
        leg, listing = named[listing_id], db.session.get(Listing, listing_id)
        if listing is None or not listing.live:
            raise Refusal("deals.listing")
        if listing.in_hours_alone:
            raise Refusal("deals.hours")
        if listing.firm_id != (leg.giver_id if listing.kind == "offer" else leg.receiver_id):
            raise Refusal("deals.listing")
