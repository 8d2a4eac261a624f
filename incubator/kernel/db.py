"""The database session, the column types of the house and the only commit site."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, CursorResult, DateTime, Insert, Integer, MetaData
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, ProgrammingError
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry
from sqlalchemy.types import TypeDecorator

from incubator.kernel.events import announce, recording

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from sqlalchemy.engine import Dialect

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


DatabaseDown = DatabaseError


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: aware datetimes in, UTC out, on every database; naive values raise ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values and send UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"naive datetime refused: {value!r}"
            raise ValueError(msg)
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware UTC datetime."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


BigId = BigInteger().with_variant(Integer, "sqlite")
Id = Annotated[int, mapped_column(BigId, primary_key=True)]


class Base(DeclarativeBase):
    """What every row is: named constraints, UTC instants, 64-bit integers."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={datetime: UTCDateTime(), int: BigId},
    )


# One commit per command and no lazy refetch after it: what a view holds stays readable.
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

_INSIDE = "incubator_transaction"


_present: ContextVar[datetime | None] = ContextVar("present", default=None)


def utcnow() -> datetime:
    """The present instant in UTC, for the edge, reactions and jobs; rules get it passed."""
    return _present.get() or datetime.now(UTC)


@contextmanager
def as_of(instant: datetime) -> Generator[None]:
    """Let reactions live at an instant, so that facts told later are written as of their time."""
    token = _present.set(instant)
    try:
        yield
    finally:
        _present.reset(token)


def is_down(error: DatabaseDown) -> bool:
    """Whether the database itself fails (locked, full, gone, corrupt), not one statement."""
    return not isinstance(error, IntegrityError | DataError | ProgrammingError)


def in_transaction() -> bool:
    """Whether the current session is inside ``transaction()``."""
    return bool(db.session().info.get(_INSIDE))


@contextmanager
def transaction() -> Generator[None]:
    """Run commands as one unit: all of it is committed, or none; events are announced after.

    The read that came before is ended first, so that a writer on SQLite takes its lock at
    once and never decides on a stale snapshot. Raise RuntimeError when nested, or when rows
    were changed outside a transaction.
    """
    session = db.session()
    if in_transaction() or session.new or session.dirty or session.deleted:
        msg = "transactions do not nest, and rows change only inside one"
        raise RuntimeError(msg)
    session.commit()
    session.expire_all()
    session.info[_INSIDE] = True
    try:
        with recording() as events:
            options: dict[str, Any] = {"write": True}
            session.connection(execution_options=options)
            yield
            session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(_INSIDE, None)
    announce(events)


def end_read() -> None:
    """Drop a read that failed, so that the next one starts clean; refused in a transaction."""
    if in_transaction():
        msg = "a transaction ends as a whole"
        raise RuntimeError(msg)
    db.session.rollback()


def insert_once(row: type[Base], **values: object) -> bool:
    """Insert unless a unique key already holds the row; whether it was inserted.

    Waits for a rival transaction instead of failing, on both databases.
    """
    session = db.session()
    session.flush()
    columns = row.__mapper__.columns
    named = {columns[attribute].key: value for attribute, value in values.items()}
    statement = _insertion(row, session.get_bind().dialect.name)
    result = cast("CursorResult[Any]", session.execute(statement, named))
    return result.rowcount > 0


def insert_all_once(row: type[Base], rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows that no unique key holds yet; columns by their names."""
    session = db.session()
    session.flush()
    if rows:
        session.execute(_insertion(row, session.get_bind().dialect.name), rows)


@cache
def _insertion(row: type[Base], dialect: str) -> Insert:
    """Built once for each table: building takes longer than running."""
    insert = sqlite_insert if dialect == "sqlite" else postgresql_insert
    statement = insert(Base.metadata.tables[row.__tablename__]).on_conflict_do_nothing()
    # Without this the count of an INSERT is -1 on PostgreSQL: true even when nothing was written.
    return statement.inline().execution_options(preserve_rowcount=True)
