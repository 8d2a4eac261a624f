"""The guards of rounds as triggers of SQLite and PostgreSQL; the migration runs the same text."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final

from incubator.domain.exchanges.rounds import guards

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incubator.domain.exchanges.rounds.guards import Guard

_SQLITE: Final = """CREATE TRIGGER {name} BEFORE {event} ON {table}
WHEN {condition}
BEGIN SELECT RAISE(ABORT, '{words}'); END"""
_FUNCTION: Final = """CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {condition} THEN
    RAISE EXCEPTION '{words}' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN {row};
END $$"""
_TRIGGER: Final = """CREATE TRIGGER {name} BEFORE {event} ON {table}
FOR EACH {each} EXECUTE FUNCTION {function}()"""
_NEVER_EMPTIED: Final = "exchanges_rounds_never_emptied"
# SQLite replaces a row without asking the guards of removal: a row of this id is there already.
_REPLACED: Final = "EXISTS (SELECT 1 FROM {table} AS held WHERE held.id = NEW.id{also})"
_ALSO: Final = {
    guards.REVISION: " OR (held.round_id = NEW.round_id AND held.no = NEW.no)",
    guards.LINE: " OR (held.round_id = NEW.round_id AND held.revision = NEW.revision "
    "AND held.invoice_id = NEW.invoice_id)",
}


def statements(dialect: str) -> tuple[str, ...]:
    """The guards, for «sqlite» or «postgresql»; the tables exist."""
    return tuple(_sqlite() if dialect == "sqlite" else _postgresql())


def clean_up() -> tuple[str, ...]:
    """What is left to drop on PostgreSQL once the tables are gone."""
    names = [*(name for name, _ in _named()), _NEVER_EMPTIED]
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
    for table in guards.TABLES:
        yield _SQLITE.format(
            name=f"{table}_no_replace",
            event="INSERT",
            table=table,
            condition=_REPLACED.format(table=table, also=_ALSO.get(table, "")),
            words="a row is never replaced",
        )


def _postgresql() -> Iterator[str]:
    for name, guard in _named():
        row = "OLD" if guard.event == "DELETE" else "NEW"
        yield _FUNCTION.format(name=name, condition=guard.condition, words=guard.words, row=row)
        told = {"event": guard.event, "table": guard.table, "each": "ROW"}
        yield _TRIGGER.format(name=name, function=name, **told)
    yield _FUNCTION.format(
        name=_NEVER_EMPTIED, condition=guards.ALWAYS, words="rounds are never emptied", row="NULL"
    )
    for table in guards.TABLES:
        told = {"event": "TRUNCATE", "table": table, "each": "STATEMENT"}
        yield _TRIGGER.format(name=f"{table}_truncate", function=_NEVER_EMPTIED, **told)
