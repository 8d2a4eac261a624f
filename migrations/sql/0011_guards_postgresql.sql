ALTER TABLE commitments_period ADD CONSTRAINT ex_commitments_period_days
EXCLUDE USING gist (daterange(starts_on, ends_on) WITH &&)
--;
CREATE OR REPLACE FUNCTION commitments_periods_meet() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (
      SELECT ends_on, lead(starts_on) OVER (ORDER BY starts_on) AS following
      FROM commitments_period) AS one WHERE ends_on < following) THEN
    RAISE EXCEPTION 'periods meet: no gap, no overlap' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$
--;
CREATE TRIGGER commitments_period_meets
AFTER INSERT OR UPDATE OF starts_on, ends_on OR DELETE ON commitments_period
FOR EACH STATEMENT EXECUTE FUNCTION commitments_periods_meet()
--;
CREATE TRIGGER commitments_kind_before_change BEFORE UPDATE OR DELETE ON commitments_kind_before
FOR EACH ROW EXECUTE FUNCTION commitments_row_is_kept()
--;
CREATE TRIGGER commitments_kind_before_truncate BEFORE TRUNCATE ON commitments_kind_before
FOR EACH STATEMENT EXECUTE FUNCTION commitments_row_is_kept()
