CREATE TRIGGER commitments_pledge_rev_change BEFORE UPDATE OR DELETE ON commitments_pledge_rev
FOR EACH ROW EXECUTE FUNCTION commitments_row_is_kept()
--;
CREATE TRIGGER commitments_pledge_rev_truncate BEFORE TRUNCATE ON commitments_pledge_rev
FOR EACH STATEMENT EXECUTE FUNCTION commitments_row_is_kept()
