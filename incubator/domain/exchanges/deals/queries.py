"""What can be read of deals. ``visible_to`` is the only door: hidden is not found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from incubator.domain.exchanges.deals import policy, rules
from incubator.domain.exchanges.deals.models import (
    Deal,
    DealLeg,
    DealParty,
    DealSignature,
    DealStep,
    Dispute,
)
from incubator.domain.exchanges.deals.terms import LegTerms, SoulteTerms, Terms
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.network.members.firm_models import Firm, FirmRole
from incubator.network.members.models import Member
from incubator.network.members.reader import MANAGED_SITES, READER_ID, READS_ALL, Counter
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from incubator.network.members.actor import Actor

PAGE_SIZE: Final = 20
STEPS_MOST: Final = 300
FIRMS_MOST: Final = 50
PARTNERS_MOST: Final = 500
WAITING_MOST: Final = 20
VIEWS: Final = {
    "open": (*rules.TALKING, *rules.BOUND),
    "ended": tuple(
        each for each in rules.DEAL_STATES if each not in {*rules.TALKING, *rules.BOUND, "draft"}
    ),
}


@dataclass(frozen=True)
class Seen:
    """A deal whole, the firms of it in which the reader works, and whether they may mediate."""

    deal: Deal
    own: frozenset[int]
    mediates: bool

    @property
    def open_disputes(self) -> list[Dispute]:
        """The disputes that are not over."""
        return [each for each in self.deal.disputes if each.state in rules.DISPUTED]


def firms_of(member_id: int) -> Sequence[Firm]:
    """The firms in which a member works, the oldest role first."""
    return db.session.scalars(
        select(Firm)
        .join(FirmRole, FirmRole.firm_id == Firm.id)
        .where(FirmRole.member_id == member_id, FirmRole.until_on.is_(None))
        .order_by(FirmRole.since_on, FirmRole.id)
        .limit(FIRMS_MOST)
    ).all()


def partners_for(own: Sequence[Firm], *, wanted: int | None = None) -> Sequence[Firm]:
    """The first firms of the network with which these can make a deal, by name.

    The one that is ``wanted`` is among them in a network of any size.
    """
    others = (
        select(Firm)
        .where(Firm.id.not_in([firm.id for firm in own]))
        .where(select(FirmRole.id).where(_lasts()).exists())
    )
    found = db.session.scalars(others.order_by(Firm.sort_name, Firm.id).limit(PARTNERS_MOST)).all()
    if wanted is None or wanted in {firm.id for firm in found}:
        return found
    return [*db.session.scalars(others.where(Firm.id == wanted)), *found]


def may_deal_with(actor: Actor, firm_id: int) -> bool:
    """Whether somebody can propose a deal to a firm: they have one, and it is another."""
    own = {firm.id for firm in firms_of(actor.id)}
    return not actor.is_guest and bool(own) and firm_id not in own


def _lasts() -> Any:
    active = select(Member.id).where(Member.id == FirmRole.member_id, Member.active).exists()
    return (FirmRole.firm_id == Firm.id) & FirmRole.until_on.is_(None) & active


def people_of(firm_ids: Sequence[int]) -> frozenset[int]:
    """Who works in these firms today."""
    lasting = (FirmRole.firm_id.in_(firm_ids), FirmRole.until_on.is_(None))
    return frozenset(db.session.scalars(select(FirmRole.member_id).where(*lasting)))


def talked_for(firm_id: int, *, but_for: int) -> Sequence[int]:
    """The deals of a firm of which a member works in no other firm, the oldest first."""
    theirs = select(FirmRole.firm_id).where(
        FirmRole.member_id == but_for, FirmRole.until_on.is_(None)
    )
    stays = select(DealParty.deal_id).where(DealParty.firm_id.in_(theirs))
    query = select(DealParty.deal_id).where(DealParty.firm_id == firm_id)
    return db.session.scalars(
        query.where(DealParty.deal_id.not_in(stays)).order_by(DealParty.deal_id)
    ).all()


def abroad(firm_ids: Collection[int]) -> frozenset[int]:
    """Those of some firms outside France and Monaco; where a firm says no country it is French."""
    elsewhere = Firm.country.not_in(sorted({"", *rules.AT_HOME}))
    query = select(Firm.id).where(Firm.id.in_(sorted(firm_ids)), elsewhere)
    return frozenset(db.session.scalars(query))


def zone_of(firm_id: int) -> ZoneInfo:
    """The time zone of a firm's site; UTC without one."""
    at_site = select(Site.time_zone).join(Firm, Firm.site_id == Site.id).where(Firm.id == firm_id)
    return ZoneInfo(db.session.scalar(at_site) or "UTC")


def own_of(member_id: int, firm_ids: Sequence[int]) -> frozenset[int]:
    """In which of these firms a member works today."""
    mine = (FirmRole.member_id == member_id, FirmRole.until_on.is_(None))
    query = select(FirmRole.firm_id).where(*mine, FirmRole.firm_id.in_(firm_ids))
    return frozenset(db.session.scalars(query))


def whole(deal_id: int) -> Deal:
    """A deal with all that its page shows, as it is now; raise NotFound ``deals.deal``."""
    found = wholes([deal_id]).get(deal_id)
    if found is None:
        raise NotFound("deals.deal")
    return found


def wholes(deal_ids: Collection[int]) -> dict[int, Deal]:
    """The same of several deals, at most a few hundred, by number; who is gone is left out."""
    query = (
        select(Deal)
        .where(Deal.id.in_(deal_ids))
        .options(
            selectinload(Deal.parties).options(
                joinedload(DealParty.firm), joinedload(DealParty.person)
            ),
            selectinload(Deal.legs),
            selectinload(Deal.signatures),
            selectinload(Deal.disputes).joinedload(Dispute.mediator),
            joinedload(Deal.soulte),
        )
        .execution_options(populate_existing=True)
    )
    return {each.id: each for each in db.session.scalars(query)}


# As a mediator, or as the clock, nobody acts for a firm.
_FOR_A_FIRM: Final = DealStep.firm_id.is_not(None) & DealStep.by_id.is_not(None)


def visible_to(actor: Actor, deal_id: int) -> Seen:
    """A deal for its reader; raise NotFound ``deals.deal``."""
    deal = whole(deal_id)
    own = own_of(actor.id, [party.firm_id for party in deal.parties])
    if not policy.may_see(actor, deal, own):
        raise NotFound("deals.deal")
    mediates = policy.mediates(actor, deal, own) and actor.id not in acted_for(deal)
    return Seen(deal, own, mediates)


def acted_for(deal: Deal) -> set[int]:
    """Who ever acted for a firm of the deal, though they may work elsewhere by now."""
    steps = select(DealStep.by_id).where(DealStep.deal_id == deal.id, _FOR_A_FIRM)
    signed = {each.person_id for each in deal.signatures}
    opened = {each.opened_by_id for each in deal.disputes}
    acted = {each for each in db.session.scalars(steps) if each is not None}
    return acted | signed | opened | {deal.created_by_id}


def page_for(actor: Actor, view: str, cursor: Cursor) -> Page[Deal]:
    """The deals of the firms in which somebody works, what moved last first.

    «open» is what still asks for something, «ended» the rest, anything else all of them.
    """
    mine = select(FirmRole.firm_id).where(
        FirmRole.member_id == actor.id, FirmRole.until_on.is_(None)
    )
    ids = select(DealParty.deal_id).where(DealParty.firm_id.in_(mine))
    query = (
        select(Deal)
        .where(Deal.id.in_(ids))
        .options(
            selectinload(Deal.parties).joinedload(DealParty.firm),
            selectinload(Deal.legs),
            selectinload(Deal.signatures),
            joinedload(Deal.soulte),
        )
    )
    if view in VIEWS:
        query = query.where(Deal.state.in_(VIEWS[view]))
    return keyset_page(query, (Deal.changed_at, Deal.id), cursor, newest_first=True)


def to_mediate(actor: Actor, *, most: int = 50) -> Sequence[Dispute]:
    """Open disputes of the sites that somebody runs, for whose firms they never acted."""
    if not actor.is_manager:
        return []
    party = select(DealParty.deal_id).join(Firm, Firm.id == DealParty.firm_id)
    if not actor.is_administrator:
        party = party.where(Firm.site_id.in_(actor.managed_site_ids))
    mine = (
        select(DealParty.deal_id)
        .join(FirmRole, FirmRole.firm_id == DealParty.firm_id)
        .where(FirmRole.member_id == actor.id, FirmRole.until_on.is_(None))
    )
    acted = select(DealStep.deal_id).where(DealStep.by_id == actor.id, _FOR_A_FIRM)
    return db.session.scalars(
        select(Dispute)
        .where(Dispute.state.in_(rules.DISPUTED))
        .where(Dispute.deal_id.in_(party), Dispute.deal_id.not_in(mine))
        .where(Dispute.deal_id.not_in(acted))
        .order_by(Dispute.opened_at, Dispute.id)
        .limit(most)
    ).all()


def titles_of(deal_ids: Sequence[int]) -> dict[int, str]:
    """The titles of deals, for who may read them."""
    query = select(Deal.id, Deal.title).where(Deal.id.in_(deal_ids))
    return dict(db.session.execute(query).all()) if deal_ids else {}


def steps_of(deal_id: int) -> Sequence[DealStep]:
    """The timeline of a deal, the oldest first."""
    return db.session.scalars(
        select(DealStep)
        .where(DealStep.deal_id == deal_id)
        .options(joinedload(DealStep.by))
        .order_by(DealStep.id)
        .limit(STEPS_MOST)
    ).all()


def closers(deal_id: int) -> set[int]:
    """The firms that said that nothing more is to come of a deal, since it was last settled."""
    reopened = select(func.max(DealStep.id)).where(
        DealStep.deal_id == deal_id, DealStep.verb == "inv_reopened"
    )
    said = select(DealStep.firm_id).where(
        DealStep.deal_id == deal_id,
        DealStep.verb == "close_asked",
        DealStep.id > func.coalesce(reopened.scalar_subquery(), 0),
    )
    return {firm_id for firm_id in db.session.scalars(said) if firm_id is not None}


def terms_of(deal: Deal) -> Terms:
    """The terms of a deal as its rows say them."""
    legs = tuple(
        LegTerms(
            giver_id=leg.giver_id,
            receiver_id=leg.receiver_id,
            title=leg.title,
            mode=leg.mode,
            details=leg.details,
            quantity=leg.quantity,
            unit=leg.unit,
            skill_id=leg.skill_id,
            listing_id=leg.listing_id,
            ht_cents=leg.ht_cents,
            vat_bp=leg.vat_bp,
            due_on=leg.due_on,
        )
        for leg in deal.legs
    )
    soulte = deal.soulte
    told = SoulteTerms(soulte.payer_id, soulte.payee_id, soulte.cents) if soulte else None
    return Terms(legs=legs, soulte=told, kind=deal.kind)


def worded(deal_id: int, terms_hash: str) -> dict[str, Any] | None:
    """The plain terms that once had this hash in a deal, from its timeline."""
    for step in steps_of(deal_id):
        if step.data.get("terms_hash") == terms_hash:
            found: dict[str, Any] = step.data["terms"]
            return found
    return None


_own = select(FirmRole.firm_id).where(FirmRole.member_id == READER_ID, FirmRole.until_on.is_(None))
_theirs = select(DealParty.deal_id).where(DealParty.firm_id.in_(_own))
_signed = (
    select(DealSignature.id)
    .where(DealSignature.deal_id == Deal.id, DealSignature.terms_hash == Deal.terms_hash)
    .where(DealSignature.firm_id.in_(_own))
    .exists()
)
# In a ring the one who said yes last wrote the terms, and has to sign like the others.
_asked = (Deal.turn_id.not_in(_own) | (Deal.kind == "ring")) & ~_signed
_to_answer = Deal.state.in_(rules.TALKING) & _asked
_to_accept = (
    select(DealLeg.id)
    .where(DealLeg.deal_id == Deal.id, DealLeg.state == "delivered")
    .where(DealLeg.receiver_id.in_(_own))
    .exists()
)
_asks = (
    select(Deal.id)
    .where(Deal.id.in_(_theirs), or_(_to_answer, _to_accept))
    .limit(WAITING_MOST)
    .subquery()
)
_most_urgent = (
    select(Deal)
    .where(Deal.id.in_(select(_asks.c.id)))
    .options(
        selectinload(Deal.parties).joinedload(DealParty.firm),
        selectinload(Deal.legs),
    )
    .order_by(Deal.changed_at, Deal.id)
)


def waiting_for(actor: Actor, *, most: int) -> Sequence[Deal]:
    """The deals that wait for a member, what waits longest first."""
    return db.session.scalars(_most_urgent.limit(most), {"reader_id": actor.id}).all()


# Deals that wait for the reader: terms to answer, deliveries to look at.
WAITING: Final = Counter(select(func.count()).select_from(_asks).scalar_subquery(), WAITING_MOST)

_mediated = (
    select(Dispute.deal_id)
    .join(DealParty, DealParty.deal_id == Dispute.deal_id)
    .join(Firm, Firm.id == DealParty.firm_id)
    .where(
        or_(
            Dispute.mediator_id == READER_ID,
            Dispute.state.in_(rules.DISPUTED) & or_(READS_ALL, Firm.site_id.in_(MANAGED_SITES)),
        )
    )
)
# The deals of which the reader may be told: those of their firms, and those they may mediate.
READABLE: Final = union_all(_theirs, _mediated)
