"""What the database itself guarantees of the barter ledger, and the rows it is born with.

Run after the tables are made, by the metadata of the tests and by the migration alike.
"""

from __future__ import annotations

from incubator.domain.exchanges.ledger import ddl_postgresql, ddl_sqlite

FIRST_ROWS = (
    "INSERT INTO exchanges_sealed (value) VALUES (1)",
    # Sixty-four noughts are where the chain begins: «rules.GENESIS».
    (
        "INSERT INTO exchanges_head (id, length, hash, switched_on) VALUES (1, 0, "
        "'0000000000000000000000000000000000000000000000000000000000000000', false)"
    ),
)


def statements(dialect: str) -> tuple[str, ...]:
    """Everything to run once the tables exist, on «sqlite» or «postgresql»."""
    guards = ddl_sqlite.GUARDS if dialect == "sqlite" else ddl_postgresql.GUARDS
    return (*guards, *FIRST_ROWS)


def clean_up(dialect: str) -> tuple[str, ...]:
    """Everything to run once the tables are gone."""
    return () if dialect == "sqlite" else ddl_postgresql.CLEAN_UP
