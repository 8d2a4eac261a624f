"""Finding threads: what is looked for, found by index, in pages by key.

Only documents that the reader may read are searched, and lines are read through the same rule
again. Sorts run along an index: the cost of a page does not grow with the network.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Select, bindparam, exists, or_, select

from incubator.domain.help import lists
from incubator.domain.help.follow_models import Bump, Follow
from incubator.domain.help.models import Question
from incubator.domain.help.search_marks import INDEX, OPEN, SHEET, SOLVED, WAITING, readable, within
from incubator.domain.help.search_models import Saved, ThreadDocument
from incubator.domain.help.search_terms import ME
from incubator.kernel.db import BigId, db
from incubator.kernel.fulltext import Either, Query, Token, Without, key_of, marked
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.kernel.text import slugify
from incubator.network.members.models import Member
from incubator.network.members.reader import READER_ID, values_of
from incubator.network.members.search import (
    Asked,
    asked_for,
    corrected,
    nearest_first,
    written_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from incubator.network.members.actor import Actor

# Threads that were made a practice sheet of: a page of its own, not a view among the threads.
SHEETS: Final = "sheets"
VIEWS: Final = (*lists.VIEWS, "followed", "saved")
ACTIVITY, RELEVANCE, NEWEST, OLDEST, USEFUL = SORTS = (
    "activity",
    "relevance",
    "newest",
    "oldest",
    "useful",
)
PAGE_SIZE: Final = lists.PAGE_SIZE
# Fewer finds than this are fetched and sorted; of more, the list is walked in its own order.
FEW: Final = 1000
AUTHORS_MOST: Final = 20
_STATES: Final = {
    "open": OPEN,
    "for_me": OPEN,
    "unanswered": WAITING,
    "solved": SOLVED,
    SHEETS: SHEET,
}


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What is looked for; what is empty does not choose.

    ``skill_ids`` are alternatives. ``author`` is the beginning of a name, or «me». ``exact``
    takes the words as they are typed; ``sort`` is one of SORTS, or empty for the usual one.
    """

    view: str = "open"
    text: str = ""
    exact: bool = False
    skill_ids: tuple[int, ...] = ()
    site_id: int | None = None
    author: str = ""
    sort: str = ""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A page of threads, how they are sorted, the words to point out and those read as others."""

    page: Page[lists.Thread]
    sort: str
    words: tuple[str, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()


def usual_sort(filters: Filters) -> str:
    """How a list is sorted: as asked, else by relevance if words are looked for."""
    worded = bool(filters.text.strip())
    if filters.sort in SORTS and (filters.sort != RELEVANCE or worded):
        return filters.sort
    return RELEVANCE if worded else ACTIVITY


def find(actor: Actor, filters: Filters, cursor: Cursor) -> Found:
    """The threads that match every filter; a word that finds nothing is read as its neighbour."""
    plain = _plainly(filters)
    if plain is not None:
        return Found(page=lists.page_for(actor, plain, cursor), sort=ACTIVITY)
    search = _Search(actor, filters, asked_for(filters.text), _within(actor, filters))
    page = _page(search, cursor)
    first = cursor.after is None and cursor.before is None
    if search.asked.units and first and not page.rows and not filters.exact:
        better = corrected(search.asked, search.within, index=INDEX)
        if better:
            search = replace(search, asked=better)
            page = _page(search, cursor)
    return Found(
        page=Page(lists.threads_of(actor, page.rows), page.next, page.previous),
        sort=usual_sort(filters),
        words=written_words(search.asked),
        corrected=search.asked.corrected,
    )


def _plainly(filters: Filters) -> lists.Filters | None:
    """The same as a list that needs no search, if it is one."""
    searched = bool(filters.text.strip() or filters.author) or filters.view not in lists.VIEWS
    skill_ids = filters.skill_ids or (None,)
    if searched or len(skill_ids) > 1 or usual_sort(filters) != ACTIVITY:
        return None
    return lists.Filters(view=filters.view, skill_id=skill_ids[0], site_id=filters.site_id)


@dataclass(frozen=True)
class _Search:
    """A search being made: who asks for what, within which documents."""

    actor: Actor
    filters: Filters
    asked: Asked
    within: Query

    @property
    def query(self) -> Query:
        """What documents must answer."""
        return within(self.within, self.asked.anywhere) if self.asked.units else self.within

    @property
    def among(self) -> Select[int] | None:
        """The questions that the reader follows or keeps, if it is only they."""
        if self.filters.view == "saved":
            return select(Saved.question_id).where(Saved.member_id == self.actor.id)
        if self.filters.view == "followed":
            return select(Follow.question_id).where(
                Follow.member_id == self.actor.id, Follow.active
            )
        return None


def _within(actor: Actor, filters: Filters) -> Query:
    return within(readable(actor), *_chosen(actor, filters))


def _chosen(actor: Actor, filters: Filters) -> Iterable[Query]:
    mine = Either((Token(f"_r{actor.id}"), Token(f"_m{actor.id}")))
    state = _STATES.get(filters.view)
    if state:
        yield Token(state)
    if filters.view == "mine":
        yield mine
    if filters.view == "for_me":
        offered = lists.offered_by(actor.id)
        yield Without(marked(*(f"_k{skill}" for skill in offered)), mine)
    if filters.skill_ids:
        yield marked(*(f"_k{skill}" for skill in filters.skill_ids))
    if filters.site_id is not None:
        yield Token(f"_p{filters.site_id}")
    if slugify(filters.author) in ME:
        yield mine
    elif filters.author:
        yield Either(tuple(Token(f"_a{each}") for each in authors_named(filters.author)))


def authors_named(name: str) -> list[int]:
    """The members of this address, or whose first or family name begins so."""
    start = slugify(name)
    family = start.replace("-", " ")
    query = (
        select(Member.id)
        .where(
            or_(
                (Member.slug >= start) & (Member.slug < start + "{"),
                (Member.sort_name >= family) & (Member.sort_name < family + "{"),
            )
        )
        .order_by(Member.slug != start, Member.id)
        .limit(AUTHORS_MOST)
    )
    return list(db.session.scalars(query))


def _page(search: _Search, cursor: Cursor) -> Page[int]:
    """The ids of the questions of a page."""
    sort, among = usual_sort(search.filters), search.among
    if sort == RELEVANCE and search.asked.units:
        found = nearest_first(
            search.asked, search.within, cursor, among=_documents(among), index=INDEX
        )
        return Page([key_of(number) for number in found.rows], found.next, found.previous)
    if sort in {NEWEST, OLDEST}:
        return _by_age(search, cursor, oldest=sort == OLDEST)
    return _walk(search, cursor, useful=sort == USEFUL)


def _documents(questions: Select[int] | None) -> Select[int] | None:
    if questions is None:
        return None
    return select(ThreadDocument.id).where(ThreadDocument.question_id.in_(questions))


def _by_age(search: _Search, cursor: Cursor, *, oldest: bool) -> Page[int]:
    """Along the numbers of documents, which follow the age of questions."""
    among = _documents(search.among)
    if among is None:
        found = INDEX.find(search.query).subquery().c[0]
    else:
        ids = INDEX.documents.c.id
        few = select(ids).where(ids.in_(among), INDEX.holds(search.query))
        found = few.subquery().c[0]
    page = keyset_page(select(found), (found,), cursor, newest_first=oldest)
    return Page([key_of(number) for number in page.rows], page.next, page.previous)


def _walk(search: _Search, cursor: Cursor, *, useful: bool) -> Page[int]:
    """In an order of its own: those found if few, else all, each probed until the page is full."""
    by: tuple[Any, ...] = (Question.last_activity_at, Question.id)
    query = select(Question.id)
    if useful:
        by = (ThreadDocument.useful, ThreadDocument.question_id)
        query = select(ThreadDocument.question_id)
    key = by[1]
    if search.among is not None:
        query = query.where(key.in_(search.among))
    if INDEX.at_most(search.query, FEW) <= FEW:
        query = query.where(key.in_(INDEX.keys(INDEX.find(search.query))))
    elif useful:
        query = query.where(INDEX.holds(search.query))
    else:
        found = exists().where(ThreadDocument.question_id == Question.id)
        query = query.where(found.where(INDEX.holds(search.query)))
    return keyset_page(query, by, cursor, newest_first=True)


def unread_of(actor: Actor, question_ids: Sequence[int]) -> frozenset[int]:
    """Which of some threads have news that the reader has not seen."""
    if not question_ids:
        return frozenset()
    values = values_of(actor) | {"ids": list(question_ids)}
    return frozenset(db.session.scalars(_UNREAD, values))


_UNREAD = select(Bump.question_id).where(
    Bump.member_id == READER_ID,
    Bump.read_at.is_(None),
    Bump.question_id.in_(bindparam("ids", type_=BigId, expanding=True)),
)
