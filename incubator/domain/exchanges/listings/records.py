"""Writing a listing's row, skills, photos and steps; only commands of listings come here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, select, update

from incubator.domain.exchanges.listings import rules
from incubator.domain.exchanges.listings.events import ListingMoved
from incubator.domain.exchanges.listings.models import (
    Listing,
    ListingPhoto,
    ListingSkill,
    ListingStep,
)
from incubator.domain.exchanges.listings.searching import index_listing
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotFound, Refusal
from incubator.kernel.events import record
from incubator.kernel.text import excerpt, markdown_to_html, plain_text
from incubator.network.members.skill_choice import as_kept

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.exchanges.listings.rules import Terms

PHOTOS_MOST = 4
ONCE_MOST = 40


def locked(listing_id: int) -> Listing:
    """A listing, locked until the end of the transaction; raise NotFound ``listings.listing``."""
    found = db.session.scalar(
        select(Listing)
        .where(Listing.id == listing_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("listings.listing")
    return found


class New(NamedTuple):
    """Whose a listing is, what kind, of which form, and of which question it was made."""

    kind: str
    firm_id: int
    once: str
    question_id: int | None = None


def begin(new: New, terms: Terms, *, author_id: int, now: datetime) -> bool:
    """Insert the row of a form, once; whether it was inserted. What it says is written next."""
    return insert_once(
        Listing,
        kind=new.kind,
        state="draft",
        live=False,
        firm_id=new.firm_id,
        author_id=author_id,
        title=terms.title,
        site_id=terms.site_id,
        language=terms.language,
        visibility=terms.visibility,
        **dict.fromkeys(("body_md", "body_html", "summary", "unit"), ""),
        **dict.fromkeys(("remote", *rules.MODES), False),
        ends_at=terms.until or rules.NEVER,
        once=new.once[:ONCE_MOST],
        created_at=now,
        changed_at=now,
    )


def write(listing: Listing, terms: Terms, *, now: datetime) -> None:
    """Put checked terms in a row, but its end and its skills."""
    listing.title, listing.body_md = terms.title, terms.body
    listing.body_html = markdown_to_html(terms.body)
    listing.summary = excerpt(plain_text(listing.body_html))
    listing.quantity, listing.unit = terms.quantity, terms.unit
    listing.min_cents, listing.max_cents = terms.min_cents, terms.max_cents
    listing.site_id, listing.remote, listing.radius_km = (
        terms.site_id,
        terms.remote,
        terms.radius_km,
    )
    for mode in rules.MODES:
        setattr(listing, mode, mode in terms.modes)
    listing.visibility, listing.language = terms.visibility, terms.language
    listing.changed_at = now


def settle(listing: Listing, *, until: datetime | None) -> None:
    """Write what follows from state and end: whether it is live, and where it sorts."""
    listing.until = until
    listing.ends_at = until or rules.NEVER
    listing.live = listing.state in rules.LIVE


def terms_of(listing: Listing) -> Terms:
    """What a row says, as it was typed; the skills are read anew."""
    named = select(ListingSkill.skill_id).where(ListingSkill.listing_id == listing.id)
    return rules.Terms(
        title=listing.title,
        body=listing.body_md,
        skill_ids=tuple(db.session.scalars(named.order_by(ListingSkill.position))),
        quantity=listing.quantity,
        unit=listing.unit,
        min_cents=listing.min_cents,
        max_cents=listing.max_cents,
        site_id=listing.site_id,
        remote=listing.remote,
        radius_km=listing.radius_km,
        modes=frozenset(listing.modes),
        until=listing.until,
        visibility=listing.visibility,
        language=listing.language,
    )


def write_skills(listing_id: int, skill_ids: tuple[int, ...]) -> None:
    """Let a listing name these terms, in this order; raise Refusal ``listings.skill_unknown``."""
    db.session.execute(delete(ListingSkill).where(ListingSkill.listing_id == listing_id))
    kept = as_kept(skill_ids)
    if kept is None:
        raise Refusal("listings.skill_unknown", field="skills")
    for place, skill_id in enumerate(dict.fromkeys(kept[each] for each in skill_ids)):
        row = ListingSkill(listing_id=listing_id, skill_id=skill_id, position=place)
        db.session.add(row)
    db.session.flush()


def take_photos(listing_id: int, owner_id: int, once: str) -> None:
    """Give a listing the photos that wait for its form, as many as it may have."""
    waiting = (
        select(ListingPhoto.id)
        .where(
            ListingPhoto.owner_id == owner_id,
            ListingPhoto.once == once,
            ListingPhoto.listing_id.is_(None),
        )
        .order_by(ListingPhoto.id)
    )
    there = select(ListingPhoto.id).where(ListingPhoto.listing_id == listing_id)
    room = PHOTOS_MOST - len(db.session.scalars(there).all())
    taken = db.session.scalars(waiting).all()[: max(room, 0)]
    chosen = update(ListingPhoto).where(ListingPhoto.id.in_(taken))
    db.session.execute(chosen.values(listing_id=listing_id))


def step(listing: Listing, act: str, *, by_id: int | None, now: datetime, reason: str = "") -> None:
    """Note that a listing moved by an act, from its present state, and tell it.

    The caller settles it afterwards. Raise Refusal ``listings.state``.
    """
    before, after = listing.state, rules.next_state(listing.state, act)
    listing.state, listing.changed_at = after, now
    db.session.add(
        ListingStep(
            listing_id=listing.id,
            by_id=by_id,
            act=act,
            before=before,
            after=after,
            reason=reason,
            at=now,
        )
    )
    if after == "published" and before in {"draft", "expired"}:
        listing.published_at = now


def tell_moved(listing: Listing, act: str, before: str, *, by_id: int | None, reason: str) -> None:
    """Index a listing anew and tell that it moved, once its row is settled."""
    index_listing(listing.id)
    record(
        ListingMoved(
            actor_id=by_id,
            site_id=listing.site_id,
            listing_id=listing.id,
            act=act,
            before=before,
            after=listing.state,
            reason=reason,
        )
    )
