"""How people and firms are addressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.kernel.db import db

if TYPE_CHECKING:
    from sqlalchemy.orm import InstrumentedAttribute


def free_slug(column: InstrumentedAttribute[str], wanted: str) -> str:
    """The wanted part of an address, or the first of «wanted-2», «wanted-3»… that is free."""
    if not db.session.scalar(select(column).where(column == wanted)):
        return wanted
    span = (column >= f"{wanted}-", column < f"{wanted}.")
    taken = set(db.session.scalars(select(column).where(*span)))
    return next(s for n in range(2, len(taken) + 3) if (s := f"{wanted}-{n}") not in taken)
