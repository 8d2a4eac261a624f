"""Guards of the ledger as triggers of PostgreSQL: one function for all that an event may break."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from incubator.domain.exchanges.ledger import guards

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from incubator.domain.exchanges.ledger.guards import Effect, Guard

_RAISE = "RAISE EXCEPTION '{words}' USING ERRCODE = 'restrict_violation';"
_FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
{body}
  RETURN {row};
END $$
"""
_TRIGGER = """
CREATE TRIGGER {name} {when} {event} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()
"""
_NEVER_EMPTIED = "exchanges_never_emptied"


def _body(some: Iterable[Guard]) -> str:
    return "\n".join(
        f"  IF {guard.condition} THEN\n    {_RAISE.format(words=guard.words)}\n  END IF;"
        for guard in some
    )


def _guards() -> Iterator[str]:
    def event(guard: Guard) -> tuple[str, str]:
        return guard.table, guard.event

    for number, ((table, what), some) in enumerate(
        groupby(sorted(guards.GUARDS, key=event), key=event), 1
    ):
        name = f"{table}_guard_{number}"
        row = "OLD" if what == "DELETE" else "NEW"
        yield _FUNCTION.format(name=name, body=_body(some), row=row)
        yield _TRIGGER.format(
            name=name, when="BEFORE", event=what, table=table, each="ROW", function=name
        )


def _name(effect: Effect) -> str:
    return f"{effect.table}_after_{effect.event.partition(' ')[0].lower()}"


def _effects() -> Iterator[str]:
    for effect in guards.EFFECTS:
        body = f"  {effect.statement}"
        if effect.when:
            body = f"  IF {effect.when} THEN\n  {body}\n  END IF;"
        yield _FUNCTION.format(name=_name(effect), body=body, row="NULL")
        yield _TRIGGER.format(
            name=_name(effect),
            when="AFTER",
            event=effect.event,
            table=effect.table,
            each="ROW",
            function=_name(effect),
        )


def _never_emptied() -> Iterator[str]:
    body = "  " + _RAISE.format(words="the ledger is never emptied")
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


GUARDS = (*_guards(), *_effects(), *_never_emptied())
_FUNCTIONS = sorted(
    {
        statement.split("FUNCTION ", 1)[1].partition("(")[0]
        for statement in GUARDS
        if "CREATE OR REPLACE FUNCTION" in statement
    }
)
CLEAN_UP = (f"DROP FUNCTION IF EXISTS {', '.join(_FUNCTIONS)}",)
