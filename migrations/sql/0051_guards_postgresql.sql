CREATE OR REPLACE FUNCTION exchanges_invoice_guard_13() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.credits_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM exchanges_invoice AS back WHERE back.id = NEW.credits_id
  AND back.kind = 'invoice' AND back.status <> 'draft') THEN
    RAISE EXCEPTION 'a credit note takes an issued invoice back' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_invoice_guard_13 BEFORE INSERT ON exchanges_invoice
FOR EACH ROW EXECUTE FUNCTION exchanges_invoice_guard_13()
--;
CREATE OR REPLACE FUNCTION exchanges_invoice_guard_14() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.credits_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM exchanges_invoice AS back WHERE back.id = NEW.credits_id
  AND back.kind = 'invoice' AND back.status <> 'draft') THEN
    RAISE EXCEPTION 'a credit note takes an issued invoice back' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_invoice_guard_14 BEFORE UPDATE OF credits_id ON exchanges_invoice
FOR EACH ROW EXECUTE FUNCTION exchanges_invoice_guard_14()
