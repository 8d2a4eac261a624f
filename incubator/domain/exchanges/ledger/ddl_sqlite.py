"""Guards of the ledger as triggers of SQLite."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from incubator.domain.exchanges.ledger import guards
from incubator.domain.exchanges.ledger.guards import Guard

if TYPE_CHECKING:
    from collections.abc import Iterator

# A column of whole numbers takes others too, and REPLACE removes rows past every trigger.
_OWN = (
    Guard(
        guards.ENTRY,
        "INSERT",
        "typeof(NEW.amount) <> 'integer'",
        "amounts are whole cents",
    ),
    Guard(
        guards.RESERVATION,
        "INSERT",
        "typeof(NEW.cents) <> 'integer'",
        "amounts are whole cents",
    ),
    Guard(
        guards.RESERVATION,
        "UPDATE OF cents",
        "typeof(NEW.cents) <> 'integer'",
        "amounts are whole cents",
    ),
    *(
        Guard(
            table,
            "INSERT",
            f"EXISTS (SELECT 1 FROM {table} AS held WHERE held.id = NEW.id{also})",  # noqa: S608 - names of ours
            "a row is never replaced",
        )
        for table, also in (
            (
                guards.ENTRY,
                " OR (held.txn_id = NEW.txn_id AND held.account_id = NEW.account_id)",
            ),
            (guards.TXN, " OR held.idem = NEW.idem OR held.reverses_id = NEW.reverses_id"),
            (guards.ACCOUNT, " OR held.firm_id = NEW.firm_id"),
            (guards.RESERVATION, " OR held.key = NEW.key"),
            (guards.LIMIT_CHANGE, ""),
            (guards.SWITCH, ""),
            (guards.HEAD, ""),
        )
    ),
    Guard(
        guards.ACCOUNT,
        "INSERT",
        "NEW.kind = 'fund' "
        "AND EXISTS (SELECT 1 FROM exchanges_account AS held WHERE held.kind = 'fund')",
        "there is one fund",
    ),
    Guard(
        guards.TXN,
        "UPDATE OF sealed, link, prev_hash, hash",
        "EXISTS (SELECT 1 FROM exchanges_txn AS held WHERE held.hash = NEW.hash)",
        "a row is never replaced",
    ),
)


def _triggers() -> Iterator[str]:
    numbers = {table: count(1) for table in guards.TABLES}
    for guard in (*guards.GUARDS, *_OWN):
        yield (
            f"\nCREATE TRIGGER {guard.table}_guard_{next(numbers[guard.table])} "
            f"BEFORE {guard.event} ON {guard.table}\nWHEN {guard.condition}\n"
            f"BEGIN SELECT RAISE(ABORT, '{guard.words}'); END\n"
        )
    for effect in guards.EFFECTS:
        when = f"\nWHEN {effect.when}" if effect.when else ""
        name = effect.event.partition(" ")[0].lower()
        yield (
            f"\nCREATE TRIGGER {effect.table}_after_{name} AFTER {effect.event} "
            f"ON {effect.table}{when}\nBEGIN\n  {effect.statement}\nEND\n"
        )


GUARDS = tuple(_triggers())
