CREATE TRIGGER exchanges_invoice_guard_1 BEFORE INSERT ON exchanges_invoice
WHEN NEW.status NOT IN ('draft', 'issued') OR NEW.applied_cents <> 0 OR NEW.paid_cents <> 0
BEGIN SELECT RAISE(ABORT, 'an invoice begins unsettled'); END
--;
CREATE TRIGGER exchanges_invoice_guard_2 BEFORE INSERT ON exchanges_invoice
WHEN NEW.issued_on IS NOT NULL AND EXISTS (
  SELECT 1 FROM exchanges_books AS held WHERE held.firm_id = NEW.issuer_id
  AND held.closed_until >= NEW.issued_on)
BEGIN SELECT RAISE(ABORT, 'the period is closed'); END
--;
CREATE TRIGGER exchanges_invoice_guard_3 BEFORE INSERT ON exchanges_invoice
WHEN NEW.series_no IS NOT NULL AND (NOT EXISTS (
  SELECT 1 FROM exchanges_series AS held WHERE held.firm_id = NEW.issuer_id
  AND held.year = NEW.series_year AND held.last_no = NEW.series_no)
  OR (NEW.series_no > 1 AND NOT EXISTS (
    SELECT 1 FROM exchanges_invoice AS before WHERE before.issuer_id = NEW.issuer_id
    AND before.series_year = NEW.series_year AND before.series_no = NEW.series_no - 1)))
BEGIN SELECT RAISE(ABORT, 'a number follows the one before'); END
--;
CREATE TRIGGER exchanges_invoice_guard_4 BEFORE UPDATE OF issued_on ON exchanges_invoice
WHEN NEW.issued_on IS NOT NULL AND EXISTS (
  SELECT 1 FROM exchanges_books AS held WHERE held.firm_id = NEW.issuer_id
  AND held.closed_until >= NEW.issued_on)
BEGIN SELECT RAISE(ABORT, 'the period is closed'); END
--;
CREATE TRIGGER exchanges_invoice_guard_5 BEFORE UPDATE OF series_no, series_year ON exchanges_invoice
WHEN NEW.series_no IS NOT NULL AND (NOT EXISTS (
  SELECT 1 FROM exchanges_series AS held WHERE held.firm_id = NEW.issuer_id
  AND held.year = NEW.series_year AND held.last_no = NEW.series_no)
  OR (NEW.series_no > 1 AND NOT EXISTS (
    SELECT 1 FROM exchanges_invoice AS before WHERE before.issuer_id = NEW.issuer_id
    AND before.series_year = NEW.series_year AND before.series_no = NEW.series_no - 1)))
BEGIN SELECT RAISE(ABORT, 'a number follows the one before'); END
--;
CREATE TRIGGER exchanges_invoice_guard_6 BEFORE UPDATE OF kind, origin, deal_id, leg_id, credits_id, issuer_id, recipient_id, number, series_year, series_no, issued_on, supplied_on, due_on, title, quantity, unit, in_cash, ht_cents, vat_cents, ttc_cents, vat_by_rate, regime, vat_on, operation, mention, seller, buyer, issuer_siren, recipient_siren, file_key, file_name, sha256, made_at ON exchanges_invoice
WHEN OLD.status <> 'draft'
BEGIN SELECT RAISE(ABORT, 'what is issued is never changed'); END
--;
CREATE TRIGGER exchanges_invoice_guard_7 BEFORE UPDATE OF status ON exchanges_invoice
WHEN NEW.status = 'draft' AND OLD.status <> 'draft'
BEGIN SELECT RAISE(ABORT, 'what is issued is no draft again'); END
--;
CREATE TRIGGER exchanges_invoice_guard_8 BEFORE UPDATE OF status ON exchanges_invoice
WHEN OLD.status IN ('compensated', 'paid', 'credited') AND NEW.status <> OLD.status
BEGIN SELECT RAISE(ABORT, 'what is settled stays settled'); END
--;
CREATE TRIGGER exchanges_invoice_guard_9 BEFORE UPDATE OF applied_cents ON exchanges_invoice
WHEN NEW.applied_cents <> (
  SELECT coalesce(sum(part.applied_cents), 0) FROM exchanges_setoff_line AS part
  WHERE part.invoice_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'what is applied is the sum of lines'); END
--;
CREATE TRIGGER exchanges_invoice_guard_10 BEFORE UPDATE OF paid_cents ON exchanges_invoice
WHEN NEW.paid_cents < OLD.paid_cents
BEGIN SELECT RAISE(ABORT, 'what is paid stays paid'); END
--;
CREATE TRIGGER exchanges_invoice_guard_11 BEFORE DELETE ON exchanges_invoice
WHEN OLD.status <> 'draft'
BEGIN SELECT RAISE(ABORT, 'what is issued is never removed'); END
--;
CREATE TRIGGER exchanges_setoff_line_guard_1 BEFORE INSERT ON exchanges_setoff_line
WHEN (SELECT state FROM exchanges_setoff WHERE id = NEW.setoff_id) <> 'signed'
BEGIN SELECT RAISE(ABORT, 'lines are written as the set-off takes effect'); END
--;
CREATE TRIGGER exchanges_setoff_line_guard_2 BEFORE INSERT ON exchanges_setoff_line
WHEN NOT EXISTS (
  SELECT 1 FROM exchanges_invoice AS owed WHERE owed.id = NEW.invoice_id
  AND owed.kind = 'invoice' AND owed.status IN ('issued', 'received')
  AND owed.applied_cents + owed.paid_cents + NEW.applied_cents <= owed.ttc_cents)
BEGIN SELECT RAISE(ABORT, 'no more is set off than is owed'); END
--;
CREATE TRIGGER exchanges_setoff_line_guard_3 BEFORE UPDATE OF id, setoff_id, invoice_id, applied_cents ON exchanges_setoff_line
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'lines are never changed'); END
--;
CREATE TRIGGER exchanges_setoff_line_guard_4 BEFORE DELETE ON exchanges_setoff_line
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'lines are never removed'); END
--;
CREATE TRIGGER exchanges_setoff_guard_1 BEFORE INSERT ON exchanges_setoff
WHEN NEW.state <> 'draft'
BEGIN SELECT RAISE(ABORT, 'a set-off begins as a draft'); END
--;
CREATE TRIGGER exchanges_setoff_guard_2 BEFORE UPDATE OF state, effective_on, plan_hash ON exchanges_setoff
WHEN OLD.state IN ('effective', 'void')
BEGIN SELECT RAISE(ABORT, 'a set-off that took effect stays'); END
--;
CREATE TRIGGER exchanges_setoff_guard_3 BEFORE UPDATE OF state ON exchanges_setoff
WHEN NEW.state = 'effective' AND (OLD.state <> 'signed' OR NOT EXISTS (
  SELECT 1 FROM exchanges_setoff_line AS part WHERE part.setoff_id = NEW.id))
BEGIN SELECT RAISE(ABORT, 'a set-off takes effect by its lines, once it is signed'); END
--;
CREATE TRIGGER exchanges_setoff_guard_4 BEFORE UPDATE OF state ON exchanges_setoff
WHEN NEW.state = 'effective' AND NEW.kind <> 'round' AND EXISTS (
  SELECT side.firm_id FROM (
    SELECT owed.issuer_id AS firm_id, part.applied_cents AS cents
    FROM exchanges_setoff_line AS part JOIN exchanges_invoice AS owed ON owed.id = part.invoice_id
    WHERE part.setoff_id = NEW.id
    UNION ALL
    SELECT owed.recipient_id, -part.applied_cents
    FROM exchanges_setoff_line AS part JOIN exchanges_invoice AS owed ON owed.id = part.invoice_id
    WHERE part.setoff_id = NEW.id) AS side
  GROUP BY side.firm_id HAVING sum(side.cents) <> 0)
BEGIN SELECT RAISE(ABORT, 'each firm sets off as much as is set off for it'); END
--;
CREATE TRIGGER exchanges_setoff_guard_5 BEFORE UPDATE OF state ON exchanges_setoff
WHEN NEW.state IN ('draft', 'void') AND NOT NOT EXISTS (
  SELECT 1 FROM exchanges_setoff_line AS part WHERE part.setoff_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a set-off with lines takes effect'); END
--;
CREATE TRIGGER exchanges_setoff_guard_6 BEFORE UPDATE OF id, kind, basis, deal_id, round_id, made_at ON exchanges_setoff
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'set-offs are never changed'); END
--;
CREATE TRIGGER exchanges_setoff_guard_7 BEFORE DELETE ON exchanges_setoff
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'set-offs are never removed'); END
--;
CREATE TRIGGER exchanges_setoff_consent_guard_1 BEFORE UPDATE OF id, setoff_id, firm_id, plan_hash, at ON exchanges_setoff_consent
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'consents are never changed'); END
--;
CREATE TRIGGER exchanges_setoff_consent_guard_2 BEFORE DELETE ON exchanges_setoff_consent
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'consents are never removed'); END
--;
CREATE TRIGGER exchanges_identity_guard_1 BEFORE UPDATE OF id, firm_id, legal_name, legal_form, street, postcode, city, country, siren, vat_number, regime, vat_on, prefix, at ON exchanges_identity
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'identities are never changed'); END
--;
CREATE TRIGGER exchanges_identity_guard_2 BEFORE DELETE ON exchanges_identity
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'identities are never removed'); END
--;
CREATE TRIGGER exchanges_books_guard_1 BEFORE UPDATE OF closed_until ON exchanges_books
WHEN OLD.closed_until IS NOT NULL AND (NEW.closed_until IS NULL OR NEW.closed_until < OLD.closed_until)
BEGIN SELECT RAISE(ABORT, 'what is closed stays closed'); END
--;
CREATE TRIGGER exchanges_books_guard_2 BEFORE UPDATE OF firm_id ON exchanges_books
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'books are never changed'); END
--;
CREATE TRIGGER exchanges_books_guard_3 BEFORE DELETE ON exchanges_books
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'books are never removed'); END
--;
CREATE TRIGGER exchanges_series_guard_1 BEFORE INSERT ON exchanges_series
WHEN NEW.last_no <> 0
BEGIN SELECT RAISE(ABORT, 'a series begins at its beginning'); END
--;
CREATE TRIGGER exchanges_series_guard_2 BEFORE UPDATE OF last_no ON exchanges_series
WHEN NEW.last_no <> OLD.last_no + 1
BEGIN SELECT RAISE(ABORT, 'a number follows the one before'); END
--;
CREATE TRIGGER exchanges_series_guard_3 BEFORE UPDATE OF firm_id, year ON exchanges_series
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'series are never changed'); END
--;
CREATE TRIGGER exchanges_series_guard_4 BEFORE DELETE ON exchanges_series
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'series are never removed'); END
--;
CREATE TRIGGER exchanges_invoice_no_replace BEFORE INSERT ON exchanges_invoice
WHEN EXISTS (SELECT 1 FROM exchanges_invoice AS held WHERE held.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a row is never replaced'); END
--;
CREATE TRIGGER exchanges_setoff_no_replace BEFORE INSERT ON exchanges_setoff
WHEN EXISTS (SELECT 1 FROM exchanges_setoff AS held WHERE held.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a row is never replaced'); END
--;
CREATE TRIGGER exchanges_setoff_line_no_replace BEFORE INSERT ON exchanges_setoff_line
WHEN EXISTS (SELECT 1 FROM exchanges_setoff_line AS held WHERE held.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a row is never replaced'); END
--;
CREATE TRIGGER exchanges_setoff_consent_no_replace BEFORE INSERT ON exchanges_setoff_consent
WHEN EXISTS (SELECT 1 FROM exchanges_setoff_consent AS held WHERE held.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a row is never replaced'); END
--;
CREATE TRIGGER exchanges_identity_no_replace BEFORE INSERT ON exchanges_identity
WHEN EXISTS (SELECT 1 FROM exchanges_identity AS held WHERE held.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a row is never replaced'); END
--;
CREATE TRIGGER exchanges_setoff_line_applied AFTER INSERT ON exchanges_setoff_line
BEGIN
  UPDATE exchanges_invoice SET applied_cents = applied_cents + NEW.applied_cents WHERE id = NEW.invoice_id;
END
