DROP TRIGGER exchanges_invoice_guard_2
--;
DROP TRIGGER exchanges_invoice_guard_4
--;
DROP TRIGGER exchanges_invoice_guard_6
--;
DROP TRIGGER exchanges_setoff_guard_9
--;
DROP TRIGGER exchanges_credit_line_guard_6
--;
CREATE TRIGGER exchanges_invoice_guard_2 BEFORE INSERT ON exchanges_invoice
WHEN NEW.issued_on IS NOT NULL AND EXISTS (
  SELECT 1 FROM exchanges_books AS held WHERE held.firm_id = NEW.issuer_id
  AND held.closed_until >= NEW.issued_on)
BEGIN SELECT RAISE(ABORT, 'the period is closed'); END
--;
CREATE TRIGGER exchanges_invoice_guard_4 BEFORE UPDATE OF issued_on ON exchanges_invoice
WHEN NEW.issued_on IS NOT NULL AND EXISTS (
  SELECT 1 FROM exchanges_books AS held WHERE held.firm_id = NEW.issuer_id
  AND held.closed_until >= NEW.issued_on)
BEGIN SELECT RAISE(ABORT, 'the period is closed'); END
--;
CREATE TRIGGER exchanges_invoice_guard_6 BEFORE UPDATE OF kind, origin, deal_id, leg_id, credits_id, issuer_id, recipient_id, number, series_year, series_no, issued_on, supplied_on, due_on, title, quantity, unit, in_cash, ht_cents, vat_cents, ttc_cents, vat_by_rate, regime, vat_on, operation, mention, seller, buyer, issuer_siren, recipient_siren, file_key, file_name, sha256, made_at ON exchanges_invoice
WHEN OLD.status <> 'draft'
BEGIN SELECT RAISE(ABORT, 'what is issued is never changed'); END
