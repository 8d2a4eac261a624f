DROP TRIGGER commitments_period_meets_insert
--;
DROP TRIGGER commitments_period_meets_update
--;
DROP TRIGGER commitments_period_meets_delete
--;
DROP TRIGGER commitments_kind_before_update
--;
DROP TRIGGER commitments_kind_before_delete
