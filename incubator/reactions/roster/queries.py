"""The manager's list: members of their sites by state, absence and anniversary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, extract, func, or_, select, true

from incubator.domain.membership.charters_queries import missing_signature
from incubator.kernel.db import db
from incubator.kernel.fulltext import Both
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.kernel.stems import search_words
from incubator.network.accounts.models import Account, Grant, Session
from incubator.network.members.audience import EVERYTHING_AS_USUAL, reach
from incubator.network.members.audiences import audiences_of
from incubator.network.members.indexing import INDEX
from incubator.network.members.life_models import Absence
from incubator.network.members.models import Member
from incubator.network.members.scopes import looked_after
from incubator.network.members.search import MOST_WORDS, named_so
from incubator.network.sites.queries import open_places

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor

PAGE_SIZE = 40
MOST_EXPORTED = 20_000
ANNIVERSARY_DAYS = 30
STATES = ("active", "away", "alumni", "closed")


@dataclass(frozen=True, kw_only=True)
class Which:
    """Whom to list; an empty field does not choose.

    ``state`` is one of ``STATES``, or anything else for all: who is away is active too.
    ``unseen_days`` keeps those who were not seen for so many days, ``anniversary`` those who
    came on a day of the year that falls within the next thirty, ``unsigned`` those who have
    not signed a charter that is in force at their site.
    """

    text: str = ""
    site_id: int | None = None
    state: str = "active"
    unseen_days: int = 0
    anniversary: bool = False
    unsigned: bool = False


class Row(NamedTuple):
    """A member as their managers list them; ``fields`` are those that the reader sees."""

    member: Member
    email: str
    state: str
    seen_at: datetime | None
    fields: frozenset[str]


def page_of(actor: Actor, which: Which, cursor: Cursor, *, now: datetime) -> Page[Row]:
    """One page of the members that ``actor`` looks after, by name."""
    query = _listed(actor, which, now)
    page = keyset_page(query, (Member.sort_name, Member.id), cursor)
    rows = _rows(actor, page.rows)
    return Page(rows=rows, next=page.next, previous=page.previous)


def everybody(actor: Actor, which: Which, *, now: datetime) -> list[Row]:
    """All of them, for a file."""
    query = _listed(actor, which, now).order_by(Member.sort_name, Member.id)
    return _rows(actor, db.session.scalars(query.limit(MOST_EXPORTED)).all())


def ids_of(actor: Actor, which: Which, *, now: datetime) -> list[int]:
    """The ids of all of them, for a message to many."""
    query = _listed(actor, which, now).with_only_columns(Member.id)
    return list(db.session.scalars(query.order_by(Member.id).limit(MOST_EXPORTED)))


def _listed(actor: Actor, which: Which, now: datetime) -> Select[Member]:
    query = select(Member).join(Account, Account.id == Member.id).where(_mine(actor))
    for condition in _chosen(actor, which, now):
        query = query.where(condition)
    return query


def _mine(actor: Actor) -> ColumnElement[bool]:
    if actor.is_administrator:
        return true()
    sites = actor.managed_site_ids
    return or_(Member.home_site_id.in_(sites), _holds(Grant.site_id.in_(sites)))


def _holds(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    live = (Grant.account_id == Member.id, Grant.ended_at.is_(None))
    return select(Grant.id).where(*live, *conditions).exists()


def _chosen(actor: Actor, which: Which, now: datetime) -> list[ColumnElement[bool]]:
    conditions = [_named(actor, word) for word in search_words(which.text, MOST_WORDS)]
    if which.site_id is not None:
        here = Member.home_site_id == which.site_id
        conditions.append(or_(here, _holds(Grant.site_id == which.site_id)))
    conditions += _in_state(which.state)
    if which.unseen_days:
        since = now - timedelta(days=which.unseen_days)
        seen = select(Session.id).where(Session.account_id == Member.id, Session.seen_at > since)
        conditions.append(~seen.exists())
    if which.anniversary:
        conditions.append(_comes_round(now.date()))
    if which.unsigned:
        conditions.append(or_(*map(missing_signature, _sites(actor, which))))
    return conditions


def _in_state(state: str) -> list[ColumnElement[bool]]:
    is_closed = Account.deactivated_at.is_not(None)
    is_alumni = _holds(Grant.role == "alumni")
    is_away = select(Absence.member_id).where(Absence.member_id == Member.id).exists()
    chosen: dict[str, list[ColumnElement[bool]]] = {
        "active": [~is_closed, ~is_alumni],
        "away": [~is_closed, is_away],
        "alumni": [~is_closed, is_alumni],
        "closed": [is_closed],
    }
    return chosen.get(state, [])


def _sites(actor: Actor, which: Which) -> list[int]:
    """The site that is asked for, else all those that ``actor`` looks after."""
    if which.site_id is not None:
        return [which.site_id]
    if actor.is_administrator:
        return [place.id for place in open_places()]
    return sorted(actor.managed_site_ids)


def _named(actor: Actor, word: str) -> ColumnElement[bool]:
    return Member.id.in_(INDEX.keys(INDEX.find(Both((looked_after(actor), named_so(word))))))


def _comes_round(today: date) -> ColumnElement[bool]:
    """Who came a year or more ago on one of the next thirty days of the year."""
    last = today + timedelta(days=ANNIVERSARY_DAYS)
    came = extract("month", Member.joined_at) * 100 + extract("day", Member.joined_at)
    first, end = (day.month * 100 + day.day for day in (today, last))
    within = and_(came >= first, came <= end) if first <= end else or_(came >= first, came <= end)
    return and_(within, extract("year", Member.joined_at) < last.year)


def _rows(actor: Actor, found: Sequence[Member]) -> list[Row]:
    """The members with what their accounts know, and what ``actor`` may see of them."""
    ids = [member.id for member in found]
    facts, audiences = _facts(ids), audiences_of(ids)
    return [
        Row(
            member,
            *facts[member.id],
            audiences.get(member.id, EVERYTHING_AS_USUAL).seen_by(
                reach(actor, member.id, member.home_site_id)
            ),
        )
        for member in found
    ]


def _facts(member_ids: Sequence[int]) -> dict[int, tuple[str, str, Any]]:
    """Address, state and when last seen, of some members."""
    seen = (
        select(func.max(Session.seen_at))
        .where(Session.account_id == Account.id)
        .correlate(Account)
        .scalar_subquery()
    )
    left = select(Grant.id).where(
        Grant.account_id == Account.id, Grant.ended_at.is_(None), Grant.role == "alumni"
    )
    state = case(
        (Account.deactivated_at.is_not(None), "closed"),
        (left.exists(), "alumni"),
        (Absence.member_id.is_not(None), "away"),
        else_="active",
    )
    rows = db.session.execute(
        select(Account.id, Account.email, state.label("state"), seen.label("seen_at"))
        .outerjoin(Absence, Absence.member_id == Account.id)
        .where(Account.id.in_(member_ids))
    )
    return {row.id: (row.email, row.state, row.seen_at) for row in rows}
