ALTER TABLE commitments_pledge ADD CONSTRAINT ex_commitments_pledge_overlap EXCLUDE USING gist
(int8range(member_id, member_id, '[]') WITH &&, daterange(valid_from, valid_to) WITH &&)
--;
CREATE OR REPLACE FUNCTION commitments_ledger_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger lines are never changed or removed'
  USING ERRCODE = 'restrict_violation';
END $$
--;
CREATE TRIGGER commitments_ledger_change BEFORE UPDATE OR DELETE ON commitments_ledger
FOR EACH ROW EXECUTE FUNCTION commitments_ledger_is_kept()
--;
CREATE TRIGGER commitments_ledger_truncate BEFORE TRUNCATE ON commitments_ledger
FOR EACH STATEMENT EXECUTE FUNCTION commitments_ledger_is_kept()
--;
CREATE OR REPLACE FUNCTION audit_entry_only_grows() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION 'audit_entry only grows'; END $$
--;
CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_entry
        FOR EACH ROW EXECUTE FUNCTION audit_entry_only_grows()
--;
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_only_grows()
