DROP TRIGGER exchanges_invoice_guard_1
--;
CREATE TRIGGER exchanges_invoice_guard_1 BEFORE INSERT ON exchanges_invoice
WHEN NEW.status NOT IN ('draft', 'issued') OR NEW.applied_cents <> 0 OR NEW.paid_cents <> 0 OR NEW.credit_cents <> 0
BEGIN SELECT RAISE(ABORT, 'an invoice begins unsettled'); END
--;
DROP TRIGGER exchanges_invoice_guard_8
--;
CREATE TRIGGER exchanges_invoice_guard_8 BEFORE UPDATE OF status ON exchanges_invoice
WHEN OLD.status IN ('compensated', 'paid', 'credited') AND NEW.status <> OLD.status AND (OLD.status = 'credited' OR NEW.status <> 'received' OR NEW.credit_cents >= OLD.credit_cents)
BEGIN SELECT RAISE(ABORT, 'what is settled stays settled'); END
--;
DROP TRIGGER exchanges_invoice_guard_10
--;
CREATE TRIGGER exchanges_invoice_guard_10 BEFORE UPDATE OF paid_cents ON exchanges_invoice
WHEN NEW.paid_cents - NEW.credit_cents < OLD.paid_cents - OLD.credit_cents
BEGIN SELECT RAISE(ABORT, 'what is paid stays paid'); END
--;
CREATE TRIGGER exchanges_invoice_guard_12 BEFORE UPDATE OF credit_cents ON exchanges_invoice
WHEN NEW.credit_cents < 0 OR NEW.credit_cents > NEW.paid_cents
OR NEW.credit_cents <> (
  SELECT coalesce(sum(part.cents), 0) FROM exchanges_credit_line AS part
  WHERE part.invoice_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'what credit pays is the sum of lines'); END
--;
CREATE TRIGGER exchanges_credit_line_guard_1 BEFORE INSERT ON exchanges_credit_line
WHEN NEW.cents > 0 AND NOT EXISTS (
  SELECT 1 FROM exchanges_invoice AS owed WHERE owed.id = NEW.invoice_id
  AND owed.kind = 'invoice' AND owed.status IN ('issued', 'received')
  AND owed.applied_cents + owed.paid_cents + NEW.cents <= owed.ttc_cents)
BEGIN SELECT RAISE(ABORT, 'no more is paid than is owed'); END
--;
CREATE TRIGGER exchanges_credit_line_guard_2 BEFORE INSERT ON exchanges_credit_line
WHEN NEW.cents > 0 AND NOT EXISTS (
  SELECT 1 FROM exchanges_invoice AS owed
  JOIN exchanges_txn AS moved ON moved.source_id = owed.leg_id
  JOIN exchanges_entry AS part ON part.txn_id = moved.id
  WHERE owed.id = NEW.invoice_id AND moved.id = NEW.txn_id AND moved.source_type = 'deal_leg'
  AND part.amount >= NEW.cents
  AND NOT EXISTS (SELECT 1 FROM exchanges_txn AS back WHERE back.reverses_id = moved.id))
BEGIN SELECT RAISE(ABORT, 'credit pays what was posted and stands'); END
--;
CREATE TRIGGER exchanges_credit_line_guard_3 BEFORE INSERT ON exchanges_credit_line
WHEN NEW.cents < 0 AND NOT EXISTS (
  SELECT 1 FROM exchanges_credit_line AS paid
  JOIN exchanges_txn AS back ON back.reverses_id = paid.txn_id
  WHERE paid.invoice_id = NEW.invoice_id AND back.id = NEW.txn_id AND paid.cents = -NEW.cents)
BEGIN SELECT RAISE(ABORT, 'a reversal gives back what its opposite paid'); END
--;
CREATE TRIGGER exchanges_credit_line_guard_4 BEFORE UPDATE OF id, invoice_id, txn_id, cents, applied_on ON exchanges_credit_line
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'lines are never changed'); END
--;
CREATE TRIGGER exchanges_credit_line_guard_5 BEFORE DELETE ON exchanges_credit_line
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'lines are never removed'); END
--;
CREATE TRIGGER exchanges_credit_line_no_replace BEFORE INSERT ON exchanges_credit_line
WHEN EXISTS (SELECT 1 FROM exchanges_credit_line AS held WHERE held.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a row is never replaced'); END
--;
CREATE TRIGGER exchanges_credit_line_applied AFTER INSERT ON exchanges_credit_line
BEGIN
  UPDATE exchanges_invoice SET paid_cents = paid_cents + NEW.cents, credit_cents = credit_cents + NEW.cents, status = CASE WHEN NEW.cents < 0 AND status IN ('compensated', 'paid') THEN 'received' ELSE status END WHERE id = NEW.invoice_id;
END
