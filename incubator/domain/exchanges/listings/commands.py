"""Writing listings and moving them from state to state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from incubator.domain.exchanges.listings import policy, records, rules
from incubator.domain.exchanges.listings.events import ListingWritten
from incubator.domain.exchanges.listings.models import (
    Listing,
    ListingOrigin,
    ListingPhoto,
    ListingTokens,
)
from incubator.domain.exchanges.listings.queries import firm_ids_of, visible_to
from incubator.domain.exchanges.listings.searching import index_listing
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.events import record
from incubator.kernel.text import one_line

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.exchanges.listings.records import New
    from incubator.domain.exchanges.listings.rules import Terms
    from incubator.network.members.actor import Actor

DRAFTS_MOST = 40
OPEN_MOST = 200


def write(actor: Actor, new: New, *, terms: Terms, publish: bool, now: datetime) -> Listing:
    """Begin a listing of one's firm: as a draft, or published at once.

    The same form sent twice gives one listing. Raise NotAllowed ``listings.not_yours``; Refusal
    beside a field, or ``listings.too_many``.
    """
    if not policy.may_publish(actor, new.firm_id, firm_ids_of(actor.id)):
        raise NotAllowed("listings.not_yours")
    checked = rules.check(terms, whole=publish)
    once = new.once[: records.ONCE_MOST]
    theirs = (Listing.author_id == actor.id, Listing.once == once)
    if not db.session.scalar(select(Listing.id).where(*theirs)):
        _check_room(new.firm_id)
    made = records.begin(new, checked, author_id=actor.id, now=now)
    listing = db.session.scalars(select(Listing).where(*theirs)).one()
    if made:
        if new.question_id:
            origin = ListingOrigin(listing_id=listing.id, question_id=new.question_id)
            db.session.add(origin)
        _fill(actor, listing, checked, once=once, until=checked.until, now=now)
        if publish:
            _move(listing, "publish", by=actor, now=now, until=checked.until)
    return listing


def rewrite(
    actor: Actor, listing_id: int, *, terms: Terms, once: str, publish: bool, now: datetime
) -> Listing:
    """Let a listing say something else; a draft may be published with it.

    What is filled or withdrawn is left as it was. Raise NotFound, NotAllowed
    ``listings.not_yours``; Refusal ``listings.state`` or beside a field.
    """
    listing = _own(actor, listing_id)
    if listing.state in {"filled", "withdrawn"}:
        raise Refusal("listings.state")
    drafted = listing.state == "draft"
    checked = rules.check(terms, whole=publish or not drafted)
    until = listing.until if listing.state == "expired" else checked.until
    if listing.state in rules.RUNNING:
        until = rules.end_of(listing.kind, checked.until, now)
    _fill(actor, listing, checked, once=once[: records.ONCE_MOST], until=until, now=now)
    if drafted and publish:
        _move(listing, "publish", by=actor, now=now, until=until)
    else:
        index_listing(listing.id)
    return listing


def move(actor: Actor, listing_id: int, act: str, *, now: datetime) -> Listing:
    """Publish, pause, resume, fill in part or whole, or withdraw a listing of one's firm.

    An act that is done already changes nothing. Raise NotFound, NotAllowed, Refusal
    ``listings.state``, or what ``rules.check`` misses in a draft.
    """
    listing = _own(actor, listing_id)
    if listing.state in rules.MOVES[act].values() and listing.state not in rules.MOVES[act]:
        return listing
    if act == "publish":
        _check_whole(listing)
    return _move(listing, act, by=actor, now=now, until=listing.until)


def renew(actor: Actor, listing_id: int, *, seen_until: datetime | None, now: datetime) -> bool:
    """Let a listing last as long again from now; whether it did.

    ``seen_until`` is the end that its reader saw: one that was renewed since stays as it is, so
    that two clicks renew once. Raise NotFound, NotAllowed, Refusal ``listings.state``.
    """
    listing = _own(actor, listing_id)
    return _renew(listing, by=actor, seen_until=seen_until, now=now)


def renew_by_link(listing_id: int, *, member_id: int, seen_until: datetime, now: datetime) -> bool:
    """As ``renew``, by the signed link of a letter to somebody who must still be of the firm."""
    listing = records.locked(listing_id)
    if listing.firm_id not in firm_ids_of(member_id):
        raise NotAllowed("listings.not_yours")
    return _renew(listing, by=member_id, seen_until=seen_until, now=now)


def withdraw_as_manager(actor: Actor, listing_id: int, *, reason: str, now: datetime) -> Listing:
    """Take a listing of one's site away; its firm reads why.

    Raise NotFound, NotAllowed ``listings.not_yours``; Refusal ``listings.reason``.
    """
    listing = visible_to(actor, listing_id)
    if not policy.may_withdraw(actor, listing, firm_ids_of(actor.id)):
        raise NotAllowed("listings.not_yours")
    told = one_line(reason)
    if not 0 < len(told) <= rules.REASON_MOST:
        raise Refusal("listings.reason", field="reason", most=rules.REASON_MOST)
    listing = records.locked(listing_id)
    if listing.state == "withdrawn":
        return listing
    return _move(listing, "withdraw", by=actor, now=now, until=listing.until, reason=told)


def discard(actor: Actor, listing_id: int) -> None:
    """Throw a draft away with its photos; raise NotFound, NotAllowed, Refusal."""
    listing = _own(actor, listing_id)
    if listing.state != "draft":
        raise Refusal("listings.state")
    for row in (ListingPhoto, ListingTokens):
        db.session.execute(delete(row).where(row.listing_id == listing_id))
    db.session.execute(delete(Listing).where(Listing.id == listing_id))


def _own(actor: Actor, listing_id: int) -> Listing:
    """The listing in hand, if it is one of the actor's firms."""
    listing = visible_to(actor, listing_id)
    if not policy.may_publish(actor, listing.firm_id, firm_ids_of(actor.id)):
        raise NotAllowed("listings.not_yours")
    return records.locked(listing_id)


def _fill(
    actor: Actor,
    listing: Listing,
    terms: Terms,
    *,
    once: str,
    until: datetime | None,
    now: datetime,
) -> None:
    records.write(listing, terms, now=now)
    records.settle(listing, until=until)
    db.session.flush()
    records.write_skills(listing.id, terms.skill_ids)
    records.take_photos(listing.id, actor.id, once)
    record(ListingWritten(actor_id=actor.id, site_id=listing.site_id, listing_id=listing.id))


def _move(
    listing: Listing,
    act: str,
    *,
    by: Actor | int | None,
    now: datetime,
    until: datetime | None,
    reason: str = "",
) -> Listing:
    by_id = by if isinstance(by, int) or by is None else by.id
    before = listing.state
    if act == "publish":
        until = rules.end_of(listing.kind, until, now)
    records.step(listing, act, by_id=by_id, now=now, reason=reason)
    records.settle(listing, until=until)
    db.session.flush()
    records.tell_moved(listing, act, before, by_id=by_id, reason=reason)
    return listing


def _renew(
    listing: Listing, *, by: Actor | int, seen_until: datetime | None, now: datetime
) -> bool:
    if listing.until is None or listing.until != seen_until:
        return False
    _move(listing, "renew", by=by, now=now, until=rules.renewed_end(listing.kind, now))
    return True


def _check_whole(listing: Listing) -> None:
    """Raise the Refusal of a draft that misses something, without its field: no form is there."""
    loaded = records.terms_of(listing)
    try:
        rules.check(loaded, whole=True)
    except Refusal as refusal:
        raise Refusal("listings.unfinished") from refusal


def _check_room(firm_id: int) -> None:
    """Raise Refusal ``listings.too_many`` when a firm has as many as anybody reads."""
    states = db.session.scalars(
        select(Listing.state)
        .where(Listing.firm_id == firm_id, Listing.state.in_(("draft", *rules.RUNNING)))
        .limit(OPEN_MOST)
    ).all()
    if len(states) >= OPEN_MOST or states.count("draft") >= DRAFTS_MOST:
        raise Refusal("listings.too_many")
