ALTER TABLE commitments_pledge ADD CONSTRAINT ex_commitments_pledge_member EXCLUDE USING gist
(int8range(member_id, member_id, '[]') WITH &&, daterange(valid_from, valid_to) WITH &&)
WHERE (member_id IS NOT NULL)
--;
ALTER TABLE commitments_pledge ADD CONSTRAINT ex_commitments_pledge_firm EXCLUDE USING gist
(int8range(firm_id, firm_id, '[]') WITH &&, daterange(valid_from, valid_to) WITH &&)
WHERE (firm_id IS NOT NULL)
--;
CREATE OR REPLACE FUNCTION commitments_row_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'restrict_violation',
  MESSAGE = 'rows of ' || TG_TABLE_NAME || ' are kept as they are';
END $$
--;
CREATE OR REPLACE FUNCTION commitments_rule_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM commitments_period WHERE rule_id = OLD.id AND state = 'closed') THEN
    RAISE EXCEPTION 'a closed period was reckoned by this rule'
    USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$
--;
CREATE OR REPLACE FUNCTION commitments_reversal_is_grouped() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM commitments_ledger AS line
             JOIN commitments_group AS held ON held.id = line.group_id
             WHERE line.id = NEW.reverses_id AND held.balance IS NOT NULL) THEN
    RAISE EXCEPTION 'a line of a balanced group is reversed in a group'
    USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE OR REPLACE FUNCTION commitments_ledger_sums() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE commitments_group AS held SET balance = held.balance + fresh.minutes
  FROM (SELECT group_id, sum(minutes)::bigint AS minutes FROM written
        WHERE group_id IS NOT NULL GROUP BY group_id) AS fresh
  WHERE held.id = fresh.group_id AND held.balance IS NOT NULL;
  UPDATE commitments_pool SET balance = balance + fresh.minutes
  FROM (SELECT sum(minutes)::bigint AS minutes FROM written
        WHERE member_id IS NULL AND firm_id IS NULL) AS fresh
  WHERE fresh.minutes IS NOT NULL;
  RETURN NULL;
END $$
--;
CREATE TRIGGER commitments_session_rev_change BEFORE UPDATE OF session_id, rev, before, after, at OR DELETE ON commitments_session_rev
FOR EACH ROW EXECUTE FUNCTION commitments_row_is_kept()
--;
CREATE TRIGGER commitments_session_rev_truncate BEFORE TRUNCATE ON commitments_session_rev
FOR EACH STATEMENT EXECUTE FUNCTION commitments_row_is_kept()
--;
CREATE TRIGGER commitments_obligation_change BEFORE UPDATE OR DELETE ON commitments_obligation
FOR EACH ROW EXECUTE FUNCTION commitments_row_is_kept()
--;
CREATE TRIGGER commitments_obligation_truncate BEFORE TRUNCATE ON commitments_obligation
FOR EACH STATEMENT EXECUTE FUNCTION commitments_row_is_kept()
--;
CREATE TRIGGER commitments_group_change BEFORE UPDATE OF id, kind, key, made_at OR DELETE ON commitments_group
FOR EACH ROW EXECUTE FUNCTION commitments_row_is_kept()
--;
CREATE TRIGGER commitments_group_truncate BEFORE TRUNCATE ON commitments_group
FOR EACH STATEMENT EXECUTE FUNCTION commitments_row_is_kept()
--;
CREATE TRIGGER commitments_punch_change BEFORE UPDATE ON commitments_punch
FOR EACH ROW EXECUTE FUNCTION commitments_row_is_kept()
--;
CREATE TRIGGER commitments_punch_delete BEFORE DELETE ON commitments_punch
FOR EACH ROW WHEN (OLD.received_at > now() - interval '90 days') EXECUTE FUNCTION commitments_row_is_kept()
--;
CREATE TRIGGER commitments_punch_truncate BEFORE TRUNCATE ON commitments_punch
FOR EACH STATEMENT EXECUTE FUNCTION commitments_row_is_kept()
--;
CREATE TRIGGER commitments_rule_change BEFORE UPDATE OR DELETE ON commitments_rule
FOR EACH ROW EXECUTE FUNCTION commitments_rule_is_kept()
--;
CREATE TRIGGER commitments_period_change BEFORE UPDATE OF id, starts_on, ends_on, state, rule_id, closed_at OR DELETE ON commitments_period
FOR EACH ROW WHEN (OLD.state = 'closed') EXECUTE FUNCTION commitments_row_is_kept()
--;
CREATE TRIGGER commitments_ledger_reversal BEFORE INSERT ON commitments_ledger
FOR EACH ROW WHEN (NEW.kind = 'REVERSAL' AND NEW.group_id IS NULL)
EXECUTE FUNCTION commitments_reversal_is_grouped()
--;
CREATE TRIGGER commitments_ledger_sum AFTER INSERT ON commitments_ledger
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION commitments_ledger_sums()
