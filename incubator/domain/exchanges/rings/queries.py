"""What a firm may read of a ring: cities, skills and its own listings, no name before all agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from incubator.domain.exchanges.deals import queries as deals
from incubator.domain.exchanges.deals.models import DealLeg
from incubator.domain.exchanges.listings.models import Listing
from incubator.domain.exchanges.rings import rules
from incubator.domain.exchanges.rings.models import Ring, RingMember
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.network.members.firm_models import FirmRole
from incubator.network.members.reader import READER_ID, Counter

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select

    from incubator.network.members.actor import Actor
    from incubator.network.members.models import Skill

PAGE_SIZE: Final = 12
WAITING_MOST: Final = 20
FEW: Final = 3
VIEWS: Final = {"open": rules.ASKED, "ended": tuple(set(rules.STATES) - set(rules.ASKED))}


@dataclass(frozen=True)
class Place:
    """A firm of a ring as another of its firms sees it: its city and the skill that it gives."""

    city: str
    skill: Skill
    mine: bool


@dataclass(frozen=True)
class Own:
    """What one's own firm would give and receive, by its own listings; and what it said."""

    firm_id: int
    firm_name: str
    offer_id: int
    offer_title: str
    need_id: int
    need_title: str
    said: str
    reason: str


@dataclass(frozen=True)
class Idea:
    """A ring for the eyes of one of its firms.

    ``places`` begin with the reader's and follow what is given; ``value_cents`` is before tax;
    ``agreed`` is how many said yes. ``deal_id`` is there once all did.
    """

    id: int
    state: str
    cause: str
    value_cents: int
    agreed: int
    suggested_at: datetime
    expires_at: datetime
    deal_id: int | None
    own: Own
    places: tuple[Place, ...]

    @property
    def giver(self) -> Place:
        """Who would give to the reader's firm."""
        return self.places[-1]

    @property
    def receiver(self) -> Place:
        """To whom the reader's firm would give."""
        return self.places[1]

    @property
    def open(self) -> bool:
        """Whether it still waits for answers."""
        return self.state in rules.OPEN


def own_firm(actor: Actor, ring_id: int) -> int:
    """The firm of a ring for which somebody acts.

    Raise NotFound ``rings.ring`` for whoever works in none of them, whatever else they run;
    NotAllowed ``rings.both``.
    """
    own = db.session.scalars(
        select(RingMember.firm_id)
        .join(FirmRole, FirmRole.firm_id == RingMember.firm_id)
        .where(RingMember.ring_id == ring_id)
        .where(FirmRole.member_id == actor.id, FirmRole.until_on.is_(None))
    ).all()
    if actor.is_guest or not own:
        raise NotFound("rings.ring")
    if len(own) > 1:
        raise NotAllowed("rings.both")
    return own[0]


def visible_to(actor: Actor, ring_id: int) -> Idea:
    """A ring for its reader; raise NotFound ``rings.ring``."""
    firm_id = own_firm(actor, ring_id)
    ring = db.session.scalars(_whole().where(Ring.id == ring_id)).one()
    return _idea(ring, {firm_id})


def page_for(actor: Actor, view: str, cursor: Cursor) -> Page[Ring]:
    """The rings of the reader's firms, the newest first; ``ideas_of`` makes them fit to be read.

    «open» still waits for answers, «ended» became a deal or nothing.
    """
    query = _whole().where(Ring.id.in_(select(RingMember.ring_id).where(_mine(actor))))
    query = query.where(Ring.state.in_(VIEWS[view]))
    return keyset_page(query, (Ring.suggested_at, Ring.id), cursor, newest_first=True)


def ideas_of(actor: Actor, page: Page[Ring]) -> list[Idea]:
    """The rings of a page as their reader may see them."""
    own = _firm_ids(actor)
    return [_idea(ring, own) for ring in page.rows]


def waiting_for(actor: Actor) -> list[Idea]:
    """The ideas that wait for the reader's word, the best first, a few."""
    asked = select(RingMember.ring_id).where(_mine(actor), RingMember.said == "")
    query = _whole().where(Ring.id.in_(asked), Ring.state.in_(rules.OPEN))
    rows = db.session.scalars(query.order_by(Ring.score.desc(), Ring.id).limit(FEW)).all()
    own = _firm_ids(actor) if rows else set()
    return [_idea(ring, own) for ring in rows]


def usual_rate(firm_id: int) -> int | None:
    """The VAT in basis points that a firm charged last in a deal; 20 % where it never did.

    A firm outside France charges none, whatever it once said.
    """
    if deals.abroad([firm_id]):
        return 0
    last = (
        select(DealLeg.vat_bp)
        .where(DealLeg.giver_id == firm_id, DealLeg.mode != "gift")
        .order_by(DealLeg.id.desc())
        .limit(1)
    )
    row = db.session.execute(last).first()
    return 2000 if row is None else row.vat_bp


def people_of(ring_id: int, firm_ids: Collection[int] | None = None) -> frozenset[int]:
    """Who works today in the firms of a ring, or in some of them."""
    query = (
        select(FirmRole.member_id)
        .join(RingMember, RingMember.firm_id == FirmRole.firm_id)
        .where(RingMember.ring_id == ring_id, FirmRole.until_on.is_(None))
    )
    if firm_ids is not None:
        query = query.where(FirmRole.firm_id.in_(sorted(firm_ids)))
    return frozenset(db.session.scalars(query))


def firms_that_said(ring_id: int, said: str) -> frozenset[int]:
    """The firms of a ring that gave this answer; for letters to themselves alone."""
    theirs = select(RingMember.firm_id).where(RingMember.ring_id == ring_id)
    return frozenset(db.session.scalars(theirs.where(RingMember.said == said)))


def _mine(actor: Actor) -> ColumnElement[bool]:
    own = select(FirmRole.firm_id).where(
        FirmRole.member_id == actor.id, FirmRole.until_on.is_(None)
    )
    return RingMember.firm_id.in_(own)


def _firm_ids(actor: Actor) -> set[int]:
    lasting = (FirmRole.member_id == actor.id, FirmRole.until_on.is_(None))
    return set(db.session.scalars(select(FirmRole.firm_id).where(*lasting)))


def _whole() -> Select[Ring]:
    return select(Ring).options(
        selectinload(Ring.members).options(
            joinedload(RingMember.firm),
            joinedload(RingMember.skill),
            joinedload(RingMember.offer).joinedload(Listing.site),
            joinedload(RingMember.need),
        )
    )


def _idea(ring: Ring, own_ids: Collection[int]) -> Idea:
    """What one firm may know, and nothing else, so that no page can tell more."""
    members = ring.members
    at = next(n for n, each in enumerate(members) if each.firm_id in own_ids)
    mine = members[at]
    places = tuple(
        Place(each.offer.site.city, each.skill, each is mine)
        for each in members[at:] + members[:at]
    )
    own = Own(
        firm_id=mine.firm_id,
        firm_name=mine.firm.name,
        offer_id=mine.offer_id,
        offer_title=mine.offer.title,
        need_id=mine.need_id,
        need_title=mine.need.title,
        said=mine.said,
        reason=mine.reason,
    )
    return Idea(
        id=ring.id,
        state=ring.state,
        cause=ring.cause,
        value_cents=ring.value_cents,
        agreed=sum(each.said == "interested" for each in members),
        suggested_at=ring.suggested_at,
        expires_at=ring.expires_at,
        deal_id=ring.deal_id,
        own=own,
        places=places,
    )


_own = select(FirmRole.firm_id).where(FirmRole.member_id == READER_ID, FirmRole.until_on.is_(None))
_asked = (
    select(Ring.id)
    .join(RingMember, RingMember.ring_id == Ring.id)
    .where(RingMember.firm_id.in_(_own), RingMember.said == "", Ring.state.in_(rules.OPEN))
    .limit(WAITING_MOST)
    .subquery()
)
# Ideas that wait for the reader's word.
WAITING: Final = Counter(select(func.count()).select_from(_asked).scalar_subquery(), WAITING_MOST)
# The rings of which the reader may be told: those of their firms.
READABLE: Final = select(RingMember.ring_id).where(RingMember.firm_id.in_(_own))
