"""Guards of the hours on SQLite: what a trigger refuses, and the sums that one keeps."""

from __future__ import annotations

_OVERLAP = """
CREATE TRIGGER commitments_pledge_{when} BEFORE {event} ON commitments_pledge
WHEN EXISTS (
  SELECT 1 FROM commitments_pledge AS other
  WHERE (other.member_id = NEW.member_id OR other.firm_id = NEW.firm_id)
    AND other.valid_from < coalesce(other.valid_to, '9999-12-31')
    AND NEW.valid_from < coalesce(NEW.valid_to, '9999-12-31')
    AND other.valid_from < coalesce(NEW.valid_to, '9999-12-31')
    AND NEW.valid_from < coalesce(other.valid_to, '9999-12-31'){apart})
BEGIN SELECT RAISE(ABORT, 'pledges of one holder overlap'); END
"""
_REFUSED = """
CREATE TRIGGER {table}_{what} BEFORE {event} ON {table}{when}
BEGIN SELECT RAISE(ABORT, '{words}'); END
"""


def _refused(table: str, what: str, words: str, *, columns: str = "", when: str = "") -> str:
    """A trigger that refuses to «update» (only some columns, if told) or «delete»."""
    return _REFUSED.format(
        table=table,
        what=what,
        event=what.upper() + (f" OF {columns}" if columns else ""),
        when=f"\nWHEN {when}" if when else "",
        words=words,
    )


def _kept(table: str, words: str, columns: str = "") -> tuple[str, str]:
    return (
        _refused(table, "update", f"{words} are never changed", columns=columns),
        _refused(table, "delete", f"{words} are never removed"),
    )


_PERIODS_MEET = """
CREATE TRIGGER commitments_period_meets_{what} BEFORE {event} ON commitments_period
WHEN {when}
BEGIN SELECT RAISE(ABORT, 'periods meet: no gap, no overlap'); END
"""
_SHARES_DAYS = """EXISTS (
  SELECT 1 FROM commitments_period AS other
  WHERE other.starts_on < NEW.ends_on AND NEW.starts_on < other.ends_on AND {apart})"""
_LEAVES_GAP = """EXISTS (
  SELECT 1 FROM commitments_period AS other WHERE {apart}other.ends_on <= NEW.starts_on)
  AND NOT EXISTS (
  SELECT 1 FROM commitments_period AS other WHERE {apart}other.ends_on = NEW.starts_on)
  OR EXISTS (
  SELECT 1 FROM commitments_period AS other WHERE {apart}other.starts_on >= NEW.ends_on)
  AND NOT EXISTS (
  SELECT 1 FROM commitments_period AS other WHERE {apart}other.starts_on = NEW.ends_on)"""
_BETWEEN = """EXISTS (SELECT 1 FROM commitments_period WHERE starts_on < OLD.starts_on)
  AND EXISTS (SELECT 1 FROM commitments_period WHERE starts_on > OLD.starts_on)"""


def _periods_meet(what: str, event: str, *when: str) -> str:
    return _PERIODS_MEET.format(what=what, event=event, when="\n  OR ".join(when))


_USED = """EXISTS (
  SELECT 1 FROM commitments_period WHERE rule_id = OLD.id AND state = 'closed')"""
PERIOD_COLUMNS = "id, starts_on, ends_on, state, rule_id, closed_at"
REVISION_COLUMNS = "session_id, rev, before, after, at"
GROUP_COLUMNS = "id, kind, key, made_at"

GUARDS = (
    _OVERLAP.format(when="insert", event="INSERT", apart=""),
    _OVERLAP.format(when="update", event="UPDATE", apart=" AND other.id <> NEW.id"),
    *_kept("commitments_ledger", "ledger lines"),
    *_kept("commitments_session_rev", "revisions", REVISION_COLUMNS),
    *_kept("commitments_obligation", "obligations"),
    *_kept("commitments_group", "groups of lines", GROUP_COLUMNS),
    _refused("commitments_punch", "update", "punches are never changed"),
    _refused(
        "commitments_punch",
        "delete",
        "punches are kept for three months",
        when="OLD.received_at > datetime('now', '-90 days')",
    ),
    _refused(
        "commitments_rule",
        "update",
        "a closed period was reckoned by this rule",
        when=_USED,
    ),
    _refused("commitments_rule", "delete", "a closed period was reckoned by this rule", when=_USED),
    _refused(
        "commitments_period",
        "update",
        "closed periods are never changed",
        columns=PERIOD_COLUMNS,
        when="OLD.state = 'closed'",
    ),
    _refused(
        "commitments_period",
        "delete",
        "closed periods are never removed",
        when="OLD.state = 'closed'",
    ),
    # The same days twice are for the unique keys to refuse, so that adding once may be repeated.
    _periods_meet(
        "insert",
        "INSERT",
        _SHARES_DAYS.format(
            apart="(other.starts_on <> NEW.starts_on OR other.ends_on <> NEW.ends_on)"
        ),
        _LEAVES_GAP.format(apart=""),
    ),
    _periods_meet(
        "update",
        "UPDATE OF starts_on, ends_on",
        _SHARES_DAYS.format(apart="other.id <> NEW.id"),
        _LEAVES_GAP.format(apart="other.id <> NEW.id AND "),
    ),
    _periods_meet("delete", "DELETE", _BETWEEN),
    *_kept("commitments_kind_before", "terms of kinds"),
    *_kept("commitments_pledge_rev", "revisions of promises"),
    """
CREATE TRIGGER commitments_ledger_reversal BEFORE INSERT ON commitments_ledger
WHEN NEW.kind = 'REVERSAL' AND NEW.group_id IS NULL AND EXISTS (
  SELECT 1 FROM commitments_ledger AS line
  JOIN commitments_group AS held ON held.id = line.group_id
  WHERE line.id = NEW.reverses_id AND held.balance IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'a line of a balanced group is reversed in a group'); END
""",
    """
CREATE TRIGGER commitments_ledger_sum AFTER INSERT ON commitments_ledger
WHEN NEW.group_id IS NOT NULL
BEGIN
  UPDATE commitments_group SET balance = balance + NEW.minutes
  WHERE id = NEW.group_id AND balance IS NOT NULL;
  UPDATE commitments_pool SET balance = balance + NEW.minutes
  WHERE NEW.member_id IS NULL AND NEW.firm_id IS NULL;
END
""",
)
