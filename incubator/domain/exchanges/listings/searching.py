"""Finding listings by the words of their titles, firms, skills and texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload, selectinload

from incubator.domain.exchanges.listings.models import (
    Listing,
    ListingSkill,
    ListingTokens,
)
from incubator.kernel.db import db
from incubator.kernel.fulltext import (
    Both,
    Either,
    Index,
    Query,
    Token,
    key_of,
    marked,
    number_of,
    tokens_of,
)
from incubator.kernel.stems import search_words, stems
from incubator.network.members.models import SkillSynonym

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor

INDEX: Final = Index(ListingTokens.__table__)  # type: ignore[arg-type]  # a Table, as everywhere
WORDS_MOST: Final = 6
# Of this many finds, the newest, those that the other filters leave are shown.
LOOKED_AT: Final = 400
NETWORK: Final = "_n"


def found_ids(actor: Actor, text: str) -> list[int] | None:
    """The ids of listings that hold every word, the newest first; None of no telling word."""
    telling = search_words(text, WORDS_MOST)
    if not telling:
        return None
    found = INDEX.find(Both((*_meant_for(actor), *map(_word, telling)))).subquery().c[0]
    numbers = db.session.scalars(select(found).order_by(found).limit(LOOKED_AT)).all()
    return [key_of(number) for number in numbers]


def _meant_for(actor: Actor) -> list[Query]:
    if actor.is_administrator:
        return []
    sites = {*actor.managed_site_ids, actor.home_site_id}
    return [marked(NETWORK, *(f"_s{each}" for each in sorted(filter(None, sites))))]


def _word(word: str) -> Query:
    """Listings with a word that begins so, or has the same stem."""
    same = (Token(f"{each}_{stem}") for each in "abc" for stem in sorted(stems(word)))
    begun = (Token(f"{each}{word}", begins=True) for each in "abc")
    return Either((*begun, *same))


def index_listing(listing_id: int) -> None:
    """Rewrite what search knows of a listing; call it in the transaction of the change."""
    db.session.flush()
    db.session.execute(delete(ListingTokens).where(ListingTokens.listing_id == listing_id))
    listing = db.session.scalar(
        select(Listing)
        .where(Listing.id == listing_id, Listing.live)
        .options(
            joinedload(Listing.firm),
            joinedload(Listing.site),
            selectinload(Listing.skills).joinedload(ListingSkill.skill),
        )
        .execution_options(populate_existing=True)
    )
    if listing is None:
        return
    texts = (listing.title, _about(listing), listing.body_md)
    mark = NETWORK if listing.visibility == "network" else f"_s{listing.site_id}"
    tokens = tokens_of(texts, {mark}, names=0)
    row = ListingTokens(id=number_of(listing_id), listing_id=listing_id, tokens=tokens)
    db.session.add(row)
    db.session.flush()


def index_about(skill_id: int) -> None:
    """Rewrite what search knows of the live listings of a term of the vocabulary."""
    named = (ListingSkill.skill_id == skill_id, Listing.live)
    listings = select(Listing.id).join(ListingSkill, ListingSkill.listing_id == Listing.id)
    for listing_id in db.session.scalars(listings.where(*named)).all():
        index_listing(listing_id)


def _about(listing: Listing) -> str:
    """The words beside the title: firm, city, and the skills by all their names."""
    ids = [each.skill_id for each in listing.skills]
    others = select(SkillSynonym.name).where(SkillSynonym.skill_id.in_(ids))
    names = [f"{each.skill.name_fr} {each.skill.name_en}" for each in listing.skills]
    return " ".join((listing.firm.name, listing.site.city, *names, *db.session.scalars(others)))
