DROP TRIGGER commitments_session_rev_change ON commitments_session_rev
--;
DROP TRIGGER commitments_session_rev_truncate ON commitments_session_rev
--;
DROP TRIGGER commitments_obligation_change ON commitments_obligation
--;
DROP TRIGGER commitments_obligation_truncate ON commitments_obligation
--;
DROP TRIGGER commitments_group_change ON commitments_group
--;
DROP TRIGGER commitments_group_truncate ON commitments_group
--;
DROP TRIGGER commitments_punch_change ON commitments_punch
--;
DROP TRIGGER commitments_punch_delete ON commitments_punch
--;
DROP TRIGGER commitments_punch_truncate ON commitments_punch
--;
DROP TRIGGER commitments_rule_change ON commitments_rule
--;
DROP TRIGGER commitments_period_change ON commitments_period
--;
DROP TRIGGER commitments_ledger_reversal ON commitments_ledger
--;
DROP TRIGGER commitments_ledger_sum ON commitments_ledger
--;
DROP FUNCTION commitments_row_is_kept, commitments_rule_is_kept,
  commitments_reversal_is_grouped, commitments_ledger_sums
--;
ALTER TABLE commitments_pledge DROP CONSTRAINT ex_commitments_pledge_member
--;
ALTER TABLE commitments_pledge DROP CONSTRAINT ex_commitments_pledge_firm
