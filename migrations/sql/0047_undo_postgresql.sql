DROP TRIGGER exchanges_invoice_guard_12 ON exchanges_invoice
--;
CREATE OR REPLACE FUNCTION exchanges_invoice_guard_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status NOT IN ('draft', 'issued') OR NEW.applied_cents <> 0 OR NEW.paid_cents <> 0 THEN
    RAISE EXCEPTION 'an invoice begins unsettled' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE OR REPLACE FUNCTION exchanges_invoice_guard_8() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status IN ('compensated', 'paid', 'credited') AND NEW.status <> OLD.status THEN
    RAISE EXCEPTION 'what is settled stays settled' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE OR REPLACE FUNCTION exchanges_invoice_guard_10() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.paid_cents < OLD.paid_cents THEN
    RAISE EXCEPTION 'what is paid stays paid' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
DROP FUNCTION exchanges_invoice_guard_12()
--;
DROP FUNCTION exchanges_credit_line_guard_1()
--;
DROP FUNCTION exchanges_credit_line_guard_2()
--;
DROP FUNCTION exchanges_credit_line_guard_3()
--;
DROP FUNCTION exchanges_credit_line_guard_4()
--;
DROP FUNCTION exchanges_credit_line_guard_5()
--;
DROP FUNCTION exchanges_credit_line_applied()
