"""The audit log: rows that the database itself refuses to change or delete."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Index, String, event
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel.db import Base, Id

if TYPE_CHECKING:
    from sqlalchemy import Connection

# Run by the first migration too: a table without its guards is no log.
GUARDS = {
    "sqlite": (
        """CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'audit_entry only grows'); END""",
        """CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'audit_entry only grows'); END""",
    ),
    "postgresql": (
        """CREATE OR REPLACE FUNCTION audit_entry_only_grows() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION 'audit_entry only grows'; END $$""",
        """CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_entry
        FOR EACH ROW EXECUTE FUNCTION audit_entry_only_grows()""",
        """CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_only_grows()""",
    ),
}


class AuditEntry(Base):
    """One event: who (None: the machine), what, to whom, at which site, with its plain details.

    No foreign keys: what is logged outlives what it speaks of.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_at", "at", "id"),
        Index("ix_audit_entry_action", "action", "at", "id"),
        Index("ix_audit_entry_actor", "actor_id", "at", "id"),
        Index("ix_audit_entry_member", "member_id", "at", "id"),
        Index("ix_audit_entry_site", "site_id", "at", "id"),
    )

    id: Mapped[Id]
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(60))
    actor_id: Mapped[int | None]
    member_id: Mapped[int | None]
    site_id: Mapped[int | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


def _guard(table: object, connection: Connection, **_rest: object) -> None:
    del table
    for guard in GUARDS[connection.dialect.name]:
        connection.exec_driver_sql(guard)


event.listen(AuditEntry.__table__, "after_create", _guard)
