CREATE TRIGGER exchanges_netting_switch_guard_1 BEFORE UPDATE OF id, turned_on, text_read, at ON exchanges_netting_switch
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'acts of the switch are never changed'); END
--;
CREATE TRIGGER exchanges_netting_switch_guard_2 BEFORE DELETE ON exchanges_netting_switch
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'acts of the switch are never removed'); END
--;
CREATE TRIGGER exchanges_netting_part_guard_1 BEFORE INSERT ON exchanges_netting_part
WHEN NEW.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'taking part begins before it ends'); END
--;
CREATE TRIGGER exchanges_netting_part_guard_2 BEFORE UPDATE OF ended_at ON exchanges_netting_part
WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'what ended stays ended'); END
--;
CREATE TRIGGER exchanges_netting_part_guard_3 BEFORE UPDATE OF id, firm_id, at ON exchanges_netting_part
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'words of firms are never changed'); END
--;
CREATE TRIGGER exchanges_netting_part_guard_4 BEFORE DELETE ON exchanges_netting_part
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'words of firms are never removed'); END
--;
CREATE TRIGGER exchanges_round_guard_1 BEFORE INSERT ON exchanges_round
WHEN NEW.state <> 'collecting' OR NEW.revision <> 0
BEGIN SELECT RAISE(ABORT, 'a round begins'); END
--;
CREATE TRIGGER exchanges_round_guard_2 BEFORE INSERT ON exchanges_round
WHEN NOT EXISTS (
  SELECT 1 FROM exchanges_netting_switch AS told
  WHERE told.id = (SELECT max(id) FROM exchanges_netting_switch) AND told.turned_on)
BEGIN SELECT RAISE(ABORT, 'netting is off'); END
--;
CREATE TRIGGER exchanges_round_guard_3 BEFORE UPDATE OF id, mode, cutoff, seed, answer_days, once, opened_at ON exchanges_round
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'rounds are never changed'); END
--;
CREATE TRIGGER exchanges_round_guard_4 BEFORE DELETE ON exchanges_round
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'rounds are never removed'); END
--;
CREATE TRIGGER exchanges_round_guard_5 BEFORE UPDATE OF state ON exchanges_round
WHEN NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ('collecting>cancelled', 'collecting>computed', 'computed>cancelled', 'computed>previewed', 'consented>cancelled', 'consented>executed', 'executed>published', 'previewed>cancelled', 'previewed>consented')
BEGIN SELECT RAISE(ABORT, 'a round goes on in its order'); END
--;
CREATE TRIGGER exchanges_round_guard_6 BEFORE UPDATE OF revision, running, answer_by, executed_at, setoff_id, txn_id, cancelled_at, words ON exchanges_round
WHEN OLD.running IS NULL
BEGIN SELECT RAISE(ABORT, 'what is done stays as it was done'); END
--;
CREATE TRIGGER exchanges_round_guard_7 BEFORE UPDATE OF revision ON exchanges_round
WHEN NEW.revision <> OLD.revision + 1 OR NOT EXISTS (
  SELECT 1 FROM exchanges_round_revision AS found
  WHERE found.round_id = NEW.id AND found.no = NEW.revision)
BEGIN SELECT RAISE(ABORT, 'a revision follows the one before'); END
--;
CREATE TRIGGER exchanges_round_guard_8 BEFORE UPDATE OF revision ON exchanges_round
WHEN OLD.state IN ('previewed', 'consented') AND EXISTS (
  SELECT 1 FROM exchanges_round_line AS part WHERE part.round_id = NEW.id AND part.revision = NEW.revision AND NOT EXISTS (
    SELECT 1 FROM exchanges_round_line AS before WHERE before.round_id = NEW.id
    AND before.revision = OLD.revision AND before.invoice_id = part.invoice_id
    AND before.cleared_cents >= part.cleared_cents))
BEGIN SELECT RAISE(ABORT, 'nothing rises that a firm has read'); END
--;
CREATE TRIGGER exchanges_round_guard_9 BEFORE UPDATE OF state ON exchanges_round
WHEN NEW.state = 'executed' AND OLD.state <> 'executed' AND NOT EXISTS (
  SELECT 1 FROM exchanges_netting_switch AS told
  WHERE told.id = (SELECT max(id) FROM exchanges_netting_switch) AND told.turned_on)
BEGIN SELECT RAISE(ABORT, 'netting is off'); END
--;
CREATE TRIGGER exchanges_round_guard_10 BEFORE UPDATE OF state ON exchanges_round
WHEN NEW.state = 'executed' AND OLD.state <> 'executed' AND EXISTS (
  SELECT 1 FROM exchanges_round_line AS part WHERE part.round_id = NEW.id AND part.revision = NEW.revision AND (SELECT count(*) FROM exchanges_round_notice AS told WHERE told.round_id = NEW.id
    AND told.firm_id IN (part.debtor_id, part.creditor_id)
    AND told.accepted_at IS NOT NULL AND told.refused_at IS NULL) <> 2)
BEGIN SELECT RAISE(ABORT, 'each firm agrees first'); END
--;
CREATE TRIGGER exchanges_round_guard_11 BEFORE UPDATE OF state ON exchanges_round
WHEN NEW.state = 'executed' AND OLD.state <> 'executed' AND EXISTS (
  SELECT 1 FROM exchanges_round_notice AS told WHERE told.round_id = NEW.id AND (
    told.payables_cleared <> (SELECT coalesce(sum(part.cleared_cents), 0) FROM exchanges_round_line AS part WHERE part.round_id = NEW.id AND part.revision = NEW.revision
      AND part.debtor_id = told.firm_id)
    OR told.receivables_cleared <> (SELECT coalesce(sum(part.cleared_cents), 0) FROM exchanges_round_line AS part WHERE part.round_id = NEW.id AND part.revision = NEW.revision
      AND part.creditor_id = told.firm_id)))
BEGIN SELECT RAISE(ABORT, 'what firms read is what is cleared'); END
--;
CREATE TRIGGER exchanges_round_guard_12 BEFORE UPDATE OF state ON exchanges_round
WHEN NEW.state = 'executed' AND OLD.state <> 'executed' AND NEW.mode = 'pure' AND EXISTS (SELECT 1 FROM exchanges_round_notice AS told WHERE told.round_id = NEW.id AND told.ledger_delta <> 0)
BEGIN SELECT RAISE(ABORT, 'each firm pays as much less as it receives'); END
--;
CREATE TRIGGER exchanges_round_guard_13 BEFORE UPDATE OF state ON exchanges_round
WHEN NEW.state = 'executed' AND OLD.state <> 'executed' AND (NOT EXISTS (
  SELECT 1 FROM exchanges_setoff AS done WHERE done.id = NEW.setoff_id AND done.kind = 'round'
  AND done.round_id = NEW.id AND done.state = 'effective')
  OR (SELECT count(*) FROM exchanges_setoff_line AS applied
    WHERE applied.setoff_id = NEW.setoff_id) <> (SELECT count(*) FROM exchanges_round_line AS part WHERE part.round_id = NEW.id AND part.revision = NEW.revision)
  OR EXISTS (SELECT 1 FROM exchanges_round_line AS part WHERE part.round_id = NEW.id AND part.revision = NEW.revision AND NOT EXISTS (
    SELECT 1 FROM exchanges_setoff_line AS applied WHERE applied.setoff_id = NEW.setoff_id
    AND applied.invoice_id = part.invoice_id AND applied.applied_cents = part.cleared_cents)))
BEGIN SELECT RAISE(ABORT, 'a round is executed by its set-off'); END
--;
CREATE TRIGGER exchanges_round_guard_14 BEFORE UPDATE OF state ON exchanges_round
WHEN NEW.state = 'executed' AND OLD.state <> 'executed' AND ((SELECT count(*) FROM exchanges_entry AS entry
  WHERE entry.txn_id = NEW.txn_id) <> (SELECT count(*) FROM exchanges_round_notice AS told WHERE told.round_id = NEW.id AND told.ledger_delta <> 0)
  OR EXISTS (SELECT 1 FROM exchanges_round_notice AS told WHERE told.round_id = NEW.id AND told.ledger_delta <> 0 AND NOT EXISTS (
    SELECT 1 FROM exchanges_entry AS entry
    JOIN exchanges_account AS account ON account.id = entry.account_id
    WHERE entry.txn_id = NEW.txn_id AND account.firm_id = told.firm_id
    AND entry.amount = told.ledger_delta)))
BEGIN SELECT RAISE(ABORT, 'what is left over is posted on the ledger'); END
--;
CREATE TRIGGER exchanges_round_revision_guard_1 BEFORE INSERT ON exchanges_round_revision
WHEN NOT EXISTS (SELECT 1 FROM exchanges_round AS held WHERE held.id = NEW.round_id AND held.running)
BEGIN SELECT RAISE(ABORT, 'the round has ended'); END
--;
CREATE TRIGGER exchanges_round_revision_guard_2 BEFORE INSERT ON exchanges_round_revision
WHEN NOT EXISTS (SELECT 1 FROM exchanges_round AS held WHERE held.id = NEW.round_id AND held.revision + 1 = NEW.no)
BEGIN SELECT RAISE(ABORT, 'a revision follows the one before'); END
--;
CREATE TRIGGER exchanges_round_revision_guard_3 BEFORE UPDATE OF id, round_id, no, reason, input_sha, solver, solver_version, owed_cents, cleared_cents, firms, debts, lengths, file, at ON exchanges_round_revision
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'revisions are never changed'); END
--;
CREATE TRIGGER exchanges_round_revision_guard_4 BEFORE DELETE ON exchanges_round_revision
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'revisions are never removed'); END
--;
CREATE TRIGGER exchanges_round_line_guard_1 BEFORE INSERT ON exchanges_round_line
WHEN NOT EXISTS (SELECT 1 FROM exchanges_round AS held WHERE held.id = NEW.round_id AND held.running)
BEGIN SELECT RAISE(ABORT, 'the round has ended'); END
--;
CREATE TRIGGER exchanges_round_line_guard_2 BEFORE INSERT ON exchanges_round_line
WHEN NOT EXISTS (SELECT 1 FROM exchanges_round AS held WHERE held.id = NEW.round_id AND held.revision + 1 = NEW.revision)
BEGIN SELECT RAISE(ABORT, 'lines are written as computed'); END
--;
CREATE TRIGGER exchanges_round_line_guard_3 BEFORE INSERT ON exchanges_round_line
WHEN NOT EXISTS (
  SELECT 1 FROM exchanges_invoice AS owed WHERE owed.id = NEW.invoice_id
  AND owed.kind = 'invoice' AND owed.issuer_id = NEW.creditor_id
  AND owed.recipient_id = NEW.debtor_id)
BEGIN SELECT RAISE(ABORT, 'a line is about an invoice between its firms'); END
--;
CREATE TRIGGER exchanges_round_line_guard_4 BEFORE UPDATE OF id, round_id, revision, invoice_id, debtor_id, creditor_id, owed_cents, cleared_cents ON exchanges_round_line
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'lines are never changed'); END
--;
CREATE TRIGGER exchanges_round_line_guard_5 BEFORE DELETE ON exchanges_round_line
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'lines are never removed'); END
--;
CREATE TRIGGER exchanges_round_notice_guard_1 BEFORE INSERT ON exchanges_round_notice
WHEN NOT EXISTS (SELECT 1 FROM exchanges_round AS held WHERE held.id = NEW.round_id AND held.running)
BEGIN SELECT RAISE(ABORT, 'the round has ended'); END
--;
CREATE TRIGGER exchanges_round_notice_guard_2 BEFORE UPDATE OF payables_cleared, receivables_cleared, ledger_delta, accepted_at, refused_at, silent_at ON exchanges_round_notice
WHEN EXISTS (SELECT 1 FROM exchanges_round AS held WHERE held.id = NEW.round_id AND held.state IN ('executed', 'published', 'cancelled'))
BEGIN SELECT RAISE(ABORT, 'the round has ended'); END
--;
CREATE TRIGGER exchanges_round_notice_guard_3 BEFORE UPDATE OF payables_cleared, receivables_cleared, ledger_delta ON exchanges_round_notice
WHEN EXISTS (SELECT 1 FROM exchanges_round AS held WHERE held.id = NEW.round_id AND held.state IN ('previewed', 'consented')) AND (
  NEW.payables_cleared > OLD.payables_cleared
  OR NEW.receivables_cleared > OLD.receivables_cleared
  OR NEW.ledger_delta < CASE WHEN OLD.ledger_delta < 0 THEN OLD.ledger_delta ELSE 0 END
  OR NEW.ledger_delta > CASE WHEN OLD.ledger_delta > 0 THEN OLD.ledger_delta ELSE 0 END)
BEGIN SELECT RAISE(ABORT, 'nothing rises that a firm has read'); END
--;
CREATE TRIGGER exchanges_round_notice_guard_4 BEFORE UPDATE OF accepted_at, refused_at, silent_at ON exchanges_round_notice
WHEN OLD.refused_at IS NOT NULL OR OLD.silent_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'who is out of a round stays out'); END
--;
CREATE TRIGGER exchanges_round_notice_guard_5 BEFORE UPDATE OF accepted_at ON exchanges_round_notice
WHEN NOT EXISTS (SELECT 1 FROM exchanges_round AS held WHERE held.id = NEW.round_id AND held.state IN ('previewed', 'consented'))
BEGIN SELECT RAISE(ABORT, 'a firm agrees to what it was shown'); END
--;
CREATE TRIGGER exchanges_round_notice_guard_6 BEFORE UPDATE OF id, round_id, firm_id, number ON exchanges_round_notice
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'notices are never changed'); END
--;
CREATE TRIGGER exchanges_round_notice_guard_7 BEFORE DELETE ON exchanges_round_notice
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'notices are never removed'); END
--;
CREATE TRIGGER exchanges_netting_switch_no_replace BEFORE INSERT ON exchanges_netting_switch
WHEN EXISTS (SELECT 1 FROM exchanges_netting_switch AS held WHERE held.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a row is never replaced'); END
--;
CREATE TRIGGER exchanges_netting_part_no_replace BEFORE INSERT ON exchanges_netting_part
WHEN EXISTS (SELECT 1 FROM exchanges_netting_part AS held WHERE held.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a row is never replaced'); END
--;
CREATE TRIGGER exchanges_round_no_replace BEFORE INSERT ON exchanges_round
WHEN EXISTS (SELECT 1 FROM exchanges_round AS held WHERE held.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a row is never replaced'); END
--;
CREATE TRIGGER exchanges_round_revision_no_replace BEFORE INSERT ON exchanges_round_revision
WHEN EXISTS (SELECT 1 FROM exchanges_round_revision AS held WHERE held.id = NEW.id OR (held.round_id = NEW.round_id AND held.no = NEW.no))
BEGIN SELECT RAISE(ABORT, 'a row is never replaced'); END
--;
CREATE TRIGGER exchanges_round_line_no_replace BEFORE INSERT ON exchanges_round_line
WHEN EXISTS (SELECT 1 FROM exchanges_round_line AS held WHERE held.id = NEW.id OR (held.round_id = NEW.round_id AND held.revision = NEW.revision AND held.invoice_id = NEW.invoice_id))
BEGIN SELECT RAISE(ABORT, 'a row is never replaced'); END
--;
CREATE TRIGGER exchanges_round_notice_no_replace BEFORE INSERT ON exchanges_round_notice
WHEN EXISTS (SELECT 1 FROM exchanges_round_notice AS held WHERE held.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a row is never replaced'); END
