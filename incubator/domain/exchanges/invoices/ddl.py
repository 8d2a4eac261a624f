"""The guards of invoices as triggers of SQLite and PostgreSQL; the migration runs the same text."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final

from incubator.domain.exchanges.invoices import guards

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incubator.domain.exchanges.invoices.guards import Guard

_SQLITE: Final = """CREATE TRIGGER {name} BEFORE {event} ON {table}
WHEN {condition}
BEGIN SELECT RAISE(ABORT, '{words}'); END"""
_SQLITE_APPLIED: Final = """CREATE TRIGGER {table}_applied AFTER INSERT ON {table}
BEGIN
  {statement}
END"""
_FUNCTION: Final = """CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
{body}
  RETURN {row};
END $$"""
_REFUSAL: Final = """  IF {condition} THEN
    RAISE EXCEPTION '{words}' USING ERRCODE = 'restrict_violation';
  END IF;"""
_TRIGGER: Final = """CREATE TRIGGER {name} {when} {event} ON {table}
FOR EACH {each} EXECUTE FUNCTION {function}()"""
_NEVER_EMPTIED: Final = "exchanges_invoices_never_emptied"
# SQLite replaces a row without asking the guards of removal: a row of this id is there already.
_REPLACED: Final = "EXISTS (SELECT 1 FROM {table} AS held WHERE held.id = NEW.id)"
_NUMBERED: Final = (
    guards.INVOICE,
    guards.SETOFF,
    guards.LINE,
    guards.CONSENT,
    guards.IDENTITY,
    guards.CREDIT,
)


def statements(dialect: str) -> tuple[str, ...]:
    """The guards, for «sqlite» or «postgresql»; the tables exist."""
    return tuple(_sqlite() if dialect == "sqlite" else _postgresql())


def clean_up() -> tuple[str, ...]:
    """What is left to drop on PostgreSQL once the tables are gone."""
    names = [name for name, _ in _named()]
    names += [f"{table}_applied" for table in guards.FOLLOWS]
    names.append(_NEVER_EMPTIED)
    return tuple(f"DROP FUNCTION {name}()" for name in names)


def _named() -> Iterator[tuple[str, Guard]]:
    numbers = {table: count(1) for table in guards.TABLES}
    for guard in guards.GUARDS:
        yield f"{guard.table}_guard_{next(numbers[guard.table])}", guard


def _sqlite() -> Iterator[str]:
    for name, guard in _named():
        yield _SQLITE.format(
            name=name,
            event=guard.event,
            table=guard.table,
            condition=guard.condition,
            words=guard.words,
        )
    for table in _NUMBERED:
        yield _SQLITE.format(
            name=f"{table}_no_replace",
            event="INSERT",
            table=table,
            condition=_REPLACED.format(table=table),
            words="a row is never replaced",
        )
    for table, statement in guards.FOLLOWS.items():
        yield _SQLITE_APPLIED.format(table=table, statement=statement)


def _postgresql() -> Iterator[str]:
    for name, guard in _named():
        body = _REFUSAL.format(condition=guard.condition, words=guard.words)
        yield _FUNCTION.format(name=name, body=body, row=_row(guard))
        told = {"event": guard.event, "table": guard.table, "each": "ROW"}
        yield _TRIGGER.format(name=name, when="BEFORE", function=name, **told)
    for table, statement in guards.FOLLOWS.items():
        applied = f"{table}_applied"
        yield _FUNCTION.format(name=applied, body=f"  {statement}", row="NULL")
        told = {"event": "INSERT", "table": table, "each": "ROW"}
        yield _TRIGGER.format(name=applied, when="AFTER", function=applied, **told)
    body = _REFUSAL.format(condition=guards.ALWAYS, words="invoices are never emptied")
    yield _FUNCTION.format(name=_NEVER_EMPTIED, body=body, row="NULL")
    for table in guards.TABLES:
        yield _TRIGGER.format(
            name=f"{table}_truncate",
            when="BEFORE",
            event="TRUNCATE",
            table=table,
            each="STATEMENT",
            function=_NEVER_EMPTIED,
        )


def _row(guard: Guard) -> str:
    return "OLD" if guard.event == "DELETE" else "NEW"
