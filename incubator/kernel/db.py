"""The database session, the column types of the house and the only commit site."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, CursorResult, DateTime, Insert, Integer, MetaData, insert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry
from sqlalchemy.types import TypeDecorator

from incubator.kernel.events import announce, recording

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Hashable, Sequence

    from sqlalchemy import Select
    from sqlalchemy.engine import Dialect, Result
    from sqlalchemy.sql.dml import ReturningInsert

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


T = TypeVar("T")
DatabaseDown = DatabaseError
NoConnection = PoolTimeout


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


@dataclass
class _Inside:
    """What a transaction keeps until its end."""

    late: dict[type[Base], list[dict[str, object]]] = field(default_factory=dict)
    known: dict[Hashable, Any] = field(default_factory=dict)
    after: set[Callable[[], None]] = field(default_factory=set)


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
    return _INSIDE in db.session().info


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
    inside = session.info[_INSIDE] = _Inside()
    try:
        with recording() as events:
            options: dict[str, Any] = {"write": True}
            session.connection(execution_options=options)
            yield
            session.flush()
            for row, values in inside.late.items():
                session.execute(insert(Base.metadata.tables[row.__tablename__]), values)
            session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(_INSIDE, None)
    announce(events)
    for act in inside.after:
        act()


def after_commit(act: Callable[[], None]) -> None:
    """Call ``act``, which never fails, once the transaction is committed; at once outside one."""
    inside: _Inside | None = db.session().info.get(_INSIDE)
    if inside is None:
        act()
    else:
        inside.after.add(act)


def end_read() -> None:
    """Drop a read that failed, so that the next one starts clean; refused in a transaction."""
    if in_transaction():
        msg = "a transaction ends as a whole"
        raise RuntimeError(msg)
    db.session.rollback()


def rows(statement: Select[*tuple[Any, ...]], asked: dict[str, Any]) -> Result[*tuple[Any, ...]]:
    """What a statement about columns finds, past the ORM: half the cost of the session's own way.

    It sees what the transaction changed, as every statement of the session does.
    """
    session = db.session()
    session.flush()
    return session.connection().execute(statement, asked)


def insert_late(row: type[Base], **values: object) -> None:
    """Insert just before the commit, in one statement with the others of its table.

    For rows that the transaction itself does not read, named by their columns. Raise
    RuntimeError outside a transaction.
    """
    if not in_transaction():
        msg = f"{row.__name__} written outside a transaction"
        raise RuntimeError(msg)
    inside: _Inside = db.session().info[_INSIDE]
    inside.late.setdefault(row, []).append(values)


def read_once(key: Hashable, read: Callable[[], T]) -> T:
    """What ``read`` finds: asked once in a transaction, every time outside one.

    For what many commands of a transaction ask and none changes; None is not remembered.
    """
    inside: _Inside | None = db.session().info.get(_INSIDE)
    if inside is None:
        return read()
    if inside.known.get(key) is None:
        inside.known[key] = read()
    found: T = inside.known[key]
    return found


def insert_once(row: type[Base], **values: object) -> bool:
    """Insert unless a unique key already holds the row; whether it was inserted.

    Waits for a rival transaction instead of failing, on both databases.
    """
    result = cast("CursorResult[Any]", insert_each_once(row, [values]))
    return result.rowcount > 0


def insert_each_once(row: type[Base], many: Sequence[dict[str, Any]]) -> Result[Any]:
    """Insert those of ``many`` that no unique key holds, as ``insert_once`` does one."""
    session = db.session()
    session.flush()
    columns = row.__mapper__.columns
    named = [{columns[name].key: value for name, value in values.items()} for values in many]
    statement = _insertion(row, session.get_bind().dialect.name)
    return session.execute(statement, named)


def insert_once_id(row: type[Base], **values: object) -> int | None:
    """Insert as ``insert_once`` does; the new row's id, None when a unique key held it."""
    session = db.session()
    session.flush()
    columns = row.__mapper__.columns
    named = {columns[name].key: value for name, value in values.items()}
    return session.scalar(_numbered(row, session.get_bind().dialect.name), named)


@cache
def _numbered(row: type[Base], dialect: str) -> ReturningInsert[int]:
    return _insertion(row, dialect).returning(Base.metadata.tables[row.__tablename__].c.id)


@cache
def _insertion(row: type[Base], dialect: str) -> Insert:
    """Built once for each table: building takes longer than running."""
    insert = sqlite_insert if dialect == "sqlite" else postgresql_insert
    statement = insert(Base.metadata.tables[row.__tablename__]).on_conflict_do_nothing()
    # Without this the count of an INSERT is -1 on PostgreSQL: true even when nothing was written.
    return statement.inline().execution_options(preserve_rowcount=True)
