"""What the database itself refuses about rounds, said once for SQLite and PostgreSQL.

Who acted may be another row later, when two rows turn out to be one person: those columns stay
out of the lists of what never changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from incubator.domain.exchanges.rounds import rules

ALWAYS: Final = "1 = 1"
SWITCH, PART, ROUND = "exchanges_netting_switch", "exchanges_netting_part", "exchanges_round"
REVISION, LINE, NOTICE = (
    "exchanges_round_revision",
    "exchanges_round_line",
    "exchanges_round_notice",
)
TABLES: Final = (SWITCH, PART, ROUND, REVISION, LINE, NOTICE)


@dataclass(frozen=True, slots=True)
class Guard:
    """«event» (INSERT, DELETE, UPDATE OF …) on a table is refused in these words when it holds."""

    table: str
    event: str
    condition: str
    words: str


def _kept(table: str, words: str, columns: str) -> tuple[Guard, ...]:
    """Rows of which these columns never change, and which are never removed."""
    return (
        Guard(table, f"UPDATE OF {columns}", ALWAYS, f"{words} are never changed"),
        Guard(table, "DELETE", ALWAYS, f"{words} are never removed"),
    )


def _among(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{one}'" for one in values)


def _sql(text: str) -> str:
    """A condition with its parts set in: «{mine}» are the lines of the present revision."""
    return text.format(
        mine="exchanges_round_line AS part "
        "WHERE part.round_id = NEW.id AND part.revision = NEW.revision",
        held="SELECT 1 FROM exchanges_round AS held WHERE held.id = NEW.round_id",
        told="exchanges_round_notice AS told WHERE told.round_id = NEW.id",
        shown=_among(rules.SHOWN),
        ended=_among(("executed", "published", "cancelled")),
    )


_EXECUTED: Final = "NEW.state = 'executed' AND OLD.state <> 'executed'"
_MOVES: Final = _among(tuple(f"{before}>{to}" for before, to in rules.moves()))
_OFF: Final = """NOT EXISTS (
  SELECT 1 FROM exchanges_netting_switch AS told
  WHERE told.id = (SELECT max(id) FROM exchanges_netting_switch) AND told.turned_on)"""
_NOT_RUNNING: Final = _sql("NOT EXISTS ({held} AND held.running)")
_NOT_SHOWN: Final = _sql("NOT EXISTS ({held} AND held.state IN ({shown}))")
_OUT_OF_TURN: Final = _sql("NOT EXISTS ({held} AND held.revision + 1 = NEW.no)")
_LATE_LINE: Final = _sql("NOT EXISTS ({held} AND held.revision + 1 = NEW.revision)")
_ENDS: Final = _sql("EXISTS ({held} AND held.state IN ({ended}))")
_NO_REVISION: Final = """NEW.revision <> OLD.revision + 1 OR NOT EXISTS (
  SELECT 1 FROM exchanges_round_revision AS found
  WHERE found.round_id = NEW.id AND found.no = NEW.revision)"""
_RISES: Final = _sql("""OLD.state IN ({shown}) AND EXISTS (
  SELECT 1 FROM {mine} AND NOT EXISTS (
    SELECT 1 FROM exchanges_round_line AS before WHERE before.round_id = NEW.id
    AND before.revision = OLD.revision AND before.invoice_id = part.invoice_id
    AND before.cleared_cents >= part.cleared_cents))""")
_NO_DEBT: Final = """NOT EXISTS (
  SELECT 1 FROM exchanges_invoice AS owed WHERE owed.id = NEW.invoice_id
  AND owed.kind = 'invoice' AND owed.issuer_id = NEW.creditor_id
  AND owed.recipient_id = NEW.debtor_id)"""
_UNASKED: Final = _sql("""EXISTS (
  SELECT 1 FROM {mine} AND (SELECT count(*) FROM {told}
    AND told.firm_id IN (part.debtor_id, part.creditor_id)
    AND told.accepted_at IS NOT NULL AND told.refused_at IS NULL) <> 2)""")
_UNLIKE_LINES: Final = _sql("""EXISTS (
  SELECT 1 FROM {told} AND (
    told.payables_cleared <> (SELECT coalesce(sum(part.cleared_cents), 0) FROM {mine}
      AND part.debtor_id = told.firm_id)
    OR told.receivables_cleared <> (SELECT coalesce(sum(part.cleared_cents), 0) FROM {mine}
      AND part.creditor_id = told.firm_id)))""")
_UNEQUAL: Final = _sql(
    "NEW.mode = 'pure' AND EXISTS (SELECT 1 FROM {told} AND told.ledger_delta <> 0)"
)
_UNLIKE_SETOFF: Final = _sql("""NOT EXISTS (
  SELECT 1 FROM exchanges_setoff AS done WHERE done.id = NEW.setoff_id AND done.kind = 'round'
  AND done.round_id = NEW.id AND done.state = 'effective')
  OR (SELECT count(*) FROM exchanges_setoff_line AS applied
    WHERE applied.setoff_id = NEW.setoff_id) <> (SELECT count(*) FROM {mine})
  OR EXISTS (SELECT 1 FROM {mine} AND NOT EXISTS (
    SELECT 1 FROM exchanges_setoff_line AS applied WHERE applied.setoff_id = NEW.setoff_id
    AND applied.invoice_id = part.invoice_id AND applied.applied_cents = part.cleared_cents))""")
_UNLIKE_LEDGER: Final = _sql("""(SELECT count(*) FROM exchanges_entry AS entry
  WHERE entry.txn_id = NEW.txn_id) <> (SELECT count(*) FROM {told} AND told.ledger_delta <> 0)
  OR EXISTS (SELECT 1 FROM {told} AND told.ledger_delta <> 0 AND NOT EXISTS (
    SELECT 1 FROM exchanges_entry AS entry
    JOIN exchanges_account AS account ON account.id = entry.account_id
    WHERE entry.txn_id = NEW.txn_id AND account.firm_id = told.firm_id
    AND entry.amount = told.ledger_delta))""")
_FIGURES: Final = "payables_cleared, receivables_cleared, ledger_delta"
_ANSWERS: Final = "accepted_at, refused_at, silent_at"
_ABOVE: Final = _sql("""EXISTS ({held} AND held.state IN ({shown})) AND (
  NEW.payables_cleared > OLD.payables_cleared
  OR NEW.receivables_cleared > OLD.receivables_cleared
  OR NEW.ledger_delta < CASE WHEN OLD.ledger_delta < 0 THEN OLD.ledger_delta ELSE 0 END
  OR NEW.ledger_delta > CASE WHEN OLD.ledger_delta > 0 THEN OLD.ledger_delta ELSE 0 END)""")

GUARDS: Final = (
    *_kept(SWITCH, "acts of the switch", "id, turned_on, text_read, at"),
    Guard(PART, "INSERT", "NEW.ended_at IS NOT NULL", "taking part begins before it ends"),
    Guard(PART, "UPDATE OF ended_at", "OLD.ended_at IS NOT NULL", "what ended stays ended"),
    *_kept(PART, "words of firms", "id, firm_id, at"),
    Guard(ROUND, "INSERT", "NEW.state <> 'collecting' OR NEW.revision <> 0", "a round begins"),
    Guard(ROUND, "INSERT", _OFF, "netting is off"),
    *_kept(ROUND, "rounds", "id, mode, cutoff, seed, answer_days, once, opened_at"),
    Guard(
        ROUND,
        "UPDATE OF state",
        f"NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ({_MOVES})",
        "a round goes on in its order",
    ),
    Guard(
        ROUND,
        "UPDATE OF revision, running, answer_by, executed_at, setoff_id, txn_id, cancelled_at, "
        "words",
        "OLD.running IS NULL",
        "what is done stays as it was done",
    ),
    Guard(
        ROUND,
        "UPDATE OF revision",
        _NO_REVISION,
        "a revision follows the one before",
    ),
    Guard(ROUND, "UPDATE OF revision", _RISES, "nothing rises that a firm has read"),
    Guard(ROUND, "UPDATE OF state", f"{_EXECUTED} AND {_OFF}", "netting is off"),
    Guard(ROUND, "UPDATE OF state", f"{_EXECUTED} AND {_UNASKED}", "each firm agrees first"),
    Guard(
        ROUND,
        "UPDATE OF state",
        f"{_EXECUTED} AND {_UNLIKE_LINES}",
        "what firms read is what is cleared",
    ),
    Guard(
        ROUND,
        "UPDATE OF state",
        f"{_EXECUTED} AND {_UNEQUAL}",
        "each firm pays as much less as it receives",
    ),
    Guard(
        ROUND,
        "UPDATE OF state",
        f"{_EXECUTED} AND ({_UNLIKE_SETOFF})",
        "a round is executed by its set-off",
    ),
    Guard(
        ROUND,
        "UPDATE OF state",
        f"{_EXECUTED} AND ({_UNLIKE_LEDGER})",
        "what is left over is posted on the ledger",
    ),
    Guard(REVISION, "INSERT", _NOT_RUNNING, "the round has ended"),
    Guard(REVISION, "INSERT", _OUT_OF_TURN, "a revision follows the one before"),
    *_kept(
        REVISION,
        "revisions",
        "id, round_id, no, reason, input_sha, solver, solver_version, owed_cents, cleared_cents, "
        "firms, debts, lengths, file, at",
    ),
    Guard(LINE, "INSERT", _NOT_RUNNING, "the round has ended"),
    Guard(LINE, "INSERT", _LATE_LINE, "lines are written as computed"),
    Guard(LINE, "INSERT", _NO_DEBT, "a line is about an invoice between its firms"),
    *_kept(
        LINE,
        "lines",
        "id, round_id, revision, invoice_id, debtor_id, creditor_id, owed_cents, cleared_cents",
    ),
    Guard(NOTICE, "INSERT", _NOT_RUNNING, "the round has ended"),
    Guard(NOTICE, f"UPDATE OF {_FIGURES}, {_ANSWERS}", _ENDS, "the round has ended"),
    Guard(NOTICE, f"UPDATE OF {_FIGURES}", _ABOVE, "nothing rises that a firm has read"),
    Guard(
        NOTICE,
        f"UPDATE OF {_ANSWERS}",
        "OLD.refused_at IS NOT NULL OR OLD.silent_at IS NOT NULL",
        "who is out of a round stays out",
    ),
    Guard(
        NOTICE,
        "UPDATE OF accepted_at",
        _NOT_SHOWN,
        "a firm agrees to what it was shown",
    ),
    *_kept(NOTICE, "notices", "id, round_id, firm_id, number"),
)
