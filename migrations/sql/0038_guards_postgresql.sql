CREATE OR REPLACE FUNCTION exchanges_account_guard_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'accounts are never removed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$
--;
CREATE TRIGGER exchanges_account_guard_1 BEFORE DELETE ON exchanges_account FOR EACH ROW EXECUTE FUNCTION exchanges_account_guard_1()
--;
CREATE OR REPLACE FUNCTION exchanges_account_guard_2() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.balance <> 0 OR NEW.entries <> 0 OR NEW.given <> 0 OR NEW.reserved <> 0 OR NEW.lower_limit <> 0 OR NEW.upper_limit IS NOT NULL OR NEW.frozen THEN
    RAISE EXCEPTION 'an account begins at nothing' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_account_guard_2 BEFORE INSERT ON exchanges_account FOR EACH ROW EXECUTE FUNCTION exchanges_account_guard_2()
--;
CREATE OR REPLACE FUNCTION exchanges_account_guard_3() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.entries <> OLD.entries + 1 OR NOT EXISTS (
  SELECT 1 FROM exchanges_entry AS part WHERE part.account_id = NEW.id
  AND part.no = NEW.entries AND part.balance_after = NEW.balance) THEN
    RAISE EXCEPTION 'a balance is changed by entries alone' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_account_guard_3 BEFORE UPDATE OF balance, entries, given, negative_since ON exchanges_account FOR EACH ROW EXECUTE FUNCTION exchanges_account_guard_3()
--;
CREATE OR REPLACE FUNCTION exchanges_account_guard_4() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'accounts are never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_account_guard_4 BEFORE UPDATE OF id, kind, firm_id, opened_at ON exchanges_account FOR EACH ROW EXECUTE FUNCTION exchanges_account_guard_4()
--;
CREATE OR REPLACE FUNCTION exchanges_account_guard_5() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
  SELECT 1 FROM exchanges_limit_change AS told WHERE told.id = (
    SELECT max(id) FROM exchanges_limit_change WHERE account_id = NEW.id)
  AND told.lower_limit = NEW.lower_limit AND told.soft_limit = NEW.soft_limit
  AND coalesce(told.upper_limit, -1) = coalesce(NEW.upper_limit, -1)
  AND told.frozen = NEW.frozen) THEN
    RAISE EXCEPTION 'limits are changed by their history alone' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_account_guard_5 BEFORE UPDATE OF lower_limit, soft_limit, upper_limit, frozen ON exchanges_account FOR EACH ROW EXECUTE FUNCTION exchanges_account_guard_5()
--;
CREATE OR REPLACE FUNCTION exchanges_account_guard_6() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.reserved <> (
  SELECT coalesce(sum(cents), 0) FROM exchanges_reservation
  WHERE account_id = NEW.id AND cents > 0) THEN
    RAISE EXCEPTION 'what is reserved is the sum of the reservations' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.reserved > OLD.reserved AND (NEW.frozen OR NEW.balance - NEW.reserved < NEW.lower_limit) THEN
    RAISE EXCEPTION 'more is reserved than the line holds' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_account_guard_6 BEFORE UPDATE OF reserved ON exchanges_account FOR EACH ROW EXECUTE FUNCTION exchanges_account_guard_6()
--;
CREATE OR REPLACE FUNCTION exchanges_entry_guard_7() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'entries are never removed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$
--;
CREATE TRIGGER exchanges_entry_guard_7 BEFORE DELETE ON exchanges_entry FOR EACH ROW EXECUTE FUNCTION exchanges_entry_guard_7()
--;
CREATE OR REPLACE FUNCTION exchanges_entry_guard_8() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT sealed FROM exchanges_txn WHERE id = NEW.txn_id) = 1 THEN
    RAISE EXCEPTION 'a sealed transaction takes no entry' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT EXISTS (
  SELECT 1 FROM exchanges_account AS held WHERE held.id = NEW.account_id
  AND held.entries + 1 = NEW.no AND held.balance + NEW.amount = NEW.balance_after) THEN
    RAISE EXCEPTION 'an entry continues its account' USING ERRCODE = 'restrict_violation';
  END IF;
  IF EXISTS (
  SELECT 1 FROM exchanges_account AS held JOIN exchanges_txn AS moved ON moved.id = NEW.txn_id
  WHERE held.id = NEW.account_id AND held.kind = 'fund'
  AND moved.kind IN ('settle', 'clearing')) THEN
    RAISE EXCEPTION 'the fund takes part in no deal' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_entry_guard_8 BEFORE INSERT ON exchanges_entry FOR EACH ROW EXECUTE FUNCTION exchanges_entry_guard_8()
--;
CREATE OR REPLACE FUNCTION exchanges_entry_guard_9() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'entries are never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_entry_guard_9 BEFORE UPDATE OF id, txn_id, account_id, amount, no, balance_after ON exchanges_entry FOR EACH ROW EXECUTE FUNCTION exchanges_entry_guard_9()
--;
CREATE OR REPLACE FUNCTION exchanges_head_guard_10() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'heads of the chain are never removed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$
--;
CREATE TRIGGER exchanges_head_guard_10 BEFORE DELETE ON exchanges_head FOR EACH ROW EXECUTE FUNCTION exchanges_head_guard_10()
--;
CREATE OR REPLACE FUNCTION exchanges_head_guard_11() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'heads of the chain are never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_head_guard_11 BEFORE UPDATE OF id ON exchanges_head FOR EACH ROW EXECUTE FUNCTION exchanges_head_guard_11()
--;
CREATE OR REPLACE FUNCTION exchanges_head_guard_12() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.length <> OLD.length + 1 OR NOT EXISTS (
  SELECT 1 FROM exchanges_txn WHERE link = NEW.length AND hash = NEW.hash) THEN
    RAISE EXCEPTION 'the head of the chain is its last link' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_head_guard_12 BEFORE UPDATE OF length, hash ON exchanges_head FOR EACH ROW EXECUTE FUNCTION exchanges_head_guard_12()
--;
CREATE OR REPLACE FUNCTION exchanges_head_guard_13() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
  SELECT 1 FROM exchanges_switch AS told WHERE told.id = (SELECT max(id) FROM exchanges_switch)
  AND told.turned_on = NEW.switched_on) THEN
    RAISE EXCEPTION 'the switch is turned by its history alone' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_head_guard_13 BEFORE UPDATE OF switched_on ON exchanges_head FOR EACH ROW EXECUTE FUNCTION exchanges_head_guard_13()
--;
CREATE OR REPLACE FUNCTION exchanges_limit_change_guard_14() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'changes of limits are never removed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$
--;
CREATE TRIGGER exchanges_limit_change_guard_14 BEFORE DELETE ON exchanges_limit_change FOR EACH ROW EXECUTE FUNCTION exchanges_limit_change_guard_14()
--;
CREATE OR REPLACE FUNCTION exchanges_limit_change_guard_15() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'changes of limits are never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_limit_change_guard_15 BEFORE UPDATE OF id, account_id, cause, lower_limit, soft_limit, upper_limit, frozen, comment, by_id, at ON exchanges_limit_change FOR EACH ROW EXECUTE FUNCTION exchanges_limit_change_guard_15()
--;
CREATE OR REPLACE FUNCTION exchanges_reservation_guard_16() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'reservations are never removed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$
--;
CREATE TRIGGER exchanges_reservation_guard_16 BEFORE DELETE ON exchanges_reservation FOR EACH ROW EXECUTE FUNCTION exchanges_reservation_guard_16()
--;
CREATE OR REPLACE FUNCTION exchanges_reservation_guard_17() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT (SELECT switched_on FROM exchanges_head) THEN
    RAISE EXCEPTION 'mutual credit is off' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.cents <> NEW.first_cents THEN
    RAISE EXCEPTION 'a reservation begins whole' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_reservation_guard_17 BEFORE INSERT ON exchanges_reservation FOR EACH ROW EXECUTE FUNCTION exchanges_reservation_guard_17()
--;
CREATE OR REPLACE FUNCTION exchanges_reservation_guard_18() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.cents > OLD.cents THEN
    RAISE EXCEPTION 'a reservation only falls' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_reservation_guard_18 BEFORE UPDATE OF cents ON exchanges_reservation FOR EACH ROW EXECUTE FUNCTION exchanges_reservation_guard_18()
--;
CREATE OR REPLACE FUNCTION exchanges_reservation_guard_19() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'reservations are never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_reservation_guard_19 BEFORE UPDATE OF id, account_id, key, first_cents, at ON exchanges_reservation FOR EACH ROW EXECUTE FUNCTION exchanges_reservation_guard_19()
--;
CREATE OR REPLACE FUNCTION exchanges_switch_guard_20() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'acts of the switch are never removed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$
--;
CREATE TRIGGER exchanges_switch_guard_20 BEFORE DELETE ON exchanges_switch FOR EACH ROW EXECUTE FUNCTION exchanges_switch_guard_20()
--;
CREATE OR REPLACE FUNCTION exchanges_switch_guard_21() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'acts of the switch are never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_switch_guard_21 BEFORE UPDATE OF id, turned_on, text_read, by_id, at ON exchanges_switch FOR EACH ROW EXECUTE FUNCTION exchanges_switch_guard_21()
--;
CREATE OR REPLACE FUNCTION exchanges_txn_guard_22() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'transactions are never removed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$
--;
CREATE TRIGGER exchanges_txn_guard_22 BEFORE DELETE ON exchanges_txn FOR EACH ROW EXECUTE FUNCTION exchanges_txn_guard_22()
--;
CREATE OR REPLACE FUNCTION exchanges_txn_guard_23() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.sealed <> 0 THEN
    RAISE EXCEPTION 'a transaction begins open' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.kind NOT IN ('reversal', 'guarantee') AND NOT (SELECT switched_on FROM exchanges_head) THEN
    RAISE EXCEPTION 'mutual credit is off' USING ERRCODE = 'restrict_violation';
  END IF;
  IF EXISTS (
  SELECT 1 FROM exchanges_txn AS before WHERE before.id = NEW.reverses_id
  AND (before.sealed = 0 OR before.kind = 'reversal')) THEN
    RAISE EXCEPTION 'only what is sealed is reversed, and once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_txn_guard_23 BEFORE INSERT ON exchanges_txn FOR EACH ROW EXECUTE FUNCTION exchanges_txn_guard_23()
--;
CREATE OR REPLACE FUNCTION exchanges_txn_guard_24() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 1 = 1 THEN
    RAISE EXCEPTION 'transactions are never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_txn_guard_24 BEFORE UPDATE OF id, kind, idem, size, reverses_id, source_type, source_id, reason, by_id, second_by_id, over_limit_by_id, at ON exchanges_txn FOR EACH ROW EXECUTE FUNCTION exchanges_txn_guard_24()
--;
CREATE OR REPLACE FUNCTION exchanges_txn_guard_25() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.sealed = 1 AND OLD.sealed = 0 AND ((SELECT count(*) FROM exchanges_entry WHERE txn_id = NEW.id) <> NEW.size) THEN
    RAISE EXCEPTION 'a transaction has its entries' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.sealed = 1 AND OLD.sealed = 0 AND ((SELECT sum(amount) FROM exchanges_entry WHERE txn_id = NEW.id) <> 0) THEN
    RAISE EXCEPTION 'a transaction sums to zero' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.sealed = 1 AND OLD.sealed = 0 AND (NEW.over_limit_by_id IS NULL AND EXISTS (
  SELECT 1 FROM exchanges_entry AS part JOIN exchanges_account AS held ON held.id = part.account_id
  WHERE part.txn_id = NEW.id AND part.amount < 0 AND held.balance - held.reserved < held.lower_limit)) THEN
    RAISE EXCEPTION 'an account falls below its line' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.sealed = 1 AND OLD.sealed = 0 AND (NEW.over_limit_by_id IS NULL AND EXISTS (
  SELECT 1 FROM exchanges_entry AS part JOIN exchanges_account AS held ON held.id = part.account_id
  WHERE part.txn_id = NEW.id AND part.amount > 0 AND held.balance > held.upper_limit)) THEN
    RAISE EXCEPTION 'an account rises above its limit' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.sealed = 1 AND OLD.sealed = 0 AND (EXISTS (
  SELECT 1 FROM exchanges_entry AS part JOIN exchanges_account AS held ON held.id = part.account_id
  WHERE part.txn_id = NEW.id AND part.amount < 0 AND held.frozen)) THEN
    RAISE EXCEPTION 'a frozen account receives nothing more' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.sealed = 1 AND OLD.sealed = 0 AND (NEW.kind = 'reversal' AND ((
  SELECT count(*) FROM exchanges_entry AS part WHERE part.txn_id = NEW.reverses_id) <> NEW.size
  OR EXISTS (SELECT 1 FROM exchanges_entry AS part WHERE part.txn_id = NEW.reverses_id
    AND NOT EXISTS (SELECT 1 FROM exchanges_entry AS back WHERE back.txn_id = NEW.id
      AND back.account_id = part.account_id AND back.amount = -part.amount)))) THEN
    RAISE EXCEPTION 'a reversal is the opposite of what it reverses' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.sealed = 1 AND OLD.sealed = 0 AND (NEW.kind = 'fee' AND NOT (EXISTS (
  SELECT 1 FROM exchanges_entry AS part JOIN exchanges_account AS held ON held.id = part.account_id
  WHERE part.txn_id = NEW.id AND part.amount > 0 AND held.kind = 'fund') AND EXISTS (
  SELECT 1 FROM exchanges_entry AS part JOIN exchanges_account AS held ON held.id = part.account_id
  WHERE part.txn_id = NEW.id AND part.amount > 0 AND held.kind = 'firm'))) THEN
    RAISE EXCEPTION 'a fee stands beside its cause' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.sealed = 1 AND OLD.sealed = 0 AND (NEW.kind = 'guarantee' AND (NEW.size <> 2 OR NOT EXISTS (
  SELECT 1 FROM exchanges_entry AS part JOIN exchanges_account AS held ON held.id = part.account_id
  WHERE part.txn_id = NEW.id AND held.kind = 'fund') OR EXISTS (
  SELECT 1 FROM exchanges_entry AS part JOIN exchanges_account AS held ON held.id = part.account_id
  WHERE part.txn_id = NEW.id AND held.kind = 'firm' AND held.balance <> 0))) THEN
    RAISE EXCEPTION 'the fund takes over the whole balance of one firm' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.sealed = 1 AND OLD.sealed = 0 AND (NOT EXISTS (
  SELECT 1 FROM exchanges_head WHERE hash = NEW.prev_hash AND length + 1 = NEW.link)) THEN
    RAISE EXCEPTION 'a transaction is the next link of the chain' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_txn_guard_25 BEFORE UPDATE OF sealed ON exchanges_txn FOR EACH ROW EXECUTE FUNCTION exchanges_txn_guard_25()
--;
CREATE OR REPLACE FUNCTION exchanges_txn_guard_26() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.sealed = 1 THEN
    RAISE EXCEPTION 'a sealed transaction stays sealed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER exchanges_txn_guard_26 BEFORE UPDATE OF sealed, link, prev_hash, hash ON exchanges_txn FOR EACH ROW EXECUTE FUNCTION exchanges_txn_guard_26()
--;
CREATE OR REPLACE FUNCTION exchanges_entry_after_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE exchanges_account SET balance = NEW.balance_after, entries = NEW.no,
    given = given + (SELECT CASE
      WHEN moved.kind IN ('settle', 'fee') AND NEW.amount > 0 THEN NEW.amount
      WHEN moved.kind = 'reversal' AND NEW.amount < 0 AND (
        SELECT before.kind FROM exchanges_txn AS before WHERE before.id = moved.reverses_id
      ) IN ('settle', 'fee') THEN NEW.amount ELSE 0 END
      FROM exchanges_txn AS moved WHERE moved.id = NEW.txn_id),
    negative_since = CASE WHEN NEW.balance_after < 0 THEN coalesce(negative_since, (
      SELECT moved.at FROM exchanges_txn AS moved WHERE moved.id = NEW.txn_id)) END,
    age = CASE WHEN NEW.balance_after < 0 THEN age ELSE 'fine' END
  WHERE id = NEW.account_id;
  RETURN NULL;
END $$
--;
CREATE TRIGGER exchanges_entry_after_insert AFTER INSERT ON exchanges_entry FOR EACH ROW EXECUTE FUNCTION exchanges_entry_after_insert()
--;
CREATE OR REPLACE FUNCTION exchanges_txn_after_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.sealed = 1 THEN
    UPDATE exchanges_head SET length = NEW.link, hash = NEW.hash;
  END IF;
  RETURN NULL;
END $$
--;
CREATE TRIGGER exchanges_txn_after_update AFTER UPDATE OF sealed ON exchanges_txn FOR EACH ROW EXECUTE FUNCTION exchanges_txn_after_update()
--;
CREATE OR REPLACE FUNCTION exchanges_reservation_after_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE exchanges_account SET reserved = reserved + NEW.cents WHERE id = NEW.account_id;
  RETURN NULL;
END $$
--;
CREATE TRIGGER exchanges_reservation_after_insert AFTER INSERT ON exchanges_reservation FOR EACH ROW EXECUTE FUNCTION exchanges_reservation_after_insert()
--;
CREATE OR REPLACE FUNCTION exchanges_reservation_after_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE exchanges_account SET reserved = reserved + NEW.cents - OLD.cents WHERE id = NEW.account_id;
  RETURN NULL;
END $$
--;
CREATE TRIGGER exchanges_reservation_after_update AFTER UPDATE OF cents ON exchanges_reservation FOR EACH ROW EXECUTE FUNCTION exchanges_reservation_after_update()
--;
CREATE OR REPLACE FUNCTION exchanges_limit_change_after_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE exchanges_account SET lower_limit = NEW.lower_limit, soft_limit = NEW.soft_limit,
    upper_limit = NEW.upper_limit, frozen = NEW.frozen WHERE id = NEW.account_id;
  RETURN NULL;
END $$
--;
CREATE TRIGGER exchanges_limit_change_after_insert AFTER INSERT ON exchanges_limit_change FOR EACH ROW EXECUTE FUNCTION exchanges_limit_change_after_insert()
--;
CREATE OR REPLACE FUNCTION exchanges_switch_after_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE exchanges_head SET switched_on = NEW.turned_on;
  RETURN NULL;
END $$
--;
CREATE TRIGGER exchanges_switch_after_insert AFTER INSERT ON exchanges_switch FOR EACH ROW EXECUTE FUNCTION exchanges_switch_after_insert()
--;
CREATE OR REPLACE FUNCTION exchanges_never_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is never emptied' USING ERRCODE = 'restrict_violation';
  RETURN NULL;
END $$
--;
CREATE TRIGGER exchanges_entry_truncate BEFORE TRUNCATE ON exchanges_entry FOR EACH STATEMENT EXECUTE FUNCTION exchanges_never_emptied()
--;
CREATE TRIGGER exchanges_txn_truncate BEFORE TRUNCATE ON exchanges_txn FOR EACH STATEMENT EXECUTE FUNCTION exchanges_never_emptied()
--;
CREATE TRIGGER exchanges_account_truncate BEFORE TRUNCATE ON exchanges_account FOR EACH STATEMENT EXECUTE FUNCTION exchanges_never_emptied()
--;
CREATE TRIGGER exchanges_reservation_truncate BEFORE TRUNCATE ON exchanges_reservation FOR EACH STATEMENT EXECUTE FUNCTION exchanges_never_emptied()
--;
CREATE TRIGGER exchanges_limit_change_truncate BEFORE TRUNCATE ON exchanges_limit_change FOR EACH STATEMENT EXECUTE FUNCTION exchanges_never_emptied()
--;
CREATE TRIGGER exchanges_switch_truncate BEFORE TRUNCATE ON exchanges_switch FOR EACH STATEMENT EXECUTE FUNCTION exchanges_never_emptied()
--;
CREATE TRIGGER exchanges_head_truncate BEFORE TRUNCATE ON exchanges_head FOR EACH STATEMENT EXECUTE FUNCTION exchanges_never_emptied()
--;INSERT INTO exchanges_sealed (value) VALUES (1)--;INSERT INTO exchanges_head (id, length, hash, switched_on) VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000', false)
