"""The list of active members: filters by index, pages by key, a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, exists, select, true
from sqlalchemy.orm import Bundle

from incubator.kernel.db import db
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.kernel.text import words
from incubator.network.members.firm_models import Firm, FirmRole
from incubator.network.members.models import Member, MemberSkill, MemberWord

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

PAGE_SIZE = 24
MOST_WORDS = 6
# Fewer finds than this are fetched and sorted; of more, the list is walked in its own order
# until the page is full. Either way the cost does not grow with the network.
FEW = 300


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What is looked for: folded word beginnings, any of these skills, a site."""

    words: tuple[str, ...] = ()
    skill_ids: tuple[int, ...] = ()
    site_id: int | None = None
    newest_first: bool = False


@dataclass(frozen=True, kw_only=True)
class Card:
    """A member as the list shows them; skills are ids, best first."""

    id: int
    slug: str
    name: str
    headline: str
    site_id: int | None
    joined_at: datetime
    firms: list[str] = field(default_factory=list)
    offered: list[int] = field(default_factory=list)
    wanted: list[int] = field(default_factory=list)

    @property
    def shown(self) -> tuple[object, ...]:
        """Everything the card says, for whoever keeps a drawing of it."""
        person = (self.id, self.slug, self.name, self.headline, self.site_id, self.joined_at)
        return (*person, tuple(self.firms), tuple(self.offered), tuple(self.wanted))


@dataclass(frozen=True)
class _Narrowing:
    """One filter, in the two ways it may be applied."""

    ids: Select[int]
    condition: ColumnElement[bool]


def search_words(text: str) -> tuple[str, ...]:
    """The words of a search, each once; the first six count."""
    return tuple(dict.fromkeys(word[:60] for word in words(text)))[:MOST_WORDS]


def members_page(filters: Filters, cursor: Cursor, today: date) -> Page[Card]:
    """One page of the active members that match every filter, by name or newest first."""
    columns: Bundle[Any] = Bundle(
        "card",
        Member.id,
        Member.slug,
        Member.name,
        Member.headline,
        Member.home_site_id,
        Member.joined_at,
    )
    query = select(columns).where(Member.active == true())
    if filters.site_id is not None:
        query = query.where(Member.home_site_id == filters.site_id)
    few, conditions = _narrow(_narrowings(filters))
    if few is not None:
        if not few:
            return Page(rows=[])
        query = query.where(Member.id.in_(few))
    query = query.where(*conditions)
    by = (Member.joined_at if filters.newest_first else Member.sort_name, Member.id)
    page = keyset_page(query, by, cursor, newest_first=filters.newest_first)
    return Page(rows=_cards(page.rows, today), next=page.next, previous=page.previous)


def newest(limit: int, *, site_id: int | None = None) -> list[Card]:
    """Who came last, to a site or to the network; without firms and skills."""
    query = select(
        Member.id,
        Member.slug,
        Member.name,
        Member.headline,
        Member.home_site_id,
        Member.joined_at,
    ).where(Member.active == true())
    if site_id is not None:
        query = query.where(Member.home_site_id == site_id)
    rows = db.session.execute(
        query.order_by(Member.joined_at.desc(), Member.id.desc()).limit(limit)
    )
    return [_card(row) for row in rows]


def wanted_by(member_id: int) -> frozenset[int]:
    """The skills that a member looks for."""
    query = select(MemberSkill.skill_id).where(
        MemberSkill.member_id == member_id, MemberSkill.wanted == true()
    )
    return frozenset(db.session.scalars(query))


def _narrowings(filters: Filters) -> Iterable[_Narrowing]:
    for number, word in enumerate(filters.words):
        # Words hold letters and digits only; «{» comes right after «z».
        span = and_(MemberWord.word >= word, MemberWord.word < word + "{")
        ids = select(MemberWord.member_id).where(span)
        # First names follow the order of the list, so that walking it could miss them for long:
        # the finds are fetched first, which planners would not choose.
        named = ids.distinct().cte(f"named{number}").prefix_with("MATERIALIZED")
        yield _Narrowing(ids, Member.id.in_(select(named.c.member_id)))
    if filters.skill_ids:
        offered = and_(MemberSkill.skill_id.in_(filters.skill_ids), MemberSkill.wanted != true())
        here = exists().where(MemberSkill.member_id == Member.id, offered)
        yield _Narrowing(select(MemberSkill.member_id).where(offered), here)


def _narrow(
    narrowings: Iterable[_Narrowing],
) -> tuple[set[int] | None, list[ColumnElement[bool]]]:
    """The few members that can match, if a filter leaves few, and what remains to be checked."""
    few: set[int] | None = None
    conditions = []
    for each in narrowings:
        found = db.session.scalars(each.ids.limit(FEW + 1)).all()
        if len(found) > FEW:
            conditions.append(each.condition)
        else:
            few = set(found) if few is None else few & set(found)
    return few, conditions


def _card(row: Any) -> Card:
    return Card(
        id=row.id,
        slug=row.slug,
        name=row.name,
        headline=row.headline,
        site_id=row.home_site_id,
        joined_at=row.joined_at,
    )


def _cards(rows: Sequence[Any], today: date) -> list[Card]:
    cards = {row.id: _card(row) for row in rows}
    if not cards:
        return []
    skills = (
        select(MemberSkill.member_id, MemberSkill.skill_id, MemberSkill.wanted)
        .where(MemberSkill.member_id.in_(cards))
        .order_by(MemberSkill.member_id, MemberSkill.position, MemberSkill.skill_id)
    )
    for member_id, skill_id, wanted in db.session.execute(skills):
        card = cards[member_id]
        (card.wanted if wanted else card.offered).append(skill_id)
    firms = (
        select(FirmRole.member_id, Firm.name)
        .join(FirmRole.firm)
        .where(FirmRole.member_id.in_(cards), lasting(today))
        .order_by(FirmRole.since_on, FirmRole.id)
    )
    for member_id, name in db.session.execute(firms):
        cards[member_id].firms.append(name)
    return list(cards.values())


def lasting(today: date) -> ColumnElement[bool]:
    """The roles that have not ended."""
    return (FirmRole.until_on.is_(None)) | (FirmRole.until_on > today)
