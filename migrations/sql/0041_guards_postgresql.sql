CREATE OR REPLACE FUNCTION exchanges_invoice_guard_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status NOT IN ('draft', 'issued') OR NEW.applied_cents <> 0 OR NEW.paid_cents <> 0 THEN
    RAISE EXCEPTION 'an invoice begins unsettled' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_invoice_guard_1 BEFORE INSERT ON exchanges_invoice
FOR EACH ROW EXECUTE FUNCTION exchanges_invoice_guard_1()
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
CREATE TRIGGER exchanges_invoice_guard_2 BEFORE INSERT ON exchanges_invoice
FOR EACH ROW EXECUTE FUNCTION exchanges_invoice_guard_2()
--;
CREATE OR REPLACE FUNCTION exchanges_invoice_guard_3() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.series_no IS NOT NULL AND (NOT EXISTS (
  SELECT 1 FROM exchanges_series AS held WHERE held.firm_id = NEW.issuer_id
  AND held.year = NEW.series_year AND held.last_no = NEW.series_no)
  OR (NEW.series_no > 1 AND NOT EXISTS (
    SELECT 1 FROM exchanges_invoice AS before WHERE before.issuer_id = NEW.issuer_id
    AND before.series_year = NEW.series_year AND before.series_no = NEW.series_no - 1))) THEN
    RAISE EXCEPTION 'a number follows the one before' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_invoice_guard_3 BEFORE INSERT ON exchanges_invoice
FOR EACH ROW EXECUTE FUNCTION exchanges_invoice_guard_3()
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
CREATE OR REPLACE FUNCTION exchanges_invoice_guard_5() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.series_no IS NOT NULL AND (NOT EXISTS (
  SELECT 1 FROM exchanges_series AS held WHERE held.firm_id = NEW.issuer_id
  AND held.year = NEW.series_year AND held.last_no = NEW.series_no)
  OR (NEW.series_no > 1 AND NOT EXISTS (
    SELECT 1 FROM exchanges_invoice AS before WHERE before.issuer_id = NEW.issuer_id
    AND before.series_year = NEW.series_year AND before.series_no = NEW.series_no - 1))) THEN
    RAISE EXCEPTION 'a number follows the one before' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_invoice_guard_5 BEFORE UPDATE OF series_no, series_year ON exchanges_invoice
FOR EACH ROW EXECUTE FUNCTION exchanges_invoice_guard_5()
--;
CREATE OR REPLACE FUNCTION exchanges_invoice_guard_6() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status <> 'draft' THEN
    RAISE EXCEPTION 'what is issued is never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_invoice_guard_6 BEFORE UPDATE OF kind, origin, deal_id, leg_id, credits_id, issuer_id, recipient_id, number, series_year, series_no, issued_on, supplied_on, due_on, title, quantity, unit, in_cash, ht_cents, vat_cents, ttc_cents, vat_by_rate, regime, vat_on, operation, mention, seller, buyer, issuer_siren, recipient_siren, file_key, file_name, sha256, made_at ON exchanges_invoice
FOR EACH ROW EXECUTE FUNCTION exchanges_invoice_guard_6()
--;
CREATE OR REPLACE FUNCTION exchanges_invoice_guard_7() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status = 'draft' AND OLD.status <> 'draft' THEN
    RAISE EXCEPTION 'what is issued is no draft again' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_invoice_guard_7 BEFORE UPDATE OF status ON exchanges_invoice
FOR EACH ROW EXECUTE FUNCTION exchanges_invoice_guard_7()
--;
CREATE OR REPLACE FUNCTION exchanges_invoice_guard_8() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status IN ('compensated', 'paid', 'credited') AND NEW.status <> OLD.status THEN
    RAISE EXCEPTION 'what is settled stays settled' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_invoice_guard_8 BEFORE UPDATE OF status ON exchanges_invoice
FOR EACH ROW EXECUTE FUNCTION exchanges_invoice_guard_8()
--;
CREATE OR REPLACE FUNCTION exchanges_invoice_guard_9() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.applied_cents <> (
  SELECT coalesce(sum(part.applied_cents), 0) FROM exchanges_setoff_line AS part
  WHERE part.invoice_id = NEW.id) THEN
    RAISE EXCEPTION 'what is applied is the sum of lines' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_invoice_guard_9 BEFORE UPDATE OF applied_cents ON exchanges_invoice
FOR EACH ROW EXECUTE FUNCTION exchanges_invoice_guard_9()
--;
CREATE OR REPLACE FUNCTION exchanges_invoice_guard_10() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.paid_cents < OLD.paid_cents THEN
    RAISE EXCEPTION 'what is paid stays paid' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_invoice_guard_10 BEFORE UPDATE OF paid_cents ON exchanges_invoice
FOR EACH ROW EXECUTE FUNCTION exchanges_invoice_guard_10()
--;
CREATE OR REPLACE FUNCTION exchanges_invoice_guard_11() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status <> 'draft' THEN
    RAISE EXCEPTION 'what is issued is never removed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$
--;
CREATE TRIGGER exchanges_invoice_guard_11 BEFORE DELETE ON exchanges_invoice
FOR EACH ROW EXECUTE FUNCTION exchanges_invoice_guard_11()
--;
CREATE OR REPLACE FUNCTION exchanges_setoff_line_guard_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT state FROM exchanges_setoff WHERE id = NEW.setoff_id) <> 'signed' THEN
    RAISE EXCEPTION 'lines are written as the set-off takes effect' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_setoff_line_guard_1 BEFORE INSERT ON exchanges_setoff_line
FOR EACH ROW EXECUTE FUNCTION exchanges_setoff_line_guard_1()
--;
CREATE OR REPLACE FUNCTION exchanges_setoff_line_guard_2() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
  SELECT 1 FROM exchanges_invoice AS owed WHERE owed.id = NEW.invoice_id
  AND owed.kind = 'invoice' AND owed.status IN ('issued', 'received')
  AND owed.applied_cents + owed.paid_cents + NEW.applied_cents <= owed.ttc_cents) THEN
    RAISE EXCEPTION 'no more is set off than is owed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_setoff_line_guard_2 BEFORE INSERT ON exchanges_setoff_line
FOR EACH ROW EXECUTE FUNCTION exchanges_setoff_line_guard_2()
--;
CREATE OR REPLACE FUNCTION exchanges_setoff_line_guard_3() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'lines are never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_setoff_line_guard_3 BEFORE UPDATE OF id, setoff_id, invoice_id, applied_cents ON exchanges_setoff_line
FOR EACH ROW EXECUTE FUNCTION exchanges_setoff_line_guard_3()
--;
CREATE OR REPLACE FUNCTION exchanges_setoff_line_guard_4() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'lines are never removed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$
--;
CREATE TRIGGER exchanges_setoff_line_guard_4 BEFORE DELETE ON exchanges_setoff_line
FOR EACH ROW EXECUTE FUNCTION exchanges_setoff_line_guard_4()
--;
CREATE OR REPLACE FUNCTION exchanges_setoff_guard_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> 'draft' THEN
    RAISE EXCEPTION 'a set-off begins as a draft' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_setoff_guard_1 BEFORE INSERT ON exchanges_setoff
FOR EACH ROW EXECUTE FUNCTION exchanges_setoff_guard_1()
--;
CREATE OR REPLACE FUNCTION exchanges_setoff_guard_2() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state IN ('effective', 'void') THEN
    RAISE EXCEPTION 'a set-off that took effect stays' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_setoff_guard_2 BEFORE UPDATE OF state, effective_on, plan_hash ON exchanges_setoff
FOR EACH ROW EXECUTE FUNCTION exchanges_setoff_guard_2()
--;
CREATE OR REPLACE FUNCTION exchanges_setoff_guard_3() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'effective' AND (OLD.state <> 'signed' OR NOT EXISTS (
  SELECT 1 FROM exchanges_setoff_line AS part WHERE part.setoff_id = NEW.id)) THEN
    RAISE EXCEPTION 'a set-off takes effect by its lines, once it is signed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_setoff_guard_3 BEFORE UPDATE OF state ON exchanges_setoff
FOR EACH ROW EXECUTE FUNCTION exchanges_setoff_guard_3()
--;
CREATE OR REPLACE FUNCTION exchanges_setoff_guard_4() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'effective' AND NEW.kind <> 'round' AND EXISTS (
  SELECT side.firm_id FROM (
    SELECT owed.issuer_id AS firm_id, part.applied_cents AS cents
    FROM exchanges_setoff_line AS part JOIN exchanges_invoice AS owed ON owed.id = part.invoice_id
    WHERE part.setoff_id = NEW.id
    UNION ALL
    SELECT owed.recipient_id, -part.applied_cents
    FROM exchanges_setoff_line AS part JOIN exchanges_invoice AS owed ON owed.id = part.invoice_id
    WHERE part.setoff_id = NEW.id) AS side
  GROUP BY side.firm_id HAVING sum(side.cents) <> 0) THEN
    RAISE EXCEPTION 'each firm sets off as much as is set off for it' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_setoff_guard_4 BEFORE UPDATE OF state ON exchanges_setoff
FOR EACH ROW EXECUTE FUNCTION exchanges_setoff_guard_4()
--;
CREATE OR REPLACE FUNCTION exchanges_setoff_guard_5() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state IN ('draft', 'void') AND NOT NOT EXISTS (
  SELECT 1 FROM exchanges_setoff_line AS part WHERE part.setoff_id = NEW.id) THEN
    RAISE EXCEPTION 'a set-off with lines takes effect' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_setoff_guard_5 BEFORE UPDATE OF state ON exchanges_setoff
FOR EACH ROW EXECUTE FUNCTION exchanges_setoff_guard_5()
--;
CREATE OR REPLACE FUNCTION exchanges_setoff_guard_6() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'set-offs are never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_setoff_guard_6 BEFORE UPDATE OF id, kind, basis, deal_id, round_id, made_at ON exchanges_setoff
FOR EACH ROW EXECUTE FUNCTION exchanges_setoff_guard_6()
--;
CREATE OR REPLACE FUNCTION exchanges_setoff_guard_7() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'set-offs are never removed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$
--;
CREATE TRIGGER exchanges_setoff_guard_7 BEFORE DELETE ON exchanges_setoff
FOR EACH ROW EXECUTE FUNCTION exchanges_setoff_guard_7()
--;
CREATE OR REPLACE FUNCTION exchanges_setoff_consent_guard_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'consents are never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_setoff_consent_guard_1 BEFORE UPDATE OF id, setoff_id, firm_id, plan_hash, at ON exchanges_setoff_consent
FOR EACH ROW EXECUTE FUNCTION exchanges_setoff_consent_guard_1()
--;
CREATE OR REPLACE FUNCTION exchanges_setoff_consent_guard_2() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'consents are never removed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$
--;
CREATE TRIGGER exchanges_setoff_consent_guard_2 BEFORE DELETE ON exchanges_setoff_consent
FOR EACH ROW EXECUTE FUNCTION exchanges_setoff_consent_guard_2()
--;
CREATE OR REPLACE FUNCTION exchanges_identity_guard_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'identities are never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_identity_guard_1 BEFORE UPDATE OF id, firm_id, legal_name, legal_form, street, postcode, city, country, siren, vat_number, regime, vat_on, prefix, at ON exchanges_identity
FOR EACH ROW EXECUTE FUNCTION exchanges_identity_guard_1()
--;
CREATE OR REPLACE FUNCTION exchanges_identity_guard_2() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'identities are never removed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$
--;
CREATE TRIGGER exchanges_identity_guard_2 BEFORE DELETE ON exchanges_identity
FOR EACH ROW EXECUTE FUNCTION exchanges_identity_guard_2()
--;
CREATE OR REPLACE FUNCTION exchanges_books_guard_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.closed_until IS NOT NULL AND (NEW.closed_until IS NULL OR NEW.closed_until < OLD.closed_until) THEN
    RAISE EXCEPTION 'what is closed stays closed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_books_guard_1 BEFORE UPDATE OF closed_until ON exchanges_books
FOR EACH ROW EXECUTE FUNCTION exchanges_books_guard_1()
--;
CREATE OR REPLACE FUNCTION exchanges_books_guard_2() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'books are never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_books_guard_2 BEFORE UPDATE OF firm_id ON exchanges_books
FOR EACH ROW EXECUTE FUNCTION exchanges_books_guard_2()
--;
CREATE OR REPLACE FUNCTION exchanges_books_guard_3() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'books are never removed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$
--;
CREATE TRIGGER exchanges_books_guard_3 BEFORE DELETE ON exchanges_books
FOR EACH ROW EXECUTE FUNCTION exchanges_books_guard_3()
--;
CREATE OR REPLACE FUNCTION exchanges_series_guard_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.last_no <> 0 THEN
    RAISE EXCEPTION 'a series begins at its beginning' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_series_guard_1 BEFORE INSERT ON exchanges_series
FOR EACH ROW EXECUTE FUNCTION exchanges_series_guard_1()
--;
CREATE OR REPLACE FUNCTION exchanges_series_guard_2() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.last_no <> OLD.last_no + 1 THEN
    RAISE EXCEPTION 'a number follows the one before' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_series_guard_2 BEFORE UPDATE OF last_no ON exchanges_series
FOR EACH ROW EXECUTE FUNCTION exchanges_series_guard_2()
--;
CREATE OR REPLACE FUNCTION exchanges_series_guard_3() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'series are never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_series_guard_3 BEFORE UPDATE OF firm_id, year ON exchanges_series
FOR EACH ROW EXECUTE FUNCTION exchanges_series_guard_3()
--;
CREATE OR REPLACE FUNCTION exchanges_series_guard_4() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'series are never removed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$
--;
CREATE TRIGGER exchanges_series_guard_4 BEFORE DELETE ON exchanges_series
FOR EACH ROW EXECUTE FUNCTION exchanges_series_guard_4()
--;
CREATE OR REPLACE FUNCTION exchanges_setoff_line_applied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE exchanges_invoice SET applied_cents = applied_cents + NEW.applied_cents WHERE id = NEW.invoice_id;
  RETURN NULL;
END $$
--;
CREATE TRIGGER exchanges_setoff_line_applied AFTER INSERT ON exchanges_setoff_line
FOR EACH ROW EXECUTE FUNCTION exchanges_setoff_line_applied()
--;
CREATE OR REPLACE FUNCTION exchanges_invoices_never_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'invoices are never emptied' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$
--;
CREATE TRIGGER exchanges_invoice_truncate BEFORE TRUNCATE ON exchanges_invoice
FOR EACH STATEMENT EXECUTE FUNCTION exchanges_invoices_never_emptied()
--;
CREATE TRIGGER exchanges_setoff_truncate BEFORE TRUNCATE ON exchanges_setoff
FOR EACH STATEMENT EXECUTE FUNCTION exchanges_invoices_never_emptied()
--;
CREATE TRIGGER exchanges_setoff_line_truncate BEFORE TRUNCATE ON exchanges_setoff_line
FOR EACH STATEMENT EXECUTE FUNCTION exchanges_invoices_never_emptied()
--;
CREATE TRIGGER exchanges_setoff_consent_truncate BEFORE TRUNCATE ON exchanges_setoff_consent
FOR EACH STATEMENT EXECUTE FUNCTION exchanges_invoices_never_emptied()
--;
CREATE TRIGGER exchanges_identity_truncate BEFORE TRUNCATE ON exchanges_identity
FOR EACH STATEMENT EXECUTE FUNCTION exchanges_invoices_never_emptied()
--;
CREATE TRIGGER exchanges_books_truncate BEFORE TRUNCATE ON exchanges_books
FOR EACH STATEMENT EXECUTE FUNCTION exchanges_invoices_never_emptied()
--;
CREATE TRIGGER exchanges_series_truncate BEFORE TRUNCATE ON exchanges_series
FOR EACH STATEMENT EXECUTE FUNCTION exchanges_invoices_never_emptied()
