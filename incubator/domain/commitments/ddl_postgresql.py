"""Guards of the hours on PostgreSQL: what a trigger refuses, and the sums that one keeps."""

from __future__ import annotations

from incubator.domain.commitments.ddl_sqlite import (
    GROUP_COLUMNS,
    PERIOD_COLUMNS,
    REVISION_COLUMNS,
)

# A range of one number needs no extension, where «member_id WITH =» would need btree_gist.
_OVERLAP = """
ALTER TABLE commitments_pledge ADD CONSTRAINT ex_commitments_pledge_{holder} EXCLUDE USING gist
(int8range({holder}_id, {holder}_id, '[]') WITH &&, daterange(valid_from, valid_to) WITH &&)
WHERE ({holder}_id IS NOT NULL)
"""
_REFUSED = """
CREATE TRIGGER {table}_{what} BEFORE {event} ON {table}
FOR EACH {each} {when}EXECUTE FUNCTION {function}()
"""


def _refused(
    table: str, what: str, event: str, *, when: str = "", function: str = "commitments_row_is_kept"
) -> str:
    """A trigger that refuses ``event``; of a TRUNCATE it sees the statement, else each row."""
    return _REFUSED.format(
        table=table,
        what=what,
        event=event,
        each="STATEMENT" if event == "TRUNCATE" else "ROW",
        when=f"WHEN ({when}) " if when else "",
        function=function,
    )


def _kept(table: str, columns: str = "") -> tuple[str, ...]:
    changed = f"UPDATE OF {columns}" if columns else "UPDATE"
    return (
        _refused(table, "change", f"{changed} OR DELETE"),
        _refused(table, "truncate", "TRUNCATE"),
    )


_IN_USE = "commitments_rule_is_kept"
# What no statement may leave behind; that periods share no day is a constraint, which two at once
# wait for.
PERIODS_MEET = (
    """
ALTER TABLE commitments_period ADD CONSTRAINT ex_commitments_period_days
EXCLUDE USING gist (daterange(starts_on, ends_on) WITH &&)
""",
    """
CREATE OR REPLACE FUNCTION commitments_periods_meet() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (
      SELECT ends_on, lead(starts_on) OVER (ORDER BY starts_on) AS following
      FROM commitments_period) AS one WHERE ends_on < following) THEN
    RAISE EXCEPTION 'periods meet: no gap, no overlap' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$
""",
    """
CREATE TRIGGER commitments_period_meets
AFTER INSERT OR UPDATE OF starts_on, ends_on OR DELETE ON commitments_period
FOR EACH STATEMENT EXECUTE FUNCTION commitments_periods_meet()
""",
)

GUARDS = (
    _OVERLAP.format(holder="member"),
    _OVERLAP.format(holder="firm"),
    """
CREATE OR REPLACE FUNCTION commitments_ledger_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger lines are never changed or removed'
  USING ERRCODE = 'restrict_violation';
END $$
""",
    _refused(
        "commitments_ledger", "change", "UPDATE OR DELETE", function="commitments_ledger_is_kept"
    ),
    _refused("commitments_ledger", "truncate", "TRUNCATE", function="commitments_ledger_is_kept"),
    """
CREATE OR REPLACE FUNCTION commitments_row_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'restrict_violation',
  MESSAGE = 'rows of ' || TG_TABLE_NAME || ' are kept as they are';
END $$
""",
    """
CREATE OR REPLACE FUNCTION commitments_rule_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM commitments_period WHERE rule_id = OLD.id AND state = 'closed') THEN
    RAISE EXCEPTION 'a closed period was reckoned by this rule'
    USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$
""",
    """
CREATE OR REPLACE FUNCTION commitments_reversal_is_grouped() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM commitments_ledger AS line
             JOIN commitments_group AS held ON held.id = line.group_id
             WHERE line.id = NEW.reverses_id AND held.balance IS NOT NULL) THEN
    RAISE EXCEPTION 'a line of a balanced group is reversed in a group'
    USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
""",
    """
CREATE OR REPLACE FUNCTION commitments_ledger_sums() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE commitments_group AS held SET balance = held.balance + fresh.minutes
  FROM (SELECT group_id, sum(minutes)::bigint AS minutes FROM written
        WHERE group_id IS NOT NULL GROUP BY group_id) AS fresh
  WHERE held.id = fresh.group_id AND held.balance IS NOT NULL;
  UPDATE commitments_pool SET balance = balance + fresh.minutes
  FROM (SELECT sum(minutes)::bigint AS minutes FROM written
        WHERE member_id IS NULL AND firm_id IS NULL) AS fresh
  WHERE fresh.minutes IS NOT NULL;
  RETURN NULL;
END $$
""",
    *_kept("commitments_session_rev", REVISION_COLUMNS),
    *_kept("commitments_obligation"),
    *_kept("commitments_group", GROUP_COLUMNS),
    _refused("commitments_punch", "change", "UPDATE"),
    _refused(
        "commitments_punch",
        "delete",
        "DELETE",
        when="OLD.received_at > now() - interval '90 days'",
    ),
    _refused("commitments_punch", "truncate", "TRUNCATE"),
    _refused("commitments_rule", "change", "UPDATE OR DELETE", function=_IN_USE),
    _refused(
        "commitments_period",
        "change",
        f"UPDATE OF {PERIOD_COLUMNS} OR DELETE",
        when="OLD.state = 'closed'",
    ),
    *PERIODS_MEET,
    *_kept("commitments_kind_before"),
    *_kept("commitments_pledge_rev"),
    """
CREATE TRIGGER commitments_ledger_reversal BEFORE INSERT ON commitments_ledger
FOR EACH ROW WHEN (NEW.kind = 'REVERSAL' AND NEW.group_id IS NULL)
EXECUTE FUNCTION commitments_reversal_is_grouped()
""",
    """
CREATE TRIGGER commitments_ledger_sum AFTER INSERT ON commitments_ledger
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION commitments_ledger_sums()
""",
)

CLEAN_UP = (
    "DROP FUNCTION IF EXISTS commitments_ledger_is_kept, commitments_row_is_kept",
    "DROP FUNCTION IF EXISTS commitments_rule_is_kept, commitments_reversal_is_grouped",
    "DROP FUNCTION IF EXISTS commitments_ledger_sums, commitments_periods_meet",
)
