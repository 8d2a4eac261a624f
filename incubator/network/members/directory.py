"""The directory: what is looked for, found by index, in pages by key or as a short list.

Whatever is searched is searched in documents that the reader may read, and cards say only what
they may see. The cost of a page does not grow with the network.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING

from sqlalchemy import Integer, Select, bindparam, exists, false, null, select, true

from incubator.kernel.db import BigId, db
from incubator.kernel.fulltext import Both, Query, key_of, marked
from incubator.kernel.keyset import Cursor, Key, Page, Statement, Way, keyset_page, ready_page
from incubator.network.members.audiences import visible_in_lists
from incubator.network.members.cards import Card, card, cards_of, lasting
from incubator.network.members.documents import MENTOR, sector_mark
from incubator.network.members.helpfulness import Facts
from incubator.network.members.indexing import INDEX
from incubator.network.members.models import Member, MemberSkill
from incubator.network.members.present import here_now
from incubator.network.members.scopes import readable
from incubator.network.members.search import (
    Asked,
    asked_for,
    corrected,
    nearest_first,
    written_words,
)
from incubator.network.members.shortlist import shortlist
from incubator.network.members.skill_models import MemberDocument
from incubator.network.members.whereabouts_models import Whereabouts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement

    from incubator.network.members.actor import Actor

__all__ = ["Card", "Filters", "Found", "find", "lasting", "members_page", "newest", "wanted_by"]

PAGE_SIZE = 24
RELEVANCE, NAME, NEWEST, NOW = SORTS = ("relevance", "name", "newest", "now")
# If one of so many members is found, the list is walked in its own order and each is looked at
# until the page is full; rarer finds are looked up and sorted. SAMPLE finds tell how rare they are.
OFTEN = 40
SAMPLE = 200


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What is looked for; what is empty does not choose.

    ``skill_ids`` and ``wanted_ids`` are alternatives; ``here_at`` is the instant at which they
    are to be on site; ``sort`` is one of SORTS, or empty for the usual one; ``exact`` takes the
    words as they are typed.
    """

    text: str = ""
    exact: bool = False
    skill_ids: tuple[int, ...] = ()
    wanted_ids: tuple[int, ...] = ()
    site_id: int | None = None
    sector: str = ""
    speaks: str = ""
    mentors: bool = False
    here_at: datetime | None = None
    sort: str = ""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A page of people, how they are sorted, and the words that were read as others."""

    page: Page[Card]
    sort: str
    corrected: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Search:
    """A search being made: who asks for what, within which documents."""

    filters: Filters
    reader: Actor
    asked: Asked
    within: Query
    now: datetime | None

    @property
    def query(self) -> Query | None:
        """What documents must answer; None when everybody does."""
        if self.asked.units:
            return Both((self.within, self.asked.anywhere))
        return self.within if _narrows(self.filters) else None

    @property
    def skills(self) -> frozenset[int]:
        """The skills that are looked for, by filter or by words."""
        by_words = (skill for unit in self.asked.units for skill in unit.skills)
        return frozenset((*self.filters.skill_ids, *by_words))

    @property
    def among(self) -> Select[int] | None:
        """Those who are on site, if only they are looked for."""
        if self.filters.here_at is None:
            return None
        return (
            select(Member.id)
            .join(Whereabouts, Whereabouts.member_id == Member.id)
            .where(here_now(self.filters.here_at), visible_in_lists(self.reader, "presence"))
        )


def find(
    filters: Filters, cursor: Cursor, today: date, *, reader: Actor, now: datetime | None = None
) -> Found:
    """The members that match every filter; a word that finds nothing is read as its neighbour.

    ``now`` is needed for the sort by who can help now.
    """
    search = _Search(filters, reader, asked_for(filters.text), _within(filters, reader), now)
    page = _page(search, cursor)
    first = cursor.after is None and cursor.before is None
    if search.asked.units and first and not page.rows and not filters.exact:
        better = corrected(search.asked, search.within)
        if better:
            search = replace(search, asked=better)
            page = _page(search, cursor)
    cards = cards_of(
        [member_id for member_id, _why in page.rows],
        today,
        reader=reader,
        words=written_words(search.asked),
        skills=search.skills,
    )
    why = dict(page.rows)
    told = [replace(each, reason=why[each.id]) if why[each.id] else each for each in cards]
    return Found(
        page=Page(rows=told, next=page.next, previous=page.previous),
        sort=usual_sort(filters),
        corrected=search.asked.corrected,
    )


def members_page(filters: Filters, cursor: Cursor, today: date, *, reader: Actor) -> Page[Card]:
    """One page of the active members that match every filter."""
    return find(filters, cursor, today, reader=reader).page


def usual_sort(filters: Filters) -> str:
    """How a list is sorted: as asked, else by relevance if words are looked for, else by name."""
    if filters.sort in SORTS and (filters.sort != RELEVANCE or filters.text.strip()):
        return filters.sort
    return RELEVANCE if filters.text.strip() else NAME


Rows = Page[tuple[int, Facts | None]]
_BY_NAME: tuple[Key, ...] = (Member.sort_name, Member.id)
_BY_ARRIVAL: tuple[Key, ...] = (Member.joined_at, Member.id)


def _page(search: _Search, cursor: Cursor) -> Rows:
    """The ids of a page, each with why they can help if that is the sort."""
    sort = usual_sort(search.filters)
    if sort == NOW and search.now is not None:
        return _helpers(search, search.now)
    if sort == RELEVANCE and search.asked.units:
        among = _documents_of(search.among)
        found = nearest_first(search.asked, search.within, cursor, among=among)
        return _plainly(found, [key_of(number) for number in found.rows])
    newest_first = sort == NEWEST
    by = _BY_ARRIVAL if newest_first else _BY_NAME
    if search.query is None and search.among is None and search.filters.site_id is None:
        everybody = partial(_everybody, by)
        page = ready_page(everybody, by, cursor, newest_first=newest_first, values={})
        return _plainly(page, [row[0] for row in page.rows])
    listed = keyset_page(_walk(search), by, cursor, newest_first=newest_first)
    return _plainly(listed, list(listed.rows))


def _documents_of(members: Select[int] | None) -> Select[int] | None:
    if members is None:
        return None
    return select(MemberDocument.id).where(MemberDocument.member_id.in_(members))


@cache
def _everybody(by: tuple[Key, ...], way: Way) -> Statement:
    return way.narrow(select(Member.id, *by).where(Member.active == true()), by)


def _plainly(page: Page[int], ids: list[int]) -> Rows:
    return Page([(member_id, None) for member_id in ids], page.next, page.previous)


def _helpers(search: _Search, now: datetime) -> Rows:
    skills = search.skills
    wanted = search.query or search.within
    if not search.asked.units and not skills:
        skills = wanted_by(search.reader.id)
        if skills:
            wanted = Both((wanted, marked(*(f"_k{skill}" for skill in sorted(skills)))))
    helpers = shortlist(search.reader, wanted, skills, now=now, among=search.among)
    return Page(list(helpers))


def _walk(search: _Search) -> Select[int]:
    """The members to list in an order of their own; the way there depends on how rare they are."""
    listed = select(Member.id).where(Member.active == true())
    if search.filters.site_id is not None:
        listed = listed.where(Member.home_site_id == search.filters.site_id)
    if search.among is not None:
        listed = listed.where(Member.id.in_(search.among))
    wanted = search.query
    if wanted is None:
        return listed
    rarity = _rarity(search.filters, wanted)
    if rarity is not None and rarity <= OFTEN:
        found = exists().where(MemberDocument.member_id == Member.id, INDEX.holds(wanted))
        return listed.where(*_offering(search.filters.skill_ids), found)
    # Documents tell site and activity too; asked of rows so, no index is walked from end to end.
    some = select(Member.id).where(Member.active.is_not(false()))
    if search.among is not None:
        some = some.where(Member.id.in_(search.among))
    return some.where(Member.id.in_(INDEX.keys(INDEX.find(wanted))))


def _rarity(filters: Filters, wanted: Query) -> float | None:
    """How many members of the list there are for one that is found; None if few are found."""
    found = INDEX.rarity(wanted, SAMPLE)
    if filters.site_id is None:
        return found
    here = INDEX.rarity(marked(f"_p{filters.site_id}"), SAMPLE)
    return found / here if found and here else found


def _offering(skill_ids: Sequence[int]) -> Iterable[ColumnElement[bool]]:
    """What rows say of who offers a skill, whoever may see it: spares looking at most documents."""
    if skill_ids:
        offered = exists().where(
            MemberSkill.member_id == Member.id,
            MemberSkill.skill_id.in_(skill_ids),
            MemberSkill.wanted == false(),
        )
        yield offered


def _narrows(filters: Filters) -> bool:
    """Whether something is looked for that only documents tell."""
    told = (filters.skill_ids, filters.wanted_ids, filters.sector, filters.speaks)
    return any(told) or filters.mentors


def _within(filters: Filters, reader: Actor) -> Query:
    """The documents that the reader may search and the filters admit."""
    return Both((readable(reader), *_chosen(filters)))


def _chosen(filters: Filters) -> Iterable[Query]:
    if filters.site_id is not None:
        yield marked(f"_p{filters.site_id}")
    if filters.skill_ids:
        yield marked(*(f"_k{skill}" for skill in filters.skill_ids))
    if filters.wanted_ids:
        yield marked(*(f"_w{skill}" for skill in filters.wanted_ids))
    if filters.sector:
        yield marked(sector_mark(filters.sector))
    if filters.speaks.isalpha():
        yield marked(f"_l{filters.speaks}")
    if filters.mentors:
        yield marked(MENTOR)


def newest(limit: int, *, site_id: int | None = None) -> list[Card]:
    """Who came last, to a site or to the network; without firms and skills."""
    query = _NEWEST if site_id is None else _NEWEST_HERE
    rows = db.session.execute(query, {"site_id": site_id, "most": limit})
    return [card(row) for row in rows]


_NEWEST = (
    select(
        Member.id,
        Member.slug,
        Member.name,
        Member.line.label("headline"),
        Member.face.label("face"),
        Member.home_site_id,
        Member.joined_at,
        null().label("back_on"),
    )
    .where(Member.active == true())
    .order_by(Member.joined_at.desc(), Member.id.desc())
    .limit(bindparam("most", type_=Integer))
)
_NEWEST_HERE = _NEWEST.where(Member.home_site_id == bindparam("site_id", type_=BigId))


def joined_between(site_id: int, start: datetime, end: datetime, *, most: int) -> list[int]:
    """Active members of a site who came in a span, the first one first."""
    query = (
        select(Member.id)
        .where(
            Member.home_site_id == site_id,
            Member.active == true(),
            Member.joined_at >= start,
            Member.joined_at < end,
        )
        .order_by(Member.joined_at, Member.id)
        .limit(most)
    )
    return list(db.session.scalars(query))


def still_here(member_ids: Collection[int]) -> frozenset[int]:
    """Those of some members who have not left."""
    query = select(Member.id).where(Member.id.in_(member_ids), Member.active == true())
    return frozenset(db.session.scalars(query))


def wanted_by(member_id: int) -> frozenset[int]:
    """The skills that a member looks for."""
    return frozenset(db.session.scalars(_WANTED, {"member_id": member_id}))


_WANTED = select(MemberSkill.skill_id).where(
    MemberSkill.member_id == bindparam("member_id"), MemberSkill.wanted == true()
)
