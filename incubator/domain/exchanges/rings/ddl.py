"""What the database itself refuses of rings: other firms or listings, an end or a no taken back.

A skill may be another row later, and so may a person, when two rows turn out to be one.
"""

from __future__ import annotations

from typing import Final

_FIXED: Final = "ring_id, seq, firm_id, offer_id, need_id"
_RING: Final = "size, input_hash, suggested_at"
_ENDED: Final = "OLD.state IN ('lapsed', 'refused')"
_REFUSED: Final = "OLD.said = 'refused' AND NEW.said <> 'refused'"
_SQLITE: Final = (
    f"""CREATE TRIGGER exchanges_ring_fixed BEFORE UPDATE OF {_RING} ON exchanges_ring
    BEGIN SELECT RAISE(ABORT, 'a ring stays what it was made of'); END""",
    f"""CREATE TRIGGER exchanges_ring_ended BEFORE UPDATE OF state, deal_id ON exchanges_ring
    WHEN {_ENDED} BEGIN SELECT RAISE(ABORT, 'a ring that ended stays ended'); END""",
    """CREATE TRIGGER exchanges_ring_stays BEFORE DELETE ON exchanges_ring
    BEGIN SELECT RAISE(ABORT, 'a ring is never suggested again'); END""",
    f"""CREATE TRIGGER exchanges_ring_member_fixed
    BEFORE UPDATE OF {_FIXED} ON exchanges_ring_member
    BEGIN SELECT RAISE(ABORT, 'a ring stays what it was made of'); END""",
    f"""CREATE TRIGGER exchanges_ring_member_refused BEFORE UPDATE OF said ON exchanges_ring_member
    WHEN {_REFUSED} BEGIN SELECT RAISE(ABORT, 'who refused a ring has refused it'); END""",
    """CREATE TRIGGER exchanges_ring_member_stays BEFORE DELETE ON exchanges_ring_member
    BEGIN SELECT RAISE(ABORT, 'a ring stays what it was made of'); END""",
)
_POSTGRESQL: Final = (
    """CREATE OR REPLACE FUNCTION exchanges_ring_kept() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'a ring stays what it was made of, and ended'; END $$""",
    f"""CREATE TRIGGER exchanges_ring_fixed BEFORE DELETE OR UPDATE OF {_RING} ON exchanges_ring
    FOR EACH ROW EXECUTE FUNCTION exchanges_ring_kept()""",
    f"""CREATE TRIGGER exchanges_ring_ended BEFORE UPDATE OF state, deal_id ON exchanges_ring
    FOR EACH ROW WHEN ({_ENDED}) EXECUTE FUNCTION exchanges_ring_kept()""",
    f"""CREATE TRIGGER exchanges_ring_member_fixed
    BEFORE DELETE OR UPDATE OF {_FIXED} ON exchanges_ring_member
    FOR EACH ROW EXECUTE FUNCTION exchanges_ring_kept()""",
    f"""CREATE TRIGGER exchanges_ring_member_refused BEFORE UPDATE OF said ON exchanges_ring_member
    FOR EACH ROW WHEN ({_REFUSED}) EXECUTE FUNCTION exchanges_ring_kept()""",
)


def statements(dialect: str) -> tuple[str, ...]:
    """The guards, for «sqlite» or «postgresql»; the tables exist."""
    return _SQLITE if dialect == "sqlite" else _POSTGRESQL
