"""Lists of listings: everybody's by filters, a firm's, a member's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, case, false, func, or_, select

from incubator.domain.exchanges.listings import rules
from incubator.domain.exchanges.listings.models import Listing, ListingSkill
from incubator.domain.exchanges.listings.queries import (
    firm_ids_of,
    reachable,
    whole,
)
from incubator.domain.exchanges.listings.searching import found_ids
from incubator.kernel.db import db
from incubator.kernel.keyset import Cursor, Page, keyset_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.network.members.actor import Actor

PAGE_SIZE: Final = 18
MINE_SIZE: Final = 30
FEW: Final = 6
NEWEST, ENDING = "newest", "ending"
SORTS: Final = (NEWEST, ENDING)
REMOTE: Final = "remote"


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What is looked for among live listings; what is empty does not choose.

    ``site_id`` and ``remote`` together mean either. ``skill_ids`` None is any, empty is none.
    """

    kind: str = ""
    text: str = ""
    skill_ids: tuple[int, ...] | None = None
    site_id: int | None = None
    remote: bool = False
    mode: str = ""
    sort: str = NEWEST


def page_for(actor: Actor, filters: Filters, cursor: Cursor) -> Page[Listing]:
    """A page of the live listings that a reader may see, the newest or the nearest end first."""
    query = select(Listing).where(reachable(actor), *conditions(actor, filters)).options(*whole())
    if filters.sort == ENDING:
        return keyset_page(query, (Listing.ends_at, Listing.id), cursor)
    return keyset_page(query, (Listing.published_at, Listing.id), cursor, newest_first=True)


def conditions(actor: Actor, filters: Filters) -> list[ColumnElement[bool]]:
    """The filters as conditions on ``Listing``."""
    found: list[ColumnElement[bool]] = []
    if filters.kind in rules.KINDS:
        found.append(Listing.kind == filters.kind)
    if filters.mode in rules.MODES:
        found.append(getattr(Listing, filters.mode).is_(True))
    if filters.skill_ids is not None:
        named = select(ListingSkill.listing_id).where(ListingSkill.skill_id.in_(filters.skill_ids))
        found.append(Listing.id.in_(named))
    places: list[ColumnElement[bool]] = []
    if filters.site_id is not None:
        places.append(Listing.site_id == filters.site_id)
    if filters.remote:
        places.append(Listing.remote.is_(True))
    if places:
        found.append(or_(*places))
    ids = found_ids(actor, filters.text) if filters.text else None
    if ids is not None:
        found.append(Listing.id.in_(ids) if ids else false())
    return found


def mine(actor: Actor, cursor: Cursor) -> Page[Listing]:
    """Every listing of the reader's firms, whatever its state, the last changed first."""
    query = select(Listing).where(Listing.firm_id.in_(firm_ids_of(actor.id))).options(*whole())
    page = Cursor(cursor.after, cursor.before, MINE_SIZE)
    return keyset_page(query, (Listing.changed_at, Listing.id), page, newest_first=True)


def live_of_firm(actor: Actor, firm_id: int) -> Sequence[Listing]:
    """A firm's live listings that a reader may see, the newest first."""
    return _few(actor, Listing.firm_id == firm_id)


def live_of_member(actor: Actor, member_id: int) -> Sequence[Listing]:
    """The live listings that a member wrote and a reader may see, the newest first."""
    return _few(actor, Listing.author_id == member_id)


def _few(actor: Actor, whose: ColumnElement[bool]) -> Sequence[Listing]:
    query = select(Listing).where(whose, reachable(actor)).options(*whole())
    newest = (Listing.published_at.desc(), Listing.id.desc())
    return db.session.scalars(query.order_by(*newest).limit(FEW)).all()


def found(actor: Actor, text: str, most: int) -> Sequence[Listing]:
    """Listings for the search over everything."""
    return page_for(actor, Filters(text=text), Cursor(size=most)).rows if text.strip() else ()


def numbers(actor: Actor) -> dict[str, int]:
    """How many live needs and offers a reader may see."""
    counts = [func.sum(case((Listing.kind == kind, 1), else_=0)) for kind in rules.KINDS]
    row = db.session.execute(select(*counts).where(reachable(actor))).one()
    return {kind: int(number or 0) for kind, number in zip(rules.KINDS, row, strict=True)}
