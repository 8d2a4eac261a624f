"""What the database itself refuses: a timeline or a signature that is changed or removed.

Who acted may be another row later, when two rows turn out to be one person.
"""

from __future__ import annotations

from typing import Final

GROWING: Final = {
    "exchanges_deal_event": "deal_id, verb, firm_id, leg_id, data, at",
    "exchanges_deal_signature": "deal_id, firm_id, terms_hash, at",
}
_SQLITE: Final = (
    """CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {columns} ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} only grows'); END""",
    """CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} only grows'); END""",
)
_POSTGRESQL: Final = (
    """CREATE OR REPLACE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION '{table} only grows'; END $$""",
    """CREATE TRIGGER {table}_no_change BEFORE DELETE OR UPDATE OF {columns} ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_only_grows()""",
    """CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_only_grows()""",
)


def statements(dialect: str) -> tuple[str, ...]:
    """The guards, for «sqlite» or «postgresql»; the tables exist."""
    forms = _SQLITE if dialect == "sqlite" else _POSTGRESQL
    return tuple(
        form.format(table=table, columns=columns)
        for table, columns in GROWING.items()
        for form in forms
    )
