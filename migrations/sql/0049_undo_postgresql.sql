CREATE OR REPLACE FUNCTION exchanges_txn_guard_23() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.sealed <> 0 THEN
    RAISE EXCEPTION 'a transaction begins open' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.kind NOT IN ('reversal', 'guarantee') AND NOT (SELECT switched_on FROM exchanges_head) THEN
    RAISE EXCEPTION 'mutual credit is off' USING ERRCODE = 'restrict_violation';
  END IF;
  IF EXISTS (
  SELECT 1 FROM exchanges_txn AS before WHERE before.id = NEW.reverses_id
  AND (before.sealed = 0 OR before.kind = 'reversal')) THEN
    RAISE EXCEPTION 'only what is sealed is reversed, and once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
