"""Searches that members keep: named filters, told daily when something new fits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from incubator.domain.exchanges.listings.events import SearchFound
from incubator.domain.exchanges.listings.lists import Filters, conditions
from incubator.domain.exchanges.listings.models import Listing, SavedSearch
from incubator.domain.exchanges.listings.queries import firm_ids_of, reachable
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.kernel.text import one_line
from incubator.network.accounts.queries import account_of, actor_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor

SEARCHES_MOST: Final = 20
NAME_MOST: Final = 80
AT_ONCE: Final = 200
DAILY: Final = timedelta(hours=24)
TOLD_MOST: Final = 100


def keep(actor: Actor, *, name: str, filters: Filters, now: datetime) -> SavedSearch:
    """Keep a search under a name; the same name again holds the new filters.

    Raise NotAllowed of guests; Refusal ``listings.search_name``, ``listings.searches_many``.
    """
    if actor.is_guest:
        raise NotAllowed("listings.not_yours")
    told = one_line(name)
    if not 0 < len(told) <= NAME_MOST:
        raise Refusal("listings.search_name", field="name", most=NAME_MOST)
    theirs = select(SavedSearch).where(SavedSearch.member_id == actor.id)
    names = set(db.session.scalars(theirs.with_only_columns(SavedSearch.name)))
    if told not in names and len(names) >= SEARCHES_MOST:
        raise Refusal("listings.searches_many", most=SEARCHES_MOST)
    says: dict[str, Any] = {"filters": _stored(filters), "told": True, "looked_at": now}
    # A lock holds no row that is not there yet: of two that are new at once, one is written.
    insert_once(SavedSearch, member_id=actor.id, name=told, made_at=now, **says)
    named = theirs.where(SavedSearch.name == told).with_for_update()
    search = db.session.scalars(named.execution_options(populate_existing=True)).one()
    search.filters, search.told, search.looked_at = says["filters"], True, now
    db.session.flush()
    return search


def of_member(actor: Actor) -> Sequence[SavedSearch]:
    """The searches that somebody keeps, by name."""
    theirs = select(SavedSearch).where(SavedSearch.member_id == actor.id)
    return db.session.scalars(theirs.order_by(SavedSearch.name, SavedSearch.id)).all()


def own(actor: Actor, search_id: int) -> SavedSearch:
    """A search of theirs; raise NotFound ``listings.search``."""
    search = db.session.scalar(
        select(SavedSearch).where(SavedSearch.id == search_id, SavedSearch.member_id == actor.id)
    )
    if search is None:
        raise NotFound("listings.search")
    return search


def set_told(actor: Actor, search_id: int, *, told: bool, now: datetime) -> None:
    """Hear of what is new, from now on, or no more; raise NotFound."""
    search = own(actor, search_id)
    search.told, search.looked_at = told, now


def drop(actor: Actor, search_id: int) -> None:
    """Keep a search no more; raise NotFound."""
    db.session.delete(own(actor, search_id))
    db.session.flush()


def due(now: datetime, *, after: int = 0) -> Sequence[int]:
    """The ids of searches that were not looked at for a day, a batch of them, from an id on."""
    old = (SavedSearch.told, SavedSearch.looked_at <= now - DAILY, SavedSearch.id > after)
    query = select(SavedSearch.id).where(*old).order_by(SavedSearch.id).limit(AT_ONCE)
    return db.session.scalars(query).all()


def look(search_id: int, *, now: datetime) -> None:
    """Tell what a search finds that was published since it was last looked at, once."""
    search = db.session.scalar(
        select(SavedSearch)
        .where(SavedSearch.id == search_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if search is None or not search.told or search.looked_at > now - DAILY:
        return
    since, search.looked_at = search.looked_at, now
    account = account_of(search.member_id)
    if account is None or account.deactivated_at is not None:
        return
    number = _new_for(actor_of(account), filters_of(search), since)
    if number:
        record(
            SearchFound(
                actor_id=None, search_id=search_id, member_id=search.member_id, number=number
            )
        )


def _new_for(actor: Actor, filters: Filters, since: datetime) -> int:
    new = (
        select(Listing.id)
        .where(
            reachable(actor),
            Listing.published_at > since,
            Listing.firm_id.not_in(firm_ids_of(actor.id)),
            *conditions(actor, filters),
        )
        .limit(TOLD_MOST)
        .subquery()
    )
    return db.session.scalar(select(func.count()).select_from(new)) or 0


def filters_of(search: SavedSearch) -> Filters:
    """The filters that a search keeps."""
    kept: dict[str, Any] = dict(search.filters)
    skills = kept.pop("skill_ids", None)
    return Filters(**kept, skill_ids=None if skills is None else tuple(skills))


def _stored(filters: Filters) -> dict[str, Any]:
    skills = None if filters.skill_ids is None else list(filters.skill_ids)
    return {**vars(filters), "skill_ids": skills}
