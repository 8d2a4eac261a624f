"""The list of firms: filters by index, pages by key, a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Select, and_, false, select
from sqlalchemy.orm import joinedload, selectinload

from incubator.kernel.db import db
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.kernel.text import words
from incubator.network.members.firm_models import Firm, FirmSkill
from incubator.network.members.firm_words import with_word

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE_SIZE = 24
MOST_WORDS = 6
# Fewer finds than this are fetched and sorted; of more, the list is walked in its own order
# until the page is full. Either way the cost does not grow with the network.
FEW = 300


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What is looked for: folded word beginnings, a sector, a site, any of these skills offered."""

    words: tuple[str, ...] = ()
    sector: str = ""
    site_id: int | None = None
    skill_ids: tuple[int, ...] = ()


def search_words(text: str) -> tuple[str, ...]:
    """The words of a search, each once; the first six count."""
    return tuple(dict.fromkeys(word[:60] for word in words(text)))[:MOST_WORDS]


def firms_page(filters: Filters, cursor: Cursor) -> Page[Firm]:
    """One page of the firms that match every filter, by name, each with its site and skills."""
    query = select(Firm).options(joinedload(Firm.site), selectinload(Firm.skills))
    if filters.site_id is not None:
        query = query.where(Firm.site_id == filters.site_id)
    if filters.sector:
        query = query.where(Firm.sector == filters.sector)
    for ids in _narrowings(filters):
        found = db.session.scalars(ids.limit(FEW + 1)).all()
        if not found:
            return Page(rows=[])
        if len(found) > FEW:
            query = query.where(Firm.id.in_(ids))
        else:
            query = query.where(Firm.id.in_(set(found)))
    return keyset_page(query, (Firm.sort_name, Firm.id), cursor)


def _narrowings(filters: Filters) -> Iterator[Select[int]]:
    """The ids that each filter beside the list leaves."""
    for word in filters.words:
        yield with_word(word)
    if filters.skill_ids:
        offered = and_(FirmSkill.skill_id.in_(filters.skill_ids), FirmSkill.wanted == false())
        yield select(FirmSkill.firm_id).where(offered)
