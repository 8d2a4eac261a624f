CREATE OR REPLACE FUNCTION exchanges_invoice_guard_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status NOT IN ('draft', 'issued') OR NEW.applied_cents <> 0 OR NEW.paid_cents <> 0 OR NEW.credit_cents <> 0 THEN
    RAISE EXCEPTION 'an invoice begins unsettled' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE OR REPLACE FUNCTION exchanges_invoice_guard_8() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status IN ('compensated', 'paid', 'credited') AND NEW.status <> OLD.status AND (OLD.status = 'credited' OR NEW.status <> 'received' OR NEW.credit_cents >= OLD.credit_cents) THEN
    RAISE EXCEPTION 'what is settled stays settled' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE OR REPLACE FUNCTION exchanges_invoice_guard_10() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.paid_cents - NEW.credit_cents < OLD.paid_cents - OLD.credit_cents THEN
    RAISE EXCEPTION 'what is paid stays paid' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE OR REPLACE FUNCTION exchanges_invoice_guard_12() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.credit_cents < 0 OR NEW.credit_cents > NEW.paid_cents
OR NEW.credit_cents <> (
  SELECT coalesce(sum(part.cents), 0) FROM exchanges_credit_line AS part
  WHERE part.invoice_id = NEW.id) THEN
    RAISE EXCEPTION 'what credit pays is the sum of lines' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_invoice_guard_12 BEFORE UPDATE OF credit_cents ON exchanges_invoice
FOR EACH ROW EXECUTE FUNCTION exchanges_invoice_guard_12()
--;
CREATE OR REPLACE FUNCTION exchanges_credit_line_guard_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.cents > 0 AND NOT EXISTS (
  SELECT 1 FROM exchanges_invoice AS owed WHERE owed.id = NEW.invoice_id
  AND owed.kind = 'invoice' AND owed.status IN ('issued', 'received')
  AND owed.applied_cents + owed.paid_cents + NEW.cents <= owed.ttc_cents) THEN
    RAISE EXCEPTION 'no more is paid than is owed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_credit_line_guard_1 BEFORE INSERT ON exchanges_credit_line
FOR EACH ROW EXECUTE FUNCTION exchanges_credit_line_guard_1()
--;
CREATE OR REPLACE FUNCTION exchanges_credit_line_guard_2() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.cents > 0 AND NOT EXISTS (
  SELECT 1 FROM exchanges_invoice AS owed
  JOIN exchanges_txn AS moved ON moved.source_id = owed.leg_id
  JOIN exchanges_entry AS part ON part.txn_id = moved.id
  WHERE owed.id = NEW.invoice_id AND moved.id = NEW.txn_id AND moved.source_type = 'deal_leg'
  AND part.amount >= NEW.cents
  AND NOT EXISTS (SELECT 1 FROM exchanges_txn AS back WHERE back.reverses_id = moved.id)) THEN
    RAISE EXCEPTION 'credit pays what was posted and stands' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_credit_line_guard_2 BEFORE INSERT ON exchanges_credit_line
FOR EACH ROW EXECUTE FUNCTION exchanges_credit_line_guard_2()
--;
CREATE OR REPLACE FUNCTION exchanges_credit_line_guard_3() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.cents < 0 AND NOT EXISTS (
  SELECT 1 FROM exchanges_credit_line AS paid
  JOIN exchanges_txn AS back ON back.reverses_id = paid.txn_id
  WHERE paid.invoice_id = NEW.invoice_id AND back.id = NEW.txn_id AND paid.cents = -NEW.cents) THEN
    RAISE EXCEPTION 'a reversal gives back what its opposite paid' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_credit_line_guard_3 BEFORE INSERT ON exchanges_credit_line
FOR EACH ROW EXECUTE FUNCTION exchanges_credit_line_guard_3()
--;
CREATE OR REPLACE FUNCTION exchanges_credit_line_guard_4() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'lines are never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_credit_line_guard_4 BEFORE UPDATE OF id, invoice_id, txn_id, cents, applied_on ON exchanges_credit_line
FOR EACH ROW EXECUTE FUNCTION exchanges_credit_line_guard_4()
--;
CREATE OR REPLACE FUNCTION exchanges_credit_line_guard_5() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'lines are never removed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$
--;
CREATE TRIGGER exchanges_credit_line_guard_5 BEFORE DELETE ON exchanges_credit_line
FOR EACH ROW EXECUTE FUNCTION exchanges_credit_line_guard_5()
--;
CREATE OR REPLACE FUNCTION exchanges_credit_line_applied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE exchanges_invoice SET paid_cents = paid_cents + NEW.cents, credit_cents = credit_cents + NEW.cents, status = CASE WHEN NEW.cents < 0 AND status IN ('compensated', 'paid') THEN 'received' ELSE status END WHERE id = NEW.invoice_id;
  RETURN NULL;
END $$
--;
CREATE TRIGGER exchanges_credit_line_applied AFTER INSERT ON exchanges_credit_line
FOR EACH ROW EXECUTE FUNCTION exchanges_credit_line_applied()
--;
CREATE TRIGGER exchanges_credit_line_truncate BEFORE TRUNCATE ON exchanges_credit_line
FOR EACH STATEMENT EXECUTE FUNCTION exchanges_invoices_never_emptied()
