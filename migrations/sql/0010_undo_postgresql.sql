DROP INDEX ix_commitments_pledge_firm_id
--;
DELETE FROM commitments_pledge WHERE member_id IS NULL
--;
ALTER TABLE commitments_pledge ALTER COLUMN member_id SET NOT NULL
--;
ALTER TABLE commitments_pledge
  DROP CONSTRAINT ck_commitments_pledge_holder,
  DROP CONSTRAINT ck_commitments_pledge_min_home_pct,
  DROP CONSTRAINT ck_commitments_pledge_help_max_pct
--;
ALTER TABLE commitments_pledge
  DROP COLUMN firm_id,
  DROP COLUMN min_home_pct,
  DROP COLUMN help_max_pct,
  DROP COLUMN charter_version_id
--;
ALTER TABLE commitments_pledge ADD CONSTRAINT ex_commitments_pledge_overlap EXCLUDE USING gist
(int8range(member_id, member_id, '[]') WITH &&, daterange(valid_from, valid_to) WITH &&)
--;
DROP INDEX ix_commitments_contribution_flagged
--;
DROP INDEX ix_commitments_contribution_managers_turn
--;
DROP INDEX ix_commitments_contribution_receiver_id
--;
DROP INDEX ix_commitments_contribution_silent
--;
DROP INDEX ix_commitments_contribution_site_day
--;
DROP INDEX ix_commitments_contribution_thread_id
--;
ALTER TABLE commitments_contribution
  DROP CONSTRAINT ck_commitments_contribution_minutes,
  DROP CONSTRAINT ck_commitments_contribution_state,
  DROP CONSTRAINT ck_commitments_contribution_decided,
  DROP CONSTRAINT ck_commitments_contribution_other,
  DROP CONSTRAINT ck_commitments_contribution_span,
  DROP CONSTRAINT ck_commitments_contribution_order,
  DROP CONSTRAINT ck_commitments_contribution_counted
--;
DELETE FROM commitments_contribution WHERE state = 'draft' OR minutes < 5
--;
UPDATE commitments_contribution SET minutes = minutes / 5 * 5,
  state = CASE state WHEN 'needs_manager' THEN 'declared' WHEN 'counted' THEN 'confirmed' WHEN 'appealed' THEN 'refused' ELSE state END
--;
ALTER TABLE commitments_contribution
  DROP COLUMN firm_id,
  DROP COLUMN started_at,
  DROP COLUMN ended_at,
  DROP COLUMN counted,
  DROP COLUMN site_id,
  DROP COLUMN thread_id,
  DROP COLUMN event_id,
  DROP COLUMN signup_id,
  DROP COLUMN evidence,
  DROP COLUMN flags,
  DROP COLUMN declared_by_id,
  DROP COLUMN appeal,
  DROP COLUMN appealed_at
--;
ALTER TABLE commitments_contribution
  ADD CONSTRAINT ck_commitments_contribution_decided CHECK ((state = 'declared') = (decided_at IS NULL)),
  ADD CONSTRAINT ck_commitments_contribution_state CHECK (state IN ('declared', 'confirmed', 'refused', 'withdrawn')),
  ADD CONSTRAINT ck_commitments_contribution_other CHECK (state NOT IN ('confirmed', 'refused') OR decided_by_id <> giver_id),
  ADD CONSTRAINT ck_commitments_contribution_minutes CHECK (minutes BETWEEN 5 AND 1440 AND minutes / 5 * 5 = minutes)
--;
ALTER TABLE commitments_contribution ALTER COLUMN state TYPE VARCHAR(10)
--;
DROP INDEX ix_commitments_ledger_firm_id
--;
DROP INDEX ix_commitments_ledger_group_id
--;
DROP INDEX ix_commitments_ledger_pool
--;
DROP INDEX ix_commitments_ledger_site_day
--;
DROP TRIGGER commitments_ledger_change ON commitments_ledger
--;
DELETE FROM commitments_ledger WHERE member_id IS NULL OR firm_id IS NOT NULL
--;
ALTER TABLE commitments_ledger ALTER COLUMN member_id SET NOT NULL
--;
ALTER TABLE commitments_ledger
  DROP CONSTRAINT ck_commitments_ledger_kind,
  DROP CONSTRAINT ck_commitments_ledger_account,
  DROP CONSTRAINT ck_commitments_ledger_grouped
--;
ALTER TABLE commitments_ledger DROP CONSTRAINT fk_commitments_ledger_group_id
--;
ALTER TABLE commitments_ledger
  DROP COLUMN firm_id,
  DROP COLUMN origin_period_id
--;
ALTER TABLE commitments_ledger
  ADD CONSTRAINT ck_commitments_ledger_kind CHECK (kind IN ('DUE', 'DONE', 'HELP', 'CARRY_IN', 'CARRY_OUT', 'SURPLUS', 'WAIVED_DEBT', 'GIFT_OUT', 'GIFT_IN', 'CORRECTION', 'REVERSAL', 'EXIT'))
--;
CREATE TRIGGER commitments_ledger_change BEFORE UPDATE OR DELETE ON commitments_ledger
FOR EACH ROW EXECUTE FUNCTION commitments_ledger_is_kept()
--;
UPDATE commitments_contribution SET kind = 'other' WHERE kind = 'paid_barter'
--;
DELETE FROM commitments_kind WHERE code = 'paid_barter'
