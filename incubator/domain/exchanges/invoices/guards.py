"""What the database itself refuses about invoices and set-offs, said once for both databases.

Who acted may be another row later, when two rows turn out to be one person: those columns stay
out of the lists of what never changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ALWAYS: Final = "1 = 1"
INVOICE, SETOFF, LINE = "exchanges_invoice", "exchanges_setoff", "exchanges_setoff_line"
CONSENT, IDENTITY = "exchanges_setoff_consent", "exchanges_identity"
CREDIT: Final = "exchanges_credit_line"
BOOKS, SERIES = "exchanges_books", "exchanges_series"
TABLES: Final = (INVOICE, SETOFF, LINE, CONSENT, IDENTITY, BOOKS, SERIES, CREDIT)


@dataclass(frozen=True, slots=True)
class Guard:
    """«event» (INSERT, DELETE, UPDATE OF …) on a table is refused in these words when it holds."""

    table: str
    event: str
    condition: str
    words: str


# What an invoice says, once it is issued.
_SAID: Final = (
    "kind, origin, deal_id, leg_id, credits_id, issuer_id, recipient_id, number, series_year, "
    "series_no, issued_on, booked_on, supplied_on, due_on, title, quantity, unit, in_cash, "
    "ht_cents, vat_cents, ttc_cents, vat_by_rate, regime, vat_on, operation, mention, seller, "
    "buyer, issuer_siren, recipient_siren, file_key, file_name, sha256, made_at"
)
_CLOSED = """NEW.issued_on IS NOT NULL AND EXISTS (
  SELECT 1 FROM exchanges_books AS held
  WHERE (held.firm_id = NEW.issuer_id AND held.closed_until >= NEW.issued_on)
  OR (held.firm_id = NEW.recipient_id
    AND held.closed_until >= coalesce(NEW.booked_on, NEW.issued_on)))"""
_SET_OFF_CLOSED = """NEW.state = 'effective' AND EXISTS (
  SELECT 1 FROM exchanges_setoff_line AS part
  JOIN exchanges_invoice AS owed ON owed.id = part.invoice_id
  JOIN exchanges_books AS held ON held.firm_id IN (owed.issuer_id, owed.recipient_id)
  WHERE part.setoff_id = NEW.id AND held.closed_until >= NEW.effective_on)"""
_CREDIT_CLOSED = """EXISTS (
  SELECT 1 FROM exchanges_invoice AS owed
  JOIN exchanges_books AS held ON held.firm_id IN (owed.issuer_id, owed.recipient_id)
  WHERE owed.id = NEW.invoice_id AND held.closed_until >= NEW.applied_on)"""
_GAP = """NEW.series_no IS NOT NULL AND (NOT EXISTS (
  SELECT 1 FROM exchanges_series AS held WHERE held.firm_id = NEW.issuer_id
  AND held.year = NEW.series_year AND held.last_no = NEW.series_no)
  OR (NEW.series_no > 1 AND NOT EXISTS (
    SELECT 1 FROM exchanges_invoice AS before WHERE before.issuer_id = NEW.issuer_id
    AND before.series_year = NEW.series_year AND before.series_no = NEW.series_no - 1)))"""
_NOT_ITS_LINES = """NEW.applied_cents <> (
  SELECT coalesce(sum(part.applied_cents), 0) FROM exchanges_setoff_line AS part
  WHERE part.invoice_id = NEW.id)"""
_NOT_OWED = """NOT EXISTS (
  SELECT 1 FROM exchanges_invoice AS owed WHERE owed.id = NEW.invoice_id
  AND owed.kind = 'invoice' AND owed.status IN ('issued', 'received')
  AND owed.applied_cents + owed.paid_cents + NEW.applied_cents <= owed.ttc_cents)"""
_NOT_ITS_CREDIT = """NEW.credit_cents < 0 OR NEW.credit_cents > NEW.paid_cents
OR NEW.credit_cents <> (
  SELECT coalesce(sum(part.cents), 0) FROM exchanges_credit_line AS part
  WHERE part.invoice_id = NEW.id)"""
_CREDIT_NOT_OWED = """NEW.cents > 0 AND NOT EXISTS (
  SELECT 1 FROM exchanges_invoice AS owed WHERE owed.id = NEW.invoice_id
  AND owed.kind = 'invoice' AND owed.status IN ('issued', 'received')
  AND owed.applied_cents + owed.paid_cents + NEW.cents <= owed.ttc_cents)"""
_NOT_POSTED = """NEW.cents > 0 AND NOT EXISTS (
  SELECT 1 FROM exchanges_invoice AS owed
  JOIN exchanges_txn AS moved ON moved.source_id = owed.leg_id
  JOIN exchanges_entry AS part ON part.txn_id = moved.id
  WHERE owed.id = NEW.invoice_id AND moved.id = NEW.txn_id AND moved.source_type = 'deal_leg'
  AND part.amount >= NEW.cents
  AND NOT EXISTS (SELECT 1 FROM exchanges_txn AS back WHERE back.reverses_id = moved.id))"""
_NOT_REVERSED = """NEW.cents < 0 AND NOT EXISTS (
  SELECT 1 FROM exchanges_credit_line AS paid
  JOIN exchanges_txn AS back ON back.reverses_id = paid.txn_id
  WHERE paid.invoice_id = NEW.invoice_id AND back.id = NEW.txn_id AND paid.cents = -NEW.cents)"""
_CREDITS_NONE = """NEW.credits_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM exchanges_invoice AS back WHERE back.id = NEW.credits_id
  AND back.kind = 'invoice' AND back.status <> 'draft')"""
_NO_LINES = """NOT EXISTS (
  SELECT 1 FROM exchanges_setoff_line AS part WHERE part.setoff_id = NEW.id)"""
_UNEQUAL = """NEW.kind <> 'round' AND EXISTS (
  SELECT side.firm_id FROM (
    SELECT owed.issuer_id AS firm_id, part.applied_cents AS cents
    FROM exchanges_setoff_line AS part JOIN exchanges_invoice AS owed ON owed.id = part.invoice_id
    WHERE part.setoff_id = NEW.id
    UNION ALL
    SELECT owed.recipient_id, -part.applied_cents
    FROM exchanges_setoff_line AS part JOIN exchanges_invoice AS owed ON owed.id = part.invoice_id
    WHERE part.setoff_id = NEW.id) AS side
  GROUP BY side.firm_id HAVING sum(side.cents) <> 0)"""

_NOT_AGREED = """NEW.kind = 'deal' AND EXISTS (
  SELECT 1 FROM exchanges_setoff_line AS part
  JOIN exchanges_invoice AS owed ON owed.id = part.invoice_id
  WHERE part.setoff_id = NEW.id AND 2 <> (
    SELECT count(*) FROM exchanges_setoff_consent AS given
    WHERE given.setoff_id = NEW.id AND given.plan_hash = NEW.plan_hash
    AND given.firm_id IN (owed.issuer_id, owed.recipient_id)))"""


def _kept(table: str, words: str, columns: str) -> tuple[Guard, ...]:
    """Rows of which these columns never change, and which are never removed."""
    return (
        Guard(table, f"UPDATE OF {columns}", ALWAYS, f"{words} are never changed"),
        Guard(table, "DELETE", ALWAYS, f"{words} are never removed"),
    )


GUARDS: Final = (
    Guard(
        INVOICE,
        "INSERT",
        "NEW.status NOT IN ('draft', 'issued') OR NEW.applied_cents <> 0 OR NEW.paid_cents <> 0 "
        "OR NEW.credit_cents <> 0",
        "an invoice begins unsettled",
    ),
    Guard(INVOICE, "INSERT", _CLOSED, "the period is closed"),
    Guard(INVOICE, "INSERT", _GAP, "a number follows the one before"),
    Guard(INVOICE, "UPDATE OF issued_on, booked_on", _CLOSED, "the period is closed"),
    Guard(INVOICE, "UPDATE OF series_no, series_year", _GAP, "a number follows the one before"),
    Guard(
        INVOICE, f"UPDATE OF {_SAID}", "OLD.status <> 'draft'", "what is issued is never changed"
    ),
    Guard(
        INVOICE,
        "UPDATE OF status",
        "NEW.status = 'draft' AND OLD.status <> 'draft'",
        "what is issued is no draft again",
    ),
    Guard(
        INVOICE,
        "UPDATE OF status",
        "OLD.status IN ('compensated', 'paid', 'credited') AND NEW.status <> OLD.status "
        "AND (OLD.status = 'credited' OR NEW.status <> 'received' "
        "OR NEW.credit_cents >= OLD.credit_cents)",
        "what is settled stays settled",
    ),
    Guard(
        INVOICE, "UPDATE OF applied_cents", _NOT_ITS_LINES, "what is applied is the sum of lines"
    ),
    Guard(
        INVOICE,
        "UPDATE OF paid_cents",
        "NEW.paid_cents - NEW.credit_cents < OLD.paid_cents - OLD.credit_cents",
        "what is paid stays paid",
    ),
    Guard(INVOICE, "DELETE", "OLD.status <> 'draft'", "what is issued is never removed"),
    Guard(
        LINE,
        "INSERT",
        "(SELECT state FROM exchanges_setoff WHERE id = NEW.setoff_id) <> 'signed'",
        "lines are written as the set-off takes effect",
    ),
    Guard(LINE, "INSERT", _NOT_OWED, "no more is set off than is owed"),
    *_kept(LINE, "lines", "id, setoff_id, invoice_id, applied_cents"),
    Guard(SETOFF, "INSERT", "NEW.state <> 'draft'", "a set-off begins as a draft"),
    Guard(
        SETOFF,
        "UPDATE OF state, effective_on, plan_hash",
        "OLD.state IN ('effective', 'void')",
        "a set-off that took effect stays",
    ),
    Guard(
        SETOFF,
        "UPDATE OF state",
        f"NEW.state = 'effective' AND (OLD.state <> 'signed' OR {_NO_LINES})",
        "a set-off takes effect by its lines, once it is signed",
    ),
    Guard(
        SETOFF,
        "UPDATE OF state",
        f"NEW.state = 'effective' AND {_UNEQUAL}",
        "each firm sets off as much as is set off for it",
    ),
    Guard(
        SETOFF,
        "UPDATE OF state",
        f"NEW.state IN ('draft', 'void') AND NOT {_NO_LINES}",
        "a set-off with lines takes effect",
    ),
    *_kept(SETOFF, "set-offs", "id, kind, basis, deal_id, round_id, made_at"),
    *_kept(CONSENT, "consents", "id, setoff_id, firm_id, plan_hash, at"),
    *_kept(
        IDENTITY,
        "identities",
        "id, firm_id, legal_name, legal_form, street, postcode, city, country, siren, vat_number, "
        "regime, vat_on, prefix, at",
    ),
    Guard(
        BOOKS,
        "UPDATE OF closed_until",
        "OLD.closed_until IS NOT NULL AND "
        "(NEW.closed_until IS NULL OR NEW.closed_until < OLD.closed_until)",
        "what is closed stays closed",
    ),
    *_kept(BOOKS, "books", "firm_id"),
    Guard(SERIES, "INSERT", "NEW.last_no <> 0", "a series begins at its beginning"),
    Guard(
        SERIES,
        "UPDATE OF last_no",
        "NEW.last_no <> OLD.last_no + 1",
        "a number follows the one before",
    ),
    *_kept(SERIES, "series", "firm_id, year"),
    Guard(
        INVOICE,
        "UPDATE OF credit_cents",
        _NOT_ITS_CREDIT,
        "what credit pays is the sum of lines",
    ),
    Guard(CREDIT, "INSERT", _CREDIT_NOT_OWED, "no more is paid than is owed"),
    Guard(CREDIT, "INSERT", _NOT_POSTED, "credit pays what was posted and stands"),
    Guard(CREDIT, "INSERT", _NOT_REVERSED, "a reversal gives back what its opposite paid"),
    *_kept(CREDIT, "lines", "id, invoice_id, txn_id, cents, applied_on"),
    Guard(
        SETOFF,
        "UPDATE OF state",
        f"NEW.state = 'effective' AND {_NOT_AGREED}",
        "a set-off takes effect once each of its firms agreed",
    ),
    Guard(SETOFF, "UPDATE OF state", _SET_OFF_CLOSED, "the period is closed"),
    Guard(CREDIT, "INSERT", _CREDIT_CLOSED, "the period is closed"),
    Guard(INVOICE, "INSERT", _CREDITS_NONE, "a credit note takes an issued invoice back"),
    Guard(
        INVOICE,
        "UPDATE OF credits_id",
        _CREDITS_NONE,
        "a credit note takes an issued invoice back",
    ),
)
# What follows from a line: the only way that these sums change.
FOLLOWS: Final = {
    LINE: (
        "UPDATE exchanges_invoice SET applied_cents = applied_cents + NEW.applied_cents "
        "WHERE id = NEW.invoice_id;"
    ),
    CREDIT: (
        "UPDATE exchanges_invoice SET paid_cents = paid_cents + NEW.cents, "
        "credit_cents = credit_cents + NEW.cents, "
        "status = CASE WHEN NEW.cents < 0 AND status IN ('compensated', 'paid') "
        "THEN 'received' ELSE status END WHERE id = NEW.invoice_id;"
    ),
}
