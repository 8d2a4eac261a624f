CREATE TRIGGER exchanges_txn_guard_3 BEFORE INSERT ON exchanges_txn
WHEN EXISTS (
  SELECT 1 FROM exchanges_txn AS before WHERE before.id = NEW.reverses_id
  AND (before.sealed = 0 OR before.kind IN ('reversal', 'clearing')))
BEGIN SELECT RAISE(ABORT, 'only what is sealed is reversed, and once'); END
