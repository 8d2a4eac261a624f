DROP TRIGGER exchanges_invoice_guard_2
--;
CREATE TRIGGER exchanges_invoice_guard_2 BEFORE INSERT ON exchanges_invoice
WHEN NEW.issued_on IS NOT NULL AND EXISTS (
  SELECT 1 FROM exchanges_books AS held
  WHERE (held.firm_id = NEW.issuer_id AND held.closed_until >= NEW.issued_on)
  OR (held.firm_id = NEW.recipient_id
    AND held.closed_until >= coalesce(NEW.booked_on, NEW.issued_on)))
BEGIN SELECT RAISE(ABORT, 'the period is closed'); END
--;
DROP TRIGGER exchanges_invoice_guard_4
--;
CREATE TRIGGER exchanges_invoice_guard_4 BEFORE UPDATE OF issued_on, booked_on ON exchanges_invoice
WHEN NEW.issued_on IS NOT NULL AND EXISTS (
  SELECT 1 FROM exchanges_books AS held
  WHERE (held.firm_id = NEW.issuer_id AND held.closed_until >= NEW.issued_on)
  OR (held.firm_id = NEW.recipient_id
    AND held.closed_until >= coalesce(NEW.booked_on, NEW.issued_on)))
BEGIN SELECT RAISE(ABORT, 'the period is closed'); END
--;
DROP TRIGGER exchanges_invoice_guard_6
--;
CREATE TRIGGER exchanges_invoice_guard_6 BEFORE UPDATE OF kind, origin, deal_id, leg_id, credits_id, issuer_id, recipient_id, number, series_year, series_no, issued_on, booked_on, supplied_on, due_on, title, quantity, unit, in_cash, ht_cents, vat_cents, ttc_cents, vat_by_rate, regime, vat_on, operation, mention, seller, buyer, issuer_siren, recipient_siren, file_key, file_name, sha256, made_at ON exchanges_invoice
WHEN OLD.status <> 'draft'
BEGIN SELECT RAISE(ABORT, 'what is issued is never changed'); END
--;
CREATE TRIGGER exchanges_setoff_guard_9 BEFORE UPDATE OF state ON exchanges_setoff
WHEN NEW.state = 'effective' AND EXISTS (
  SELECT 1 FROM exchanges_setoff_line AS part
  JOIN exchanges_invoice AS owed ON owed.id = part.invoice_id
  JOIN exchanges_books AS held ON held.firm_id IN (owed.issuer_id, owed.recipient_id)
  WHERE part.setoff_id = NEW.id AND held.closed_until >= NEW.effective_on)
BEGIN SELECT RAISE(ABORT, 'the period is closed'); END
--;
CREATE TRIGGER exchanges_credit_line_guard_6 BEFORE INSERT ON exchanges_credit_line
WHEN EXISTS (
  SELECT 1 FROM exchanges_invoice AS owed
  JOIN exchanges_books AS held ON held.firm_id IN (owed.issuer_id, owed.recipient_id)
  WHERE owed.id = NEW.invoice_id AND held.closed_until >= NEW.applied_on)
BEGIN SELECT RAISE(ABORT, 'the period is closed'); END
