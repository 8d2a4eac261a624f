CREATE TRIGGER commitments_period_meets_insert BEFORE INSERT ON commitments_period
WHEN EXISTS (
  SELECT 1 FROM commitments_period AS other
  WHERE other.starts_on < NEW.ends_on AND NEW.starts_on < other.ends_on AND (other.starts_on <> NEW.starts_on OR other.ends_on <> NEW.ends_on))
  OR EXISTS (
  SELECT 1 FROM commitments_period AS other WHERE other.ends_on <= NEW.starts_on)
  AND NOT EXISTS (
  SELECT 1 FROM commitments_period AS other WHERE other.ends_on = NEW.starts_on)
  OR EXISTS (
  SELECT 1 FROM commitments_period AS other WHERE other.starts_on >= NEW.ends_on)
  AND NOT EXISTS (
  SELECT 1 FROM commitments_period AS other WHERE other.starts_on = NEW.ends_on)
BEGIN SELECT RAISE(ABORT, 'periods meet: no gap, no overlap'); END
--;
CREATE TRIGGER commitments_period_meets_update BEFORE UPDATE OF starts_on, ends_on ON commitments_period
WHEN EXISTS (
  SELECT 1 FROM commitments_period AS other
  WHERE other.starts_on < NEW.ends_on AND NEW.starts_on < other.ends_on AND other.id <> NEW.id)
  OR EXISTS (
  SELECT 1 FROM commitments_period AS other WHERE other.id <> NEW.id AND other.ends_on <= NEW.starts_on)
  AND NOT EXISTS (
  SELECT 1 FROM commitments_period AS other WHERE other.id <> NEW.id AND other.ends_on = NEW.starts_on)
  OR EXISTS (
  SELECT 1 FROM commitments_period AS other WHERE other.id <> NEW.id AND other.starts_on >= NEW.ends_on)
  AND NOT EXISTS (
  SELECT 1 FROM commitments_period AS other WHERE other.id <> NEW.id AND other.starts_on = NEW.ends_on)
BEGIN SELECT RAISE(ABORT, 'periods meet: no gap, no overlap'); END
--;
CREATE TRIGGER commitments_period_meets_delete BEFORE DELETE ON commitments_period
WHEN EXISTS (SELECT 1 FROM commitments_period WHERE starts_on < OLD.starts_on)
  AND EXISTS (SELECT 1 FROM commitments_period WHERE starts_on > OLD.starts_on)
BEGIN SELECT RAISE(ABORT, 'periods meet: no gap, no overlap'); END
--;
CREATE TRIGGER commitments_kind_before_update BEFORE UPDATE ON commitments_kind_before
BEGIN SELECT RAISE(ABORT, 'terms of kinds are never changed'); END
--;
CREATE TRIGGER commitments_kind_before_delete BEFORE DELETE ON commitments_kind_before
BEGIN SELECT RAISE(ABORT, 'terms of kinds are never removed'); END
