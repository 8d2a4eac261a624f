"""What the database refuses about the ledger, said once for SQLite and PostgreSQL.

Each guard is a condition on the row as it was (OLD) and as it would be (NEW), in words that both
understand; ``ddl_sqlite`` and ``ddl_postgresql`` make triggers of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ALWAYS: Final = "1 = 1"


@dataclass(frozen=True, slots=True)
class Guard:
    """«event» (INSERT, DELETE, UPDATE OF …) on a table is refused in these words when it holds."""

    table: str
    event: str
    condition: str
    words: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What follows from a row of history once it is written: the only way that column changes."""

    table: str
    event: str
    statement: str
    when: str = ""


def _kept(table: str, words: str, columns: str) -> tuple[Guard, ...]:
    """Rows of which these columns never change, and which are never removed."""
    return (
        Guard(table, f"UPDATE OF {columns}", ALWAYS, f"{words} are never changed"),
        Guard(table, "DELETE", ALWAYS, f"{words} are never removed"),
    )


ENTRY, TXN, ACCOUNT = "exchanges_entry", "exchanges_txn", "exchanges_account"
RESERVATION, LIMIT_CHANGE = "exchanges_reservation", "exchanges_limit_change"
SWITCH, HEAD = "exchanges_switch", "exchanges_head"
TABLES: Final = (ENTRY, TXN, ACCOUNT, RESERVATION, LIMIT_CHANGE, SWITCH, HEAD)
# Being sealed: from 0 to 1; back is another guard's.
_SEAL = "UPDATE OF sealed"
_PART = """EXISTS (
  SELECT 1 FROM exchanges_entry AS part JOIN exchanges_account AS held ON held.id = part.account_id
  WHERE part.txn_id = NEW.id AND {which})"""
_OFF = "NOT (SELECT switched_on FROM exchanges_head)"
_IN_ORDER = """NOT EXISTS (
  SELECT 1 FROM exchanges_account AS held WHERE held.id = NEW.account_id
  AND held.entries + 1 = NEW.no AND held.balance + NEW.amount = NEW.balance_after)"""
_FUND_TOUCHED = """EXISTS (
  SELECT 1 FROM exchanges_account AS held JOIN exchanges_txn AS moved ON moved.id = NEW.txn_id
  WHERE held.id = NEW.account_id AND held.kind = 'fund'
  AND moved.kind IN ('settle', 'clearing'))"""
_UNSEALED_REVERSED = """EXISTS (
  SELECT 1 FROM exchanges_txn AS before WHERE before.id = NEW.reverses_id
  AND (before.sealed = 0 OR before.kind IN ('reversal', 'clearing')))"""
_NO_MIRROR = """NEW.kind = 'reversal' AND ((
  SELECT count(*) FROM exchanges_entry AS part WHERE part.txn_id = NEW.reverses_id) <> NEW.size
  OR EXISTS (SELECT 1 FROM exchanges_entry AS part WHERE part.txn_id = NEW.reverses_id
    AND NOT EXISTS (SELECT 1 FROM exchanges_entry AS back WHERE back.txn_id = NEW.id
      AND back.account_id = part.account_id AND back.amount = -part.amount)))"""
_NO_ENTRY = """NEW.entries <> OLD.entries + 1 OR NOT EXISTS (
  SELECT 1 FROM exchanges_entry AS part WHERE part.account_id = NEW.id
  AND part.no = NEW.entries AND part.balance_after = NEW.balance)"""
_NO_LIMIT_CHANGE = """NOT EXISTS (
  SELECT 1 FROM exchanges_limit_change AS told WHERE told.id = (
    SELECT max(id) FROM exchanges_limit_change WHERE account_id = NEW.id)
  AND told.lower_limit = NEW.lower_limit AND told.soft_limit = NEW.soft_limit
  AND coalesce(told.upper_limit, -1) = coalesce(NEW.upper_limit, -1)
  AND told.frozen = NEW.frozen)"""
_NOT_RESERVED = """NEW.reserved <> (
  SELECT coalesce(sum(cents), 0) FROM exchanges_reservation
  WHERE account_id = NEW.id AND cents > 0)"""
_NO_LINK = """NEW.length <> OLD.length + 1 OR NOT EXISTS (
  SELECT 1 FROM exchanges_txn WHERE link = NEW.length AND hash = NEW.hash)"""
_NO_SWITCH = """NOT EXISTS (
  SELECT 1 FROM exchanges_switch AS told WHERE told.id = (SELECT max(id) FROM exchanges_switch)
  AND told.turned_on = NEW.switched_on)"""
_NOT_NEXT = """NOT EXISTS (
  SELECT 1 FROM exchanges_head WHERE hash = NEW.prev_hash AND length + 1 = NEW.link)"""


def _at_seal(condition: str, words: str) -> Guard:
    return Guard(TXN, _SEAL, f"NEW.sealed = 1 AND OLD.sealed = 0 AND ({condition})", words)


def _part(which: str) -> str:
    return _PART.format(which=which)


GUARDS: Final = (
    Guard(
        ENTRY,
        "INSERT",
        "(SELECT sealed FROM exchanges_txn WHERE id = NEW.txn_id) = 1",
        "a sealed transaction takes no entry",
    ),
    Guard(ENTRY, "INSERT", _IN_ORDER, "an entry continues its account"),
    Guard(ENTRY, "INSERT", _FUND_TOUCHED, "the fund takes part in no deal"),
    *_kept(ENTRY, "entries", "id, txn_id, account_id, amount, no, balance_after"),
    Guard(TXN, "INSERT", "NEW.sealed <> 0", "a transaction begins open"),
    Guard(
        TXN,
        "INSERT",
        f"NEW.kind NOT IN ('reversal', 'guarantee') AND {_OFF}",
        "mutual credit is off",
    ),
    Guard(TXN, "INSERT", _UNSEALED_REVERSED, "only what is sealed is reversed, and once"),
    *_kept(
        TXN,
        "transactions",
        "id, kind, idem, size, reverses_id, source_type, source_id, reason, by_id, second_by_id, "
        "over_limit_by_id, at",
    ),
    Guard(
        TXN,
        "UPDATE OF sealed, link, prev_hash, hash",
        "OLD.sealed = 1",
        "a sealed transaction stays sealed",
    ),
    _at_seal(
        "(SELECT count(*) FROM exchanges_entry WHERE txn_id = NEW.id) <> NEW.size",
        "a transaction has its entries",
    ),
    _at_seal(
        "(SELECT sum(amount) FROM exchanges_entry WHERE txn_id = NEW.id) <> 0",
        "a transaction sums to zero",
    ),
    _at_seal(
        "NEW.over_limit_by_id IS NULL AND "
        + _part("part.amount < 0 AND held.balance - held.reserved < held.lower_limit"),
        "an account falls below its line",
    ),
    _at_seal(
        "NEW.over_limit_by_id IS NULL AND "
        + _part("part.amount > 0 AND held.balance > held.upper_limit"),
        "an account rises above its limit",
    ),
    _at_seal(_part("part.amount < 0 AND held.frozen"), "a frozen account receives nothing more"),
    _at_seal(_NO_MIRROR, "a reversal is the opposite of what it reverses"),
    _at_seal(
        "NEW.kind = 'fee' AND NOT ("
        + _part("part.amount > 0 AND held.kind = 'fund'")
        + " AND "
        + _part("part.amount > 0 AND held.kind = 'firm'")
        + ")",
        "a fee stands beside its cause",
    ),
    _at_seal(
        "NEW.kind = 'guarantee' AND (NEW.size <> 2 OR NOT "
        + _part("held.kind = 'fund'")
        + " OR "
        + _part("held.kind = 'firm' AND held.balance <> 0")
        + ")",
        "the fund takes over the whole balance of one firm",
    ),
    _at_seal(_NOT_NEXT, "a transaction is the next link of the chain"),
    Guard(
        ACCOUNT,
        "INSERT",
        "NEW.balance <> 0 OR NEW.entries <> 0 OR NEW.given <> 0 OR NEW.reserved <> 0 "
        "OR NEW.lower_limit <> 0 OR NEW.upper_limit IS NOT NULL OR NEW.frozen",
        "an account begins at nothing",
    ),
    Guard(
        ACCOUNT,
        "UPDATE OF balance, entries, given, negative_since",
        _NO_ENTRY,
        "a balance is changed by entries alone",
    ),
    Guard(
        ACCOUNT,
        "UPDATE OF lower_limit, soft_limit, upper_limit, frozen",
        _NO_LIMIT_CHANGE,
        "limits are changed by their history alone",
    ),
    Guard(
        ACCOUNT,
        "UPDATE OF reserved",
        _NOT_RESERVED,
        "what is reserved is the sum of the reservations",
    ),
    Guard(
        ACCOUNT,
        "UPDATE OF reserved",
        "NEW.reserved > OLD.reserved "
        "AND (NEW.frozen OR NEW.balance - NEW.reserved < NEW.lower_limit)",
        "more is reserved than the line holds",
    ),
    *_kept(ACCOUNT, "accounts", "id, kind, firm_id, opened_at"),
    Guard(RESERVATION, "INSERT", _OFF, "mutual credit is off"),
    Guard(RESERVATION, "INSERT", "NEW.cents <> NEW.first_cents", "a reservation begins whole"),
    Guard(RESERVATION, "UPDATE OF cents", "NEW.cents > OLD.cents", "a reservation only falls"),
    *_kept(RESERVATION, "reservations", "id, account_id, key, first_cents, at"),
    *_kept(
        LIMIT_CHANGE,
        "changes of limits",
        "id, account_id, cause, lower_limit, soft_limit, upper_limit, frozen, comment, by_id, at",
    ),
    *_kept(SWITCH, "acts of the switch", "id, turned_on, text_read, by_id, at"),
    Guard(HEAD, "UPDATE OF length, hash", _NO_LINK, "the head of the chain is its last link"),
    Guard(HEAD, "UPDATE OF switched_on", _NO_SWITCH, "the switch is turned by its history alone"),
    *_kept(HEAD, "heads of the chain", "id"),
)

EFFECTS: Final = (
    Effect(
        ENTRY,
        "INSERT",
        """UPDATE exchanges_account SET balance = NEW.balance_after, entries = NEW.no,
    given = given + (SELECT CASE
      WHEN moved.kind IN ('settle', 'fee') AND NEW.amount > 0 THEN NEW.amount
      WHEN moved.kind = 'reversal' AND NEW.amount < 0 AND (
        SELECT before.kind FROM exchanges_txn AS before WHERE before.id = moved.reverses_id
      ) IN ('settle', 'fee') THEN NEW.amount ELSE 0 END
      FROM exchanges_txn AS moved WHERE moved.id = NEW.txn_id),
    negative_since = CASE WHEN NEW.balance_after < 0 THEN coalesce(negative_since, (
      SELECT moved.at FROM exchanges_txn AS moved WHERE moved.id = NEW.txn_id)) END,
    age = CASE WHEN NEW.balance_after < 0 THEN age ELSE 'fine' END
  WHERE id = NEW.account_id;""",
    ),
    Effect(
        TXN,
        _SEAL,
        "UPDATE exchanges_head SET length = NEW.link, hash = NEW.hash;",
        when="NEW.sealed = 1",
    ),
    Effect(
        RESERVATION,
        "INSERT",
        "UPDATE exchanges_account SET reserved = reserved + NEW.cents WHERE id = NEW.account_id;",
    ),
    Effect(
        RESERVATION,
        "UPDATE OF cents",
        "UPDATE exchanges_account SET reserved = reserved + NEW.cents - OLD.cents "
        "WHERE id = NEW.account_id;",
    ),
    Effect(
        LIMIT_CHANGE,
        "INSERT",
        """UPDATE exchanges_account SET lower_limit = NEW.lower_limit, soft_limit = NEW.soft_limit,
    upper_limit = NEW.upper_limit, frozen = NEW.frozen WHERE id = NEW.account_id;""",
    ),
    Effect(SWITCH, "INSERT", "UPDATE exchanges_head SET switched_on = NEW.turned_on;"),
)
