CREATE OR REPLACE FUNCTION exchanges_invoice_guard_2() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.issued_on IS NOT NULL AND EXISTS (
  SELECT 1 FROM exchanges_books AS held
  WHERE (held.firm_id = NEW.issuer_id AND held.closed_until >= NEW.issued_on)
  OR (held.firm_id = NEW.recipient_id
    AND held.closed_until >= coalesce(NEW.booked_on, NEW.issued_on))) THEN
    RAISE EXCEPTION 'the period is closed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE OR REPLACE FUNCTION exchanges_invoice_guard_4() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.issued_on IS NOT NULL AND EXISTS (
  SELECT 1 FROM exchanges_books AS held
  WHERE (held.firm_id = NEW.issuer_id AND held.closed_until >= NEW.issued_on)
  OR (held.firm_id = NEW.recipient_id
    AND held.closed_until >= coalesce(NEW.booked_on, NEW.issued_on))) THEN
    RAISE EXCEPTION 'the period is closed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
DROP TRIGGER exchanges_invoice_guard_4 ON exchanges_invoice
--;
CREATE TRIGGER exchanges_invoice_guard_4 BEFORE UPDATE OF issued_on, booked_on ON exchanges_invoice
FOR EACH ROW EXECUTE FUNCTION exchanges_invoice_guard_4()
--;
DROP TRIGGER exchanges_invoice_guard_6 ON exchanges_invoice
--;
CREATE TRIGGER exchanges_invoice_guard_6 BEFORE UPDATE OF kind, origin, deal_id, leg_id, credits_id, issuer_id, recipient_id, number, series_year, series_no, issued_on, booked_on, supplied_on, due_on, title, quantity, unit, in_cash, ht_cents, vat_cents, ttc_cents, vat_by_rate, regime, vat_on, operation, mention, seller, buyer, issuer_siren, recipient_siren, file_key, file_name, sha256, made_at ON exchanges_invoice
FOR EACH ROW EXECUTE FUNCTION exchanges_invoice_guard_6()
--;
CREATE OR REPLACE FUNCTION exchanges_setoff_guard_9() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'effective' AND EXISTS (
  SELECT 1 FROM exchanges_setoff_line AS part
  JOIN exchanges_invoice AS owed ON owed.id = part.invoice_id
  JOIN exchanges_books AS held ON held.firm_id IN (owed.issuer_id, owed.recipient_id)
  WHERE part.setoff_id = NEW.id AND held.closed_until >= NEW.effective_on) THEN
    RAISE EXCEPTION 'the period is closed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_setoff_guard_9 BEFORE UPDATE OF state ON exchanges_setoff
FOR EACH ROW EXECUTE FUNCTION exchanges_setoff_guard_9()
--;
CREATE OR REPLACE FUNCTION exchanges_credit_line_guard_6() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
  SELECT 1 FROM exchanges_invoice AS owed
  JOIN exchanges_books AS held ON held.firm_id IN (owed.issuer_id, owed.recipient_id)
  WHERE owed.id = NEW.invoice_id AND held.closed_until >= NEW.applied_on) THEN
    RAISE EXCEPTION 'the period is closed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_credit_line_guard_6 BEFORE INSERT ON exchanges_credit_line
FOR EACH ROW EXECUTE FUNCTION exchanges_credit_line_guard_6()
