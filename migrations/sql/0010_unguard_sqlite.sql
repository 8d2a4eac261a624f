DROP TRIGGER commitments_pledge_insert
--;
DROP TRIGGER commitments_pledge_update
--;
DROP TRIGGER commitments_ledger_update
--;
DROP TRIGGER commitments_ledger_delete
--;
DROP TRIGGER commitments_session_rev_update
--;
DROP TRIGGER commitments_session_rev_delete
--;
DROP TRIGGER commitments_obligation_update
--;
DROP TRIGGER commitments_obligation_delete
--;
DROP TRIGGER commitments_group_update
--;
DROP TRIGGER commitments_group_delete
--;
DROP TRIGGER commitments_punch_update
--;
DROP TRIGGER commitments_punch_delete
--;
DROP TRIGGER commitments_rule_update
--;
DROP TRIGGER commitments_rule_delete
--;
DROP TRIGGER commitments_period_update
--;
DROP TRIGGER commitments_period_delete
--;
DROP TRIGGER commitments_ledger_reversal
--;
DROP TRIGGER commitments_ledger_sum
