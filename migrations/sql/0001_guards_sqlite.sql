CREATE TRIGGER commitments_pledge_insert BEFORE INSERT ON commitments_pledge
WHEN EXISTS (
  SELECT 1 FROM commitments_pledge AS other
  WHERE other.member_id = NEW.member_id
    AND other.valid_from < coalesce(other.valid_to, '9999-12-31')
    AND NEW.valid_from < coalesce(NEW.valid_to, '9999-12-31')
    AND other.valid_from < coalesce(NEW.valid_to, '9999-12-31')
    AND NEW.valid_from < coalesce(other.valid_to, '9999-12-31'))
BEGIN SELECT RAISE(ABORT, 'pledges of one member overlap'); END
--;
CREATE TRIGGER commitments_pledge_update BEFORE UPDATE ON commitments_pledge
WHEN EXISTS (
  SELECT 1 FROM commitments_pledge AS other
  WHERE other.member_id = NEW.member_id
    AND other.valid_from < coalesce(other.valid_to, '9999-12-31')
    AND NEW.valid_from < coalesce(NEW.valid_to, '9999-12-31')
    AND other.valid_from < coalesce(NEW.valid_to, '9999-12-31')
    AND NEW.valid_from < coalesce(other.valid_to, '9999-12-31') AND other.id <> NEW.id)
BEGIN SELECT RAISE(ABORT, 'pledges of one member overlap'); END
--;
CREATE TRIGGER commitments_ledger_update BEFORE UPDATE ON commitments_ledger
BEGIN SELECT RAISE(ABORT, 'ledger lines are never changed'); END
--;
CREATE TRIGGER commitments_ledger_delete BEFORE DELETE ON commitments_ledger
BEGIN SELECT RAISE(ABORT, 'ledger lines are never removed'); END
--;
CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'audit_entry only grows'); END
--;
CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'audit_entry only grows'); END
