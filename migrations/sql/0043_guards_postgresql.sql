CREATE OR REPLACE FUNCTION exchanges_netting_switch_guard_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'acts of the switch are never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_netting_switch_guard_1 BEFORE UPDATE OF id, turned_on, text_read, at ON exchanges_netting_switch
FOR EACH ROW EXECUTE FUNCTION exchanges_netting_switch_guard_1()
--;
CREATE OR REPLACE FUNCTION exchanges_netting_switch_guard_2() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'acts of the switch are never removed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$
--;
CREATE TRIGGER exchanges_netting_switch_guard_2 BEFORE DELETE ON exchanges_netting_switch
FOR EACH ROW EXECUTE FUNCTION exchanges_netting_switch_guard_2()
--;
CREATE OR REPLACE FUNCTION exchanges_netting_part_guard_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.ended_at IS NOT NULL THEN
    RAISE EXCEPTION 'taking part begins before it ends' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_netting_part_guard_1 BEFORE INSERT ON exchanges_netting_part
FOR EACH ROW EXECUTE FUNCTION exchanges_netting_part_guard_1()
--;
CREATE OR REPLACE FUNCTION exchanges_netting_part_guard_2() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.ended_at IS NOT NULL THEN
    RAISE EXCEPTION 'what ended stays ended' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_netting_part_guard_2 BEFORE UPDATE OF ended_at ON exchanges_netting_part
FOR EACH ROW EXECUTE FUNCTION exchanges_netting_part_guard_2()
--;
CREATE OR REPLACE FUNCTION exchanges_netting_part_guard_3() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'words of firms are never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_netting_part_guard_3 BEFORE UPDATE OF id, firm_id, at ON exchanges_netting_part
FOR EACH ROW EXECUTE FUNCTION exchanges_netting_part_guard_3()
--;
CREATE OR REPLACE FUNCTION exchanges_netting_part_guard_4() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'words of firms are never removed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$
--;
CREATE TRIGGER exchanges_netting_part_guard_4 BEFORE DELETE ON exchanges_netting_part
FOR EACH ROW EXECUTE FUNCTION exchanges_netting_part_guard_4()
--;
CREATE OR REPLACE FUNCTION exchanges_round_guard_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> 'collecting' OR NEW.revision <> 0 THEN
    RAISE EXCEPTION 'a round begins' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_round_guard_1 BEFORE INSERT ON exchanges_round
FOR EACH ROW EXECUTE FUNCTION exchanges_round_guard_1()
--;
CREATE OR REPLACE FUNCTION exchanges_round_guard_2() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
  SELECT 1 FROM exchanges_netting_switch AS told
  WHERE told.id = (SELECT max(id) FROM exchanges_netting_switch) AND told.turned_on) THEN
    RAISE EXCEPTION 'netting is off' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_round_guard_2 BEFORE INSERT ON exchanges_round
FOR EACH ROW EXECUTE FUNCTION exchanges_round_guard_2()
--;
CREATE OR REPLACE FUNCTION exchanges_round_guard_3() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'rounds are never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_round_guard_3 BEFORE UPDATE OF id, mode, cutoff, seed, answer_days, once, opened_at ON exchanges_round
FOR EACH ROW EXECUTE FUNCTION exchanges_round_guard_3()
--;
CREATE OR REPLACE FUNCTION exchanges_round_guard_4() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'rounds are never removed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$
--;
CREATE TRIGGER exchanges_round_guard_4 BEFORE DELETE ON exchanges_round
FOR EACH ROW EXECUTE FUNCTION exchanges_round_guard_4()
--;
CREATE OR REPLACE FUNCTION exchanges_round_guard_5() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ('collecting>cancelled', 'collecting>computed', 'computed>cancelled', 'computed>previewed', 'consented>cancelled', 'consented>executed', 'executed>published', 'previewed>cancelled', 'previewed>consented') THEN
    RAISE EXCEPTION 'a round goes on in its order' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_round_guard_5 BEFORE UPDATE OF state ON exchanges_round
FOR EACH ROW EXECUTE FUNCTION exchanges_round_guard_5()
--;
CREATE OR REPLACE FUNCTION exchanges_round_guard_6() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.running IS NULL THEN
    RAISE EXCEPTION 'what is done stays as it was done' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_round_guard_6 BEFORE UPDATE OF revision, running, answer_by, executed_at, setoff_id, txn_id, cancelled_at, words ON exchanges_round
FOR EACH ROW EXECUTE FUNCTION exchanges_round_guard_6()
--;
CREATE OR REPLACE FUNCTION exchanges_round_guard_7() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.revision <> OLD.revision + 1 OR NOT EXISTS (
  SELECT 1 FROM exchanges_round_revision AS found
  WHERE found.round_id = NEW.id AND found.no = NEW.revision) THEN
    RAISE EXCEPTION 'a revision follows the one before' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_round_guard_7 BEFORE UPDATE OF revision ON exchanges_round
FOR EACH ROW EXECUTE FUNCTION exchanges_round_guard_7()
--;
CREATE OR REPLACE FUNCTION exchanges_round_guard_8() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state IN ('previewed', 'consented') AND EXISTS (
  SELECT 1 FROM exchanges_round_line AS part WHERE part.round_id = NEW.id AND part.revision = NEW.revision AND NOT EXISTS (
    SELECT 1 FROM exchanges_round_line AS before WHERE before.round_id = NEW.id
    AND before.revision = OLD.revision AND before.invoice_id = part.invoice_id
    AND before.cleared_cents >= part.cleared_cents)) THEN
    RAISE EXCEPTION 'nothing rises that a firm has read' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_round_guard_8 BEFORE UPDATE OF revision ON exchanges_round
FOR EACH ROW EXECUTE FUNCTION exchanges_round_guard_8()
--;
CREATE OR REPLACE FUNCTION exchanges_round_guard_9() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'executed' AND OLD.state <> 'executed' AND NOT EXISTS (
  SELECT 1 FROM exchanges_netting_switch AS told
  WHERE told.id = (SELECT max(id) FROM exchanges_netting_switch) AND told.turned_on) THEN
    RAISE EXCEPTION 'netting is off' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_round_guard_9 BEFORE UPDATE OF state ON exchanges_round
FOR EACH ROW EXECUTE FUNCTION exchanges_round_guard_9()
--;
CREATE OR REPLACE FUNCTION exchanges_round_guard_10() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'executed' AND OLD.state <> 'executed' AND EXISTS (
  SELECT 1 FROM exchanges_round_line AS part WHERE part.round_id = NEW.id AND part.revision = NEW.revision AND (SELECT count(*) FROM exchanges_round_notice AS told WHERE told.round_id = NEW.id
    AND told.firm_id IN (part.debtor_id, part.creditor_id)
    AND told.accepted_at IS NOT NULL AND told.refused_at IS NULL) <> 2) THEN
    RAISE EXCEPTION 'each firm agrees first' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_round_guard_10 BEFORE UPDATE OF state ON exchanges_round
FOR EACH ROW EXECUTE FUNCTION exchanges_round_guard_10()
--;
CREATE OR REPLACE FUNCTION exchanges_round_guard_11() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'executed' AND OLD.state <> 'executed' AND EXISTS (
  SELECT 1 FROM exchanges_round_notice AS told WHERE told.round_id = NEW.id AND (
    told.payables_cleared <> (SELECT coalesce(sum(part.cleared_cents), 0) FROM exchanges_round_line AS part WHERE part.round_id = NEW.id AND part.revision = NEW.revision
      AND part.debtor_id = told.firm_id)
    OR told.receivables_cleared <> (SELECT coalesce(sum(part.cleared_cents), 0) FROM exchanges_round_line AS part WHERE part.round_id = NEW.id AND part.revision = NEW.revision
      AND part.creditor_id = told.firm_id))) THEN
    RAISE EXCEPTION 'what firms read is what is cleared' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_round_guard_11 BEFORE UPDATE OF state ON exchanges_round
FOR EACH ROW EXECUTE FUNCTION exchanges_round_guard_11()
--;
CREATE OR REPLACE FUNCTION exchanges_round_guard_12() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'executed' AND OLD.state <> 'executed' AND NEW.mode = 'pure' AND EXISTS (SELECT 1 FROM exchanges_round_notice AS told WHERE told.round_id = NEW.id AND told.ledger_delta <> 0) THEN
    RAISE EXCEPTION 'each firm pays as much less as it receives' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_round_guard_12 BEFORE UPDATE OF state ON exchanges_round
FOR EACH ROW EXECUTE FUNCTION exchanges_round_guard_12()
--;
CREATE OR REPLACE FUNCTION exchanges_round_guard_13() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'executed' AND OLD.state <> 'executed' AND (NOT EXISTS (
  SELECT 1 FROM exchanges_setoff AS done WHERE done.id = NEW.setoff_id AND done.kind = 'round'
  AND done.round_id = NEW.id AND done.state = 'effective')
  OR (SELECT count(*) FROM exchanges_setoff_line AS applied
    WHERE applied.setoff_id = NEW.setoff_id) <> (SELECT count(*) FROM exchanges_round_line AS part WHERE part.round_id = NEW.id AND part.revision = NEW.revision)
  OR EXISTS (SELECT 1 FROM exchanges_round_line AS part WHERE part.round_id = NEW.id AND part.revision = NEW.revision AND NOT EXISTS (
    SELECT 1 FROM exchanges_setoff_line AS applied WHERE applied.setoff_id = NEW.setoff_id
    AND applied.invoice_id = part.invoice_id AND applied.applied_cents = part.cleared_cents))) THEN
    RAISE EXCEPTION 'a round is executed by its set-off' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_round_guard_13 BEFORE UPDATE OF state ON exchanges_round
FOR EACH ROW EXECUTE FUNCTION exchanges_round_guard_13()
--;
CREATE OR REPLACE FUNCTION exchanges_round_guard_14() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'executed' AND OLD.state <> 'executed' AND ((SELECT count(*) FROM exchanges_entry AS entry
  WHERE entry.txn_id = NEW.txn_id) <> (SELECT count(*) FROM exchanges_round_notice AS told WHERE told.round_id = NEW.id AND told.ledger_delta <> 0)
  OR EXISTS (SELECT 1 FROM exchanges_round_notice AS told WHERE told.round_id = NEW.id AND told.ledger_delta <> 0 AND NOT EXISTS (
    SELECT 1 FROM exchanges_entry AS entry
    JOIN exchanges_account AS account ON account.id = entry.account_id
    WHERE entry.txn_id = NEW.txn_id AND account.firm_id = told.firm_id
    AND entry.amount = told.ledger_delta))) THEN
    RAISE EXCEPTION 'what is left over is posted on the ledger' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_round_guard_14 BEFORE UPDATE OF state ON exchanges_round
FOR EACH ROW EXECUTE FUNCTION exchanges_round_guard_14()
--;
CREATE OR REPLACE FUNCTION exchanges_round_revision_guard_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM exchanges_round AS held WHERE held.id = NEW.round_id AND held.running) THEN
    RAISE EXCEPTION 'the round has ended' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_round_revision_guard_1 BEFORE INSERT ON exchanges_round_revision
FOR EACH ROW EXECUTE FUNCTION exchanges_round_revision_guard_1()
--;
CREATE OR REPLACE FUNCTION exchanges_round_revision_guard_2() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM exchanges_round AS held WHERE held.id = NEW.round_id AND held.revision + 1 = NEW.no) THEN
    RAISE EXCEPTION 'a revision follows the one before' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_round_revision_guard_2 BEFORE INSERT ON exchanges_round_revision
FOR EACH ROW EXECUTE FUNCTION exchanges_round_revision_guard_2()
--;
CREATE OR REPLACE FUNCTION exchanges_round_revision_guard_3() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'revisions are never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_round_revision_guard_3 BEFORE UPDATE OF id, round_id, no, reason, input_sha, solver, solver_version, owed_cents, cleared_cents, firms, debts, lengths, file, at ON exchanges_round_revision
FOR EACH ROW EXECUTE FUNCTION exchanges_round_revision_guard_3()
--;
CREATE OR REPLACE FUNCTION exchanges_round_revision_guard_4() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'revisions are never removed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$
--;
CREATE TRIGGER exchanges_round_revision_guard_4 BEFORE DELETE ON exchanges_round_revision
FOR EACH ROW EXECUTE FUNCTION exchanges_round_revision_guard_4()
--;
CREATE OR REPLACE FUNCTION exchanges_round_line_guard_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM exchanges_round AS held WHERE held.id = NEW.round_id AND held.running) THEN
    RAISE EXCEPTION 'the round has ended' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_round_line_guard_1 BEFORE INSERT ON exchanges_round_line
FOR EACH ROW EXECUTE FUNCTION exchanges_round_line_guard_1()
--;
CREATE OR REPLACE FUNCTION exchanges_round_line_guard_2() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM exchanges_round AS held WHERE held.id = NEW.round_id AND held.revision + 1 = NEW.revision) THEN
    RAISE EXCEPTION 'lines are written as computed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_round_line_guard_2 BEFORE INSERT ON exchanges_round_line
FOR EACH ROW EXECUTE FUNCTION exchanges_round_line_guard_2()
--;
CREATE OR REPLACE FUNCTION exchanges_round_line_guard_3() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
  SELECT 1 FROM exchanges_invoice AS owed WHERE owed.id = NEW.invoice_id
  AND owed.kind = 'invoice' AND owed.issuer_id = NEW.creditor_id
  AND owed.recipient_id = NEW.debtor_id) THEN
    RAISE EXCEPTION 'a line is about an invoice between its firms' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_round_line_guard_3 BEFORE INSERT ON exchanges_round_line
FOR EACH ROW EXECUTE FUNCTION exchanges_round_line_guard_3()
--;
CREATE OR REPLACE FUNCTION exchanges_round_line_guard_4() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'lines are never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_round_line_guard_4 BEFORE UPDATE OF id, round_id, revision, invoice_id, debtor_id, creditor_id, owed_cents, cleared_cents ON exchanges_round_line
FOR EACH ROW EXECUTE FUNCTION exchanges_round_line_guard_4()
--;
CREATE OR REPLACE FUNCTION exchanges_round_line_guard_5() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'lines are never removed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$
--;
CREATE TRIGGER exchanges_round_line_guard_5 BEFORE DELETE ON exchanges_round_line
FOR EACH ROW EXECUTE FUNCTION exchanges_round_line_guard_5()
--;
CREATE OR REPLACE FUNCTION exchanges_round_notice_guard_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM exchanges_round AS held WHERE held.id = NEW.round_id AND held.running) THEN
    RAISE EXCEPTION 'the round has ended' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_round_notice_guard_1 BEFORE INSERT ON exchanges_round_notice
FOR EACH ROW EXECUTE FUNCTION exchanges_round_notice_guard_1()
--;
CREATE OR REPLACE FUNCTION exchanges_round_notice_guard_2() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM exchanges_round AS held WHERE held.id = NEW.round_id AND held.state IN ('executed', 'published', 'cancelled')) THEN
    RAISE EXCEPTION 'the round has ended' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_round_notice_guard_2 BEFORE UPDATE OF payables_cleared, receivables_cleared, ledger_delta, accepted_at, refused_at, silent_at ON exchanges_round_notice
FOR EACH ROW EXECUTE FUNCTION exchanges_round_notice_guard_2()
--;
CREATE OR REPLACE FUNCTION exchanges_round_notice_guard_3() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM exchanges_round AS held WHERE held.id = NEW.round_id AND held.state IN ('previewed', 'consented')) AND (
  NEW.payables_cleared > OLD.payables_cleared
  OR NEW.receivables_cleared > OLD.receivables_cleared
  OR NEW.ledger_delta < CASE WHEN OLD.ledger_delta < 0 THEN OLD.ledger_delta ELSE 0 END
  OR NEW.ledger_delta > CASE WHEN OLD.ledger_delta > 0 THEN OLD.ledger_delta ELSE 0 END) THEN
    RAISE EXCEPTION 'nothing rises that a firm has read' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_round_notice_guard_3 BEFORE UPDATE OF payables_cleared, receivables_cleared, ledger_delta ON exchanges_round_notice
FOR EACH ROW EXECUTE FUNCTION exchanges_round_notice_guard_3()
--;
CREATE OR REPLACE FUNCTION exchanges_round_notice_guard_4() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.refused_at IS NOT NULL OR OLD.silent_at IS NOT NULL THEN
    RAISE EXCEPTION 'who is out of a round stays out' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_round_notice_guard_4 BEFORE UPDATE OF accepted_at, refused_at, silent_at ON exchanges_round_notice
FOR EACH ROW EXECUTE FUNCTION exchanges_round_notice_guard_4()
--;
CREATE OR REPLACE FUNCTION exchanges_round_notice_guard_5() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM exchanges_round AS held WHERE held.id = NEW.round_id AND held.state IN ('previewed', 'consented')) THEN
    RAISE EXCEPTION 'a firm agrees to what it was shown' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_round_notice_guard_5 BEFORE UPDATE OF accepted_at ON exchanges_round_notice
FOR EACH ROW EXECUTE FUNCTION exchanges_round_notice_guard_5()
--;
CREATE OR REPLACE FUNCTION exchanges_round_notice_guard_6() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'notices are never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_round_notice_guard_6 BEFORE UPDATE OF id, round_id, firm_id, number ON exchanges_round_notice
FOR EACH ROW EXECUTE FUNCTION exchanges_round_notice_guard_6()
--;
CREATE OR REPLACE FUNCTION exchanges_round_notice_guard_7() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'notices are never removed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$
--;
CREATE TRIGGER exchanges_round_notice_guard_7 BEFORE DELETE ON exchanges_round_notice
FOR EACH ROW EXECUTE FUNCTION exchanges_round_notice_guard_7()
--;
CREATE OR REPLACE FUNCTION exchanges_rounds_never_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'rounds are never emptied' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$
--;
CREATE TRIGGER exchanges_netting_switch_truncate BEFORE TRUNCATE ON exchanges_netting_switch
FOR EACH STATEMENT EXECUTE FUNCTION exchanges_rounds_never_emptied()
--;
CREATE TRIGGER exchanges_netting_part_truncate BEFORE TRUNCATE ON exchanges_netting_part
FOR EACH STATEMENT EXECUTE FUNCTION exchanges_rounds_never_emptied()
--;
CREATE TRIGGER exchanges_round_truncate BEFORE TRUNCATE ON exchanges_round
FOR EACH STATEMENT EXECUTE FUNCTION exchanges_rounds_never_emptied()
--;
CREATE TRIGGER exchanges_round_revision_truncate BEFORE TRUNCATE ON exchanges_round_revision
FOR EACH STATEMENT EXECUTE FUNCTION exchanges_rounds_never_emptied()
--;
CREATE TRIGGER exchanges_round_line_truncate BEFORE TRUNCATE ON exchanges_round_line
FOR EACH STATEMENT EXECUTE FUNCTION exchanges_rounds_never_emptied()
--;
CREATE TRIGGER exchanges_round_notice_truncate BEFORE TRUNCATE ON exchanges_round_notice
FOR EACH STATEMENT EXECUTE FUNCTION exchanges_rounds_never_emptied()
