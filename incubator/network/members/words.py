"""How people and firms are addressed."""

from __future__ import annotations

from collections import Counter
from itertools import chain, count
from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.kernel.db import db

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import InstrumentedAttribute


def free_slug(column: InstrumentedAttribute[str], wanted: str) -> str:
    """The wanted part of an address, or the first of «wanted-2», «wanted-3»… that is free."""
    return free_slugs(column, [wanted])[0]


def free_slugs(column: InstrumentedAttribute[str], wanted: Sequence[str]) -> list[str]:
    """A free part of an address for each of ``wanted``, as ``free_slug``; no two are the same."""
    taken = set(db.session.scalars(select(column).where(column.in_(wanted))))
    for slug in sorted(taken | {slug for slug, times in Counter(wanted).items() if times > 1}):
        span = (column >= f"{slug}-", column < f"{slug}.")
        taken.update(db.session.scalars(select(column).where(*span)))
    return [_take(slug, taken) for slug in wanted]


def _take(wanted: str, taken: set[str]) -> str:
    """The first free one, which is free no more."""
    numbered = (f"{wanted}-{number}" for number in count(2))
    found = next(slug for slug in chain([wanted], numbered) if slug not in taken)
    taken.add(found)
    return found
