CREATE TRIGGER commitments_pledge_insert BEFORE INSERT ON commitments_pledge
WHEN EXISTS (
  SELECT 1 FROM commitments_pledge AS other
  WHERE (other.member_id = NEW.member_id OR other.firm_id = NEW.firm_id)
    AND other.valid_from < coalesce(other.valid_to, '9999-12-31')
    AND NEW.valid_from < coalesce(NEW.valid_to, '9999-12-31')
    AND other.valid_from < coalesce(NEW.valid_to, '9999-12-31')
    AND NEW.valid_from < coalesce(other.valid_to, '9999-12-31'))
BEGIN SELECT RAISE(ABORT, 'pledges of one holder overlap'); END
--;
CREATE TRIGGER commitments_pledge_update BEFORE UPDATE ON commitments_pledge
WHEN EXISTS (
  SELECT 1 FROM commitments_pledge AS other
  WHERE (other.member_id = NEW.member_id OR other.firm_id = NEW.firm_id)
    AND other.valid_from < coalesce(other.valid_to, '9999-12-31')
    AND NEW.valid_from < coalesce(NEW.valid_to, '9999-12-31')
    AND other.valid_from < coalesce(NEW.valid_to, '9999-12-31')
    AND NEW.valid_from < coalesce(other.valid_to, '9999-12-31') AND other.id <> NEW.id)
BEGIN SELECT RAISE(ABORT, 'pledges of one holder overlap'); END
--;
CREATE TRIGGER commitments_ledger_update BEFORE UPDATE ON commitments_ledger
BEGIN SELECT RAISE(ABORT, 'ledger lines are never changed'); END
--;
CREATE TRIGGER commitments_ledger_delete BEFORE DELETE ON commitments_ledger
BEGIN SELECT RAISE(ABORT, 'ledger lines are never removed'); END
--;
CREATE TRIGGER commitments_session_rev_update BEFORE UPDATE OF session_id, rev, before, after, at ON commitments_session_rev
BEGIN SELECT RAISE(ABORT, 'revisions are never changed'); END
--;
CREATE TRIGGER commitments_session_rev_delete BEFORE DELETE ON commitments_session_rev
BEGIN SELECT RAISE(ABORT, 'revisions are never removed'); END
--;
CREATE TRIGGER commitments_obligation_update BEFORE UPDATE ON commitments_obligation
BEGIN SELECT RAISE(ABORT, 'obligations are never changed'); END
--;
CREATE TRIGGER commitments_obligation_delete BEFORE DELETE ON commitments_obligation
BEGIN SELECT RAISE(ABORT, 'obligations are never removed'); END
--;
CREATE TRIGGER commitments_group_update BEFORE UPDATE OF id, kind, key, made_at ON commitments_group
BEGIN SELECT RAISE(ABORT, 'groups of lines are never changed'); END
--;
CREATE TRIGGER commitments_group_delete BEFORE DELETE ON commitments_group
BEGIN SELECT RAISE(ABORT, 'groups of lines are never removed'); END
--;
CREATE TRIGGER commitments_punch_update BEFORE UPDATE ON commitments_punch
BEGIN SELECT RAISE(ABORT, 'punches are never changed'); END
--;
CREATE TRIGGER commitments_punch_delete BEFORE DELETE ON commitments_punch
WHEN OLD.received_at > datetime('now', '-90 days')
BEGIN SELECT RAISE(ABORT, 'punches are kept for three months'); END
--;
CREATE TRIGGER commitments_rule_update BEFORE UPDATE ON commitments_rule
WHEN EXISTS (
  SELECT 1 FROM commitments_period WHERE rule_id = OLD.id AND state = 'closed')
BEGIN SELECT RAISE(ABORT, 'a closed period was reckoned by this rule'); END
--;
CREATE TRIGGER commitments_rule_delete BEFORE DELETE ON commitments_rule
WHEN EXISTS (
  SELECT 1 FROM commitments_period WHERE rule_id = OLD.id AND state = 'closed')
BEGIN SELECT RAISE(ABORT, 'a closed period was reckoned by this rule'); END
--;
CREATE TRIGGER commitments_period_update BEFORE UPDATE OF id, starts_on, ends_on, state, rule_id, closed_at ON commitments_period
WHEN OLD.state = 'closed'
BEGIN SELECT RAISE(ABORT, 'closed periods are never changed'); END
--;
CREATE TRIGGER commitments_period_delete BEFORE DELETE ON commitments_period
WHEN OLD.state = 'closed'
BEGIN SELECT RAISE(ABORT, 'closed periods are never removed'); END
--;
CREATE TRIGGER commitments_ledger_reversal BEFORE INSERT ON commitments_ledger
WHEN NEW.kind = 'REVERSAL' AND NEW.group_id IS NULL AND EXISTS (
  SELECT 1 FROM commitments_ledger AS line
  JOIN commitments_group AS held ON held.id = line.group_id
  WHERE line.id = NEW.reverses_id AND held.balance IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'a line of a balanced group is reversed in a group'); END
--;
CREATE TRIGGER commitments_ledger_sum AFTER INSERT ON commitments_ledger
WHEN NEW.group_id IS NOT NULL
BEGIN
  UPDATE commitments_group SET balance = balance + NEW.minutes
  WHERE id = NEW.group_id AND balance IS NOT NULL;
  UPDATE commitments_pool SET balance = balance + NEW.minutes
  WHERE NEW.member_id IS NULL AND NEW.firm_id IS NULL;
END
