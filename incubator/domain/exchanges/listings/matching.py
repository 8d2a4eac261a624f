"""Which live listings fit one another, and which fit what a member knows or looks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import select

from incubator.domain.exchanges.listings import fitting, rules
from incubator.domain.exchanges.listings.models import Listing, ListingSkill
from incubator.domain.exchanges.listings.places import City
from incubator.domain.exchanges.listings.queries import firm_ids_of, reachable, whole
from incubator.kernel.db import db
from incubator.network.members.firm_models import FirmSkill
from incubator.network.members.models import MemberSkill
from incubator.network.members.vocabulary import rows as terms

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from incubator.domain.exchanges.listings.fitting import Fit
    from incubator.network.members.actor import Actor

# Of the newest so many that share a skill, the best are shown.
LOOKED_AT: Final = 120
SHOWN: Final = 6
OWN_MOST: Final = 40
OTHER: Final = {"need": "offer", "offer": "need"}


class Match(NamedTuple):
    """A listing that fits ``mine``, and why; without ``mine`` it fits the reader's own skills."""

    listing: Listing
    fit: Fit
    mine: Listing | None = None


def side_of(listing: Listing) -> fitting.Side:
    """What of a listing, loaded with its skills and its site, decides."""
    return fitting.Side(
        firm_id=listing.firm_id,
        skill_ids=listing.skill_ids,
        city=City(listing.site.city, listing.site.country),
        remote=listing.remote,
        radius_km=listing.radius_km,
        modes=frozenset(listing.modes),
        min_cents=listing.min_cents,
        max_cents=listing.max_cents,
    )


def for_listing(actor: Actor, listing: Listing, most: int = SHOWN) -> list[Match]:
    """The listings of others that fit one, the best first; none for one that is not live."""
    if listing.state not in rules.LIVE:
        return []
    parents = _parents()
    kind, skills = OTHER[listing.kind], listing.skill_ids
    candidates = _sharing(actor, kind, skills, parents=parents)
    return _best(_fits([listing], candidates, parents), most)


def own_for(actor: Actor, listing: Listing) -> list[Match]:
    """Which listings of the reader's firms fit a listing of somebody else."""
    mine = _own_live(actor)
    return _best(_fits(mine, [listing], _parents()), SHOWN)


def for_reader(actor: Actor, most: int = 20) -> list[Match]:
    """What fits the reader: first their firms' listings, then what they know or look for."""
    parents, mine = _parents(), _own_live(actor)
    firm_ids = firm_ids_of(actor.id)
    found: dict[int, Match] = {}
    for kind in rules.KINDS:
        here = [each for each in mine if each.kind == OTHER[kind]]
        skills = {skill_id for each in here for skill_id in each.skill_ids}
        known = _known_skills(actor, firm_ids, wanted=kind == "offer")
        others = _sharing(actor, kind, skills | known, parents=parents, but=firm_ids)
        for match in _fits(here, others, parents):
            found.setdefault(match.listing.id, match)
        for other in others:
            if told := _knows(known, other, parents):
                found.setdefault(other.id, Match(other, told))
    return _best(found.values(), most)


def _knows(known: Collection[int], other: Listing, parents: Mapping[int, int | None]) -> Fit | None:
    """A fit by the skills of a profile alone, which say no place and no amount."""
    shared = fitting.shared_skills(other.skill_ids, known, parents)
    how = "remote" if other.remote else "near"
    return (
        fitting.Fit(skill_ids=shared, how=how, km=None, modes=(), values=False) if shared else None
    )


def _fits(
    mine: Iterable[Listing], others: Sequence[Listing], parents: Mapping[int, int | None]
) -> list[Match]:
    found = []
    sides = [(other, side_of(other)) for other in others]
    for own in mine:
        side = side_of(own)
        for other, theirs in sides:
            if own.kind == other.kind:
                continue
            need, offer = (side, theirs) if own.kind == "need" else (theirs, side)
            if why := fitting.fit(need, offer, parents):
                found.append(Match(other, why, own))
    return found


def _best(matches: Iterable[Match], most: int) -> list[Match]:
    """The best of each other listing, the best first; the newer of two alike."""
    best: dict[int, Match] = {}
    for match in matches:
        known = best.get(match.listing.id)
        if known is None or match.fit.score > known.fit.score:
            best[match.listing.id] = match
    ranked = sorted(best.values(), key=lambda each: (-each.fit.score, -each.listing.id))
    return ranked[:most]


def _own_live(actor: Actor) -> Sequence[Listing]:
    query = (
        select(Listing)
        .where(Listing.firm_id.in_(firm_ids_of(actor.id)), Listing.live)
        .options(*whole())
        .order_by(Listing.changed_at.desc(), Listing.id.desc())
        .limit(OWN_MOST)
    )
    return db.session.scalars(query).all()


def _sharing(
    actor: Actor,
    kind: str,
    skill_ids: Collection[int],
    *,
    parents: Mapping[int, int | None],
    but: Collection[int] = (),
) -> Sequence[Listing]:
    """Live listings of a kind that a reader may see and that share a skill or its family."""
    wide = set(skill_ids)
    wide |= {head for each in wide if (head := parents.get(each)) is not None}
    wide |= {each for each, head in parents.items() if head in set(skill_ids)}
    if not wide:
        return []
    named = select(ListingSkill.listing_id).where(ListingSkill.skill_id.in_(sorted(wide)))
    query = (
        select(Listing)
        .where(Listing.kind == kind, reachable(actor), Listing.id.in_(named))
        .where(Listing.firm_id.not_in(sorted(but)))
        .options(*whole())
        .order_by(Listing.published_at.desc(), Listing.id.desc())
        .limit(LOOKED_AT)
    )
    return db.session.scalars(query).all()


def _known_skills(actor: Actor, firm_ids: Collection[int], *, wanted: bool) -> frozenset[int]:
    """What the reader and their firms offer, or look for."""
    own = select(MemberSkill.skill_id).where(
        MemberSkill.member_id == actor.id, MemberSkill.wanted.is_(wanted)
    )
    firms = select(FirmSkill.skill_id).where(
        FirmSkill.firm_id.in_(sorted(firm_ids)), FirmSkill.wanted.is_(wanted)
    )
    return frozenset(db.session.scalars(own.union(firms)))


def _parents() -> dict[int, int | None]:
    return {row.id: row.parent_id for row in terms()}
