"""What is kept about a person, as plain rows: a feature lists its tables, this reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, false, or_, select

from incubator.kernel.db import Base, db

if TYPE_CHECKING:
    from sqlalchemy.orm import InstrumentedAttribute

Row = dict[str, Any]
PersonalRows = Mapping[str, Iterable[Row]]
AT_ONCE = 500


@dataclass(frozen=True)
class Through:
    """How a row names a person by another row: its column, that row's key, who that row names."""

    column: InstrumentedAttribute[Any]
    key: InstrumentedAttribute[Any]
    person: InstrumentedAttribute[Any]

    def names(self, member_id: int) -> ColumnElement[bool]:
        """The rows that hang on one of this member's."""
        return self.column.in_(select(self.key).where(self.person == member_id))


@dataclass(frozen=True)
class Part:
    """A table and its columns that name the person; ``secret`` columns are left out.

    Rows may also name them ``through`` others; ``only`` leaves out what is not for their eyes.
    """

    model: type[Base]
    columns: tuple[InstrumentedAttribute[Any], ...]
    secret: tuple[str, ...] = ()
    through: Through | None = None
    only: ColumnElement[bool] | None = None

    def rows(self, member_id: int) -> Iterator[Row]:
        """The rows in which a member is named, in their order, read a few at a time."""
        named: ColumnElement[bool] = or_(false(), *(each == member_id for each in self.columns))
        if self.through:
            named = or_(named, self.through.names(member_id))
        if self.only is not None:
            named = and_(named, self.only)
        table = Base.metadata.tables[self.model.__tablename__]
        shown = [column for column in table.columns if column.key not in self.secret]
        keys = table.primary_key.columns
        query = select(*shown).where(named).order_by(*keys).execution_options(yield_per=AT_ONCE)
        for row in db.session.execute(query).mappings():
            yield {key: _plain(value) for key, value in row.items()}


@dataclass(frozen=True)
class PersonalData:
    """The tables of a feature that name people, by the name of their file."""

    parts: Mapping[str, Part]

    def __call__(self, member_id: int) -> PersonalRows:
        """Everything these tables say of a member."""
        return {name: part.rows(member_id) for name, part in self.parts.items()}

    @property
    def columns(self) -> set[str]:
        """The columns that it looks a member up by: «table.column»."""
        return {
            f"{part.model.__tablename__}.{column.property.columns[0].name}"
            for part in self.parts.values()
            for column in part.columns
        }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime | date) else value
