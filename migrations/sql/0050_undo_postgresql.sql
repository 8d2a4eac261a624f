DROP TRIGGER exchanges_invoice_guard_4 ON exchanges_invoice
--;
DROP TRIGGER exchanges_invoice_guard_6 ON exchanges_invoice
--;
DROP TRIGGER exchanges_setoff_guard_9 ON exchanges_setoff
--;
DROP TRIGGER exchanges_credit_line_guard_6 ON exchanges_credit_line
--;
CREATE OR REPLACE FUNCTION exchanges_invoice_guard_2() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.issued_on IS NOT NULL AND EXISTS (
  SELECT 1 FROM exchanges_books AS held WHERE held.firm_id = NEW.issuer_id
  AND held.closed_until >= NEW.issued_on) THEN
    RAISE EXCEPTION 'the period is closed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE OR REPLACE FUNCTION exchanges_invoice_guard_4() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.issued_on IS NOT NULL AND EXISTS (
  SELECT 1 FROM exchanges_books AS held WHERE held.firm_id = NEW.issuer_id
  AND held.closed_until >= NEW.issued_on) THEN
    RAISE EXCEPTION 'the period is closed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_invoice_guard_4 BEFORE UPDATE OF issued_on ON exchanges_invoice
FOR EACH ROW EXECUTE FUNCTION exchanges_invoice_guard_4()
--;
CREATE TRIGGER exchanges_invoice_guard_6 BEFORE UPDATE OF kind, origin, deal_id, leg_id, credits_id, issuer_id, recipient_id, number, series_year, series_no, issued_on, supplied_on, due_on, title, quantity, unit, in_cash, ht_cents, vat_cents, ttc_cents, vat_by_rate, regime, vat_on, operation, mention, seller, buyer, issuer_siren, recipient_siren, file_key, file_name, sha256, made_at ON exchanges_invoice
FOR EACH ROW EXECUTE FUNCTION exchanges_invoice_guard_6()
--;
DROP FUNCTION exchanges_setoff_guard_9()
--;
DROP FUNCTION exchanges_credit_line_guard_6()
