DROP TRIGGER commitments_period_meets ON commitments_period
--;
DROP TRIGGER commitments_kind_before_change ON commitments_kind_before
--;
DROP TRIGGER commitments_kind_before_truncate ON commitments_kind_before
--;
DROP FUNCTION commitments_periods_meet
--;
ALTER TABLE commitments_period DROP CONSTRAINT ex_commitments_period_days
