CREATE OR REPLACE FUNCTION exchanges_setoff_guard_8() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'effective' AND NEW.kind = 'deal' AND EXISTS (
  SELECT 1 FROM exchanges_setoff_line AS part
  JOIN exchanges_invoice AS owed ON owed.id = part.invoice_id
  WHERE part.setoff_id = NEW.id AND 2 <> (
    SELECT count(*) FROM exchanges_setoff_consent AS given
    WHERE given.setoff_id = NEW.id AND given.plan_hash = NEW.plan_hash
    AND given.firm_id IN (owed.issuer_id, owed.recipient_id))) THEN
    RAISE EXCEPTION 'a set-off takes effect once each of its firms agreed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_setoff_guard_8 BEFORE UPDATE OF state ON exchanges_setoff
FOR EACH ROW EXECUTE FUNCTION exchanges_setoff_guard_8()
