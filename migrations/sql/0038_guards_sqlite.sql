CREATE TRIGGER exchanges_entry_guard_1 BEFORE INSERT ON exchanges_entry
WHEN (SELECT sealed FROM exchanges_txn WHERE id = NEW.txn_id) = 1
BEGIN SELECT RAISE(ABORT, 'a sealed transaction takes no entry'); END
--;
CREATE TRIGGER exchanges_entry_guard_2 BEFORE INSERT ON exchanges_entry
WHEN NOT EXISTS (
  SELECT 1 FROM exchanges_account AS held WHERE held.id = NEW.account_id
  AND held.entries + 1 = NEW.no AND held.balance + NEW.amount = NEW.balance_after)
BEGIN SELECT RAISE(ABORT, 'an entry continues its account'); END
--;
CREATE TRIGGER exchanges_entry_guard_3 BEFORE INSERT ON exchanges_entry
WHEN EXISTS (
  SELECT 1 FROM exchanges_account AS held JOIN exchanges_txn AS moved ON moved.id = NEW.txn_id
  WHERE held.id = NEW.account_id AND held.kind = 'fund'
  AND moved.kind IN ('settle', 'clearing'))
BEGIN SELECT RAISE(ABORT, 'the fund takes part in no deal'); END
--;
CREATE TRIGGER exchanges_entry_guard_4 BEFORE UPDATE OF id, txn_id, account_id, amount, no, balance_after ON exchanges_entry
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END
--;
CREATE TRIGGER exchanges_entry_guard_5 BEFORE DELETE ON exchanges_entry
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'entries are never removed'); END
--;
CREATE TRIGGER exchanges_txn_guard_1 BEFORE INSERT ON exchanges_txn
WHEN NEW.sealed <> 0
BEGIN SELECT RAISE(ABORT, 'a transaction begins open'); END
--;
CREATE TRIGGER exchanges_txn_guard_2 BEFORE INSERT ON exchanges_txn
WHEN NEW.kind NOT IN ('reversal', 'guarantee') AND NOT (SELECT switched_on FROM exchanges_head)
BEGIN SELECT RAISE(ABORT, 'mutual credit is off'); END
--;
CREATE TRIGGER exchanges_txn_guard_3 BEFORE INSERT ON exchanges_txn
WHEN EXISTS (
  SELECT 1 FROM exchanges_txn AS before WHERE before.id = NEW.reverses_id
  AND (before.sealed = 0 OR before.kind = 'reversal'))
BEGIN SELECT RAISE(ABORT, 'only what is sealed is reversed, and once'); END
--;
CREATE TRIGGER exchanges_txn_guard_4 BEFORE UPDATE OF id, kind, idem, size, reverses_id, source_type, source_id, reason, by_id, second_by_id, over_limit_by_id, at ON exchanges_txn
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'transactions are never changed'); END
--;
CREATE TRIGGER exchanges_txn_guard_5 BEFORE DELETE ON exchanges_txn
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'transactions are never removed'); END
--;
CREATE TRIGGER exchanges_txn_guard_6 BEFORE UPDATE OF sealed, link, prev_hash, hash ON exchanges_txn
WHEN OLD.sealed = 1
BEGIN SELECT RAISE(ABORT, 'a sealed transaction stays sealed'); END
--;
CREATE TRIGGER exchanges_txn_guard_7 BEFORE UPDATE OF sealed ON exchanges_txn
WHEN NEW.sealed = 1 AND OLD.sealed = 0 AND ((SELECT count(*) FROM exchanges_entry WHERE txn_id = NEW.id) <> NEW.size)
BEGIN SELECT RAISE(ABORT, 'a transaction has its entries'); END
--;
CREATE TRIGGER exchanges_txn_guard_8 BEFORE UPDATE OF sealed ON exchanges_txn
WHEN NEW.sealed = 1 AND OLD.sealed = 0 AND ((SELECT sum(amount) FROM exchanges_entry WHERE txn_id = NEW.id) <> 0)
BEGIN SELECT RAISE(ABORT, 'a transaction sums to zero'); END
--;
CREATE TRIGGER exchanges_txn_guard_9 BEFORE UPDATE OF sealed ON exchanges_txn
WHEN NEW.sealed = 1 AND OLD.sealed = 0 AND (NEW.over_limit_by_id IS NULL AND EXISTS (
  SELECT 1 FROM exchanges_entry AS part JOIN exchanges_account AS held ON held.id = part.account_id
  WHERE part.txn_id = NEW.id AND part.amount < 0 AND held.balance - held.reserved < held.lower_limit))
BEGIN SELECT RAISE(ABORT, 'an account falls below its line'); END
--;
CREATE TRIGGER exchanges_txn_guard_10 BEFORE UPDATE OF sealed ON exchanges_txn
WHEN NEW.sealed = 1 AND OLD.sealed = 0 AND (NEW.over_limit_by_id IS NULL AND EXISTS (
  SELECT 1 FROM exchanges_entry AS part JOIN exchanges_account AS held ON held.id = part.account_id
  WHERE part.txn_id = NEW.id AND part.amount > 0 AND held.balance > held.upper_limit))
BEGIN SELECT RAISE(ABORT, 'an account rises above its limit'); END
--;
CREATE TRIGGER exchanges_txn_guard_11 BEFORE UPDATE OF sealed ON exchanges_txn
WHEN NEW.sealed = 1 AND OLD.sealed = 0 AND (EXISTS (
  SELECT 1 FROM exchanges_entry AS part JOIN exchanges_account AS held ON held.id = part.account_id
  WHERE part.txn_id = NEW.id AND part.amount < 0 AND held.frozen))
BEGIN SELECT RAISE(ABORT, 'a frozen account receives nothing more'); END
--;
CREATE TRIGGER exchanges_txn_guard_12 BEFORE UPDATE OF sealed ON exchanges_txn
WHEN NEW.sealed = 1 AND OLD.sealed = 0 AND (NEW.kind = 'reversal' AND ((
  SELECT count(*) FROM exchanges_entry AS part WHERE part.txn_id = NEW.reverses_id) <> NEW.size
  OR EXISTS (SELECT 1 FROM exchanges_entry AS part WHERE part.txn_id = NEW.reverses_id
    AND NOT EXISTS (SELECT 1 FROM exchanges_entry AS back WHERE back.txn_id = NEW.id
      AND back.account_id = part.account_id AND back.amount = -part.amount))))
BEGIN SELECT RAISE(ABORT, 'a reversal is the opposite of what it reverses'); END
--;
CREATE TRIGGER exchanges_txn_guard_13 BEFORE UPDATE OF sealed ON exchanges_txn
WHEN NEW.sealed = 1 AND OLD.sealed = 0 AND (NEW.kind = 'fee' AND NOT (EXISTS (
  SELECT 1 FROM exchanges_entry AS part JOIN exchanges_account AS held ON held.id = part.account_id
  WHERE part.txn_id = NEW.id AND part.amount > 0 AND held.kind = 'fund') AND EXISTS (
  SELECT 1 FROM exchanges_entry AS part JOIN exchanges_account AS held ON held.id = part.account_id
  WHERE part.txn_id = NEW.id AND part.amount > 0 AND held.kind = 'firm')))
BEGIN SELECT RAISE(ABORT, 'a fee stands beside its cause'); END
--;
CREATE TRIGGER exchanges_txn_guard_14 BEFORE UPDATE OF sealed ON exchanges_txn
WHEN NEW.sealed = 1 AND OLD.sealed = 0 AND (NEW.kind = 'guarantee' AND (NEW.size <> 2 OR NOT EXISTS (
  SELECT 1 FROM exchanges_entry AS part JOIN exchanges_account AS held ON held.id = part.account_id
  WHERE part.txn_id = NEW.id AND held.kind = 'fund') OR EXISTS (
  SELECT 1 FROM exchanges_entry AS part JOIN exchanges_account AS held ON held.id = part.account_id
  WHERE part.txn_id = NEW.id AND held.kind = 'firm' AND held.balance <> 0)))
BEGIN SELECT RAISE(ABORT, 'the fund takes over the whole balance of one firm'); END
--;
CREATE TRIGGER exchanges_txn_guard_15 BEFORE UPDATE OF sealed ON exchanges_txn
WHEN NEW.sealed = 1 AND OLD.sealed = 0 AND (NOT EXISTS (
  SELECT 1 FROM exchanges_head WHERE hash = NEW.prev_hash AND length + 1 = NEW.link))
BEGIN SELECT RAISE(ABORT, 'a transaction is the next link of the chain'); END
--;
CREATE TRIGGER exchanges_account_guard_1 BEFORE INSERT ON exchanges_account
WHEN NEW.balance <> 0 OR NEW.entries <> 0 OR NEW.given <> 0 OR NEW.reserved <> 0 OR NEW.lower_limit <> 0 OR NEW.upper_limit IS NOT NULL OR NEW.frozen
BEGIN SELECT RAISE(ABORT, 'an account begins at nothing'); END
--;
CREATE TRIGGER exchanges_account_guard_2 BEFORE UPDATE OF balance, entries, given, negative_since ON exchanges_account
WHEN NEW.entries <> OLD.entries + 1 OR NOT EXISTS (
  SELECT 1 FROM exchanges_entry AS part WHERE part.account_id = NEW.id
  AND part.no = NEW.entries AND part.balance_after = NEW.balance)
BEGIN SELECT RAISE(ABORT, 'a balance is changed by entries alone'); END
--;
CREATE TRIGGER exchanges_account_guard_3 BEFORE UPDATE OF lower_limit, soft_limit, upper_limit, frozen ON exchanges_account
WHEN NOT EXISTS (
  SELECT 1 FROM exchanges_limit_change AS told WHERE told.id = (
    SELECT max(id) FROM exchanges_limit_change WHERE account_id = NEW.id)
  AND told.lower_limit = NEW.lower_limit AND told.soft_limit = NEW.soft_limit
  AND coalesce(told.upper_limit, -1) = coalesce(NEW.upper_limit, -1)
  AND told.frozen = NEW.frozen)
BEGIN SELECT RAISE(ABORT, 'limits are changed by their history alone'); END
--;
CREATE TRIGGER exchanges_account_guard_4 BEFORE UPDATE OF reserved ON exchanges_account
WHEN NEW.reserved <> (
  SELECT coalesce(sum(cents), 0) FROM exchanges_reservation
  WHERE account_id = NEW.id AND cents > 0)
BEGIN SELECT RAISE(ABORT, 'what is reserved is the sum of the reservations'); END
--;
CREATE TRIGGER exchanges_account_guard_5 BEFORE UPDATE OF reserved ON exchanges_account
WHEN NEW.reserved > OLD.reserved AND (NEW.frozen OR NEW.balance - NEW.reserved < NEW.lower_limit)
BEGIN SELECT RAISE(ABORT, 'more is reserved than the line holds'); END
--;
CREATE TRIGGER exchanges_account_guard_6 BEFORE UPDATE OF id, kind, firm_id, opened_at ON exchanges_account
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'accounts are never changed'); END
--;
CREATE TRIGGER exchanges_account_guard_7 BEFORE DELETE ON exchanges_account
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'accounts are never removed'); END
--;
CREATE TRIGGER exchanges_reservation_guard_1 BEFORE INSERT ON exchanges_reservation
WHEN NOT (SELECT switched_on FROM exchanges_head)
BEGIN SELECT RAISE(ABORT, 'mutual credit is off'); END
--;
CREATE TRIGGER exchanges_reservation_guard_2 BEFORE INSERT ON exchanges_reservation
WHEN NEW.cents <> NEW.first_cents
BEGIN SELECT RAISE(ABORT, 'a reservation begins whole'); END
--;
CREATE TRIGGER exchanges_reservation_guard_3 BEFORE UPDATE OF cents ON exchanges_reservation
WHEN NEW.cents > OLD.cents
BEGIN SELECT RAISE(ABORT, 'a reservation only falls'); END
--;
CREATE TRIGGER exchanges_reservation_guard_4 BEFORE UPDATE OF id, account_id, key, first_cents, at ON exchanges_reservation
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'reservations are never changed'); END
--;
CREATE TRIGGER exchanges_reservation_guard_5 BEFORE DELETE ON exchanges_reservation
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'reservations are never removed'); END
--;
CREATE TRIGGER exchanges_limit_change_guard_1 BEFORE UPDATE OF id, account_id, cause, lower_limit, soft_limit, upper_limit, frozen, comment, by_id, at ON exchanges_limit_change
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'changes of limits are never changed'); END
--;
CREATE TRIGGER exchanges_limit_change_guard_2 BEFORE DELETE ON exchanges_limit_change
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'changes of limits are never removed'); END
--;
CREATE TRIGGER exchanges_switch_guard_1 BEFORE UPDATE OF id, turned_on, text_read, by_id, at ON exchanges_switch
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'acts of the switch are never changed'); END
--;
CREATE TRIGGER exchanges_switch_guard_2 BEFORE DELETE ON exchanges_switch
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'acts of the switch are never removed'); END
--;
CREATE TRIGGER exchanges_head_guard_1 BEFORE UPDATE OF length, hash ON exchanges_head
WHEN NEW.length <> OLD.length + 1 OR NOT EXISTS (
  SELECT 1 FROM exchanges_txn WHERE link = NEW.length AND hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'the head of the chain is its last link'); END
--;
CREATE TRIGGER exchanges_head_guard_2 BEFORE UPDATE OF switched_on ON exchanges_head
WHEN NOT EXISTS (
  SELECT 1 FROM exchanges_switch AS told WHERE told.id = (SELECT max(id) FROM exchanges_switch)
  AND told.turned_on = NEW.switched_on)
BEGIN SELECT RAISE(ABORT, 'the switch is turned by its history alone'); END
--;
CREATE TRIGGER exchanges_head_guard_3 BEFORE UPDATE OF id ON exchanges_head
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'heads of the chain are never changed'); END
--;
CREATE TRIGGER exchanges_head_guard_4 BEFORE DELETE ON exchanges_head
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'heads of the chain are never removed'); END
--;
CREATE TRIGGER exchanges_entry_guard_6 BEFORE INSERT ON exchanges_entry
WHEN typeof(NEW.amount) <> 'integer'
BEGIN SELECT RAISE(ABORT, 'amounts are whole cents'); END
--;
CREATE TRIGGER exchanges_reservation_guard_6 BEFORE INSERT ON exchanges_reservation
WHEN typeof(NEW.cents) <> 'integer'
BEGIN SELECT RAISE(ABORT, 'amounts are whole cents'); END
--;
CREATE TRIGGER exchanges_reservation_guard_7 BEFORE UPDATE OF cents ON exchanges_reservation
WHEN typeof(NEW.cents) <> 'integer'
BEGIN SELECT RAISE(ABORT, 'amounts are whole cents'); END
--;
CREATE TRIGGER exchanges_entry_guard_7 BEFORE INSERT ON exchanges_entry
WHEN EXISTS (SELECT 1 FROM exchanges_entry AS held WHERE held.id = NEW.id OR (held.txn_id = NEW.txn_id AND held.account_id = NEW.account_id))
BEGIN SELECT RAISE(ABORT, 'a row is never replaced'); END
--;
CREATE TRIGGER exchanges_txn_guard_16 BEFORE INSERT ON exchanges_txn
WHEN EXISTS (SELECT 1 FROM exchanges_txn AS held WHERE held.id = NEW.id OR held.idem = NEW.idem OR held.reverses_id = NEW.reverses_id)
BEGIN SELECT RAISE(ABORT, 'a row is never replaced'); END
--;
CREATE TRIGGER exchanges_account_guard_8 BEFORE INSERT ON exchanges_account
WHEN EXISTS (SELECT 1 FROM exchanges_account AS held WHERE held.id = NEW.id OR held.firm_id = NEW.firm_id)
BEGIN SELECT RAISE(ABORT, 'a row is never replaced'); END
--;
CREATE TRIGGER exchanges_reservation_guard_8 BEFORE INSERT ON exchanges_reservation
WHEN EXISTS (SELECT 1 FROM exchanges_reservation AS held WHERE held.id = NEW.id OR held.key = NEW.key)
BEGIN SELECT RAISE(ABORT, 'a row is never replaced'); END
--;
CREATE TRIGGER exchanges_limit_change_guard_3 BEFORE INSERT ON exchanges_limit_change
WHEN EXISTS (SELECT 1 FROM exchanges_limit_change AS held WHERE held.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a row is never replaced'); END
--;
CREATE TRIGGER exchanges_switch_guard_3 BEFORE INSERT ON exchanges_switch
WHEN EXISTS (SELECT 1 FROM exchanges_switch AS held WHERE held.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a row is never replaced'); END
--;
CREATE TRIGGER exchanges_head_guard_5 BEFORE INSERT ON exchanges_head
WHEN EXISTS (SELECT 1 FROM exchanges_head AS held WHERE held.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a row is never replaced'); END
--;
CREATE TRIGGER exchanges_account_guard_9 BEFORE INSERT ON exchanges_account
WHEN NEW.kind = 'fund' AND EXISTS (SELECT 1 FROM exchanges_account AS held WHERE held.kind = 'fund')
BEGIN SELECT RAISE(ABORT, 'there is one fund'); END
--;
CREATE TRIGGER exchanges_txn_guard_17 BEFORE UPDATE OF sealed, link, prev_hash, hash ON exchanges_txn
WHEN EXISTS (SELECT 1 FROM exchanges_txn AS held WHERE held.hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'a row is never replaced'); END
--;
CREATE TRIGGER exchanges_entry_after_insert AFTER INSERT ON exchanges_entry
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
END
--;
CREATE TRIGGER exchanges_txn_after_update AFTER UPDATE OF sealed ON exchanges_txn
WHEN NEW.sealed = 1
BEGIN
  UPDATE exchanges_head SET length = NEW.link, hash = NEW.hash;
END
--;
CREATE TRIGGER exchanges_reservation_after_insert AFTER INSERT ON exchanges_reservation
BEGIN
  UPDATE exchanges_account SET reserved = reserved + NEW.cents WHERE id = NEW.account_id;
END
--;
CREATE TRIGGER exchanges_reservation_after_update AFTER UPDATE OF cents ON exchanges_reservation
BEGIN
  UPDATE exchanges_account SET reserved = reserved + NEW.cents - OLD.cents WHERE id = NEW.account_id;
END
--;
CREATE TRIGGER exchanges_limit_change_after_insert AFTER INSERT ON exchanges_limit_change
BEGIN
  UPDATE exchanges_account SET lower_limit = NEW.lower_limit, soft_limit = NEW.soft_limit,
    upper_limit = NEW.upper_limit, frozen = NEW.frozen WHERE id = NEW.account_id;
END
--;
CREATE TRIGGER exchanges_switch_after_insert AFTER INSERT ON exchanges_switch
BEGIN
  UPDATE exchanges_head SET switched_on = NEW.turned_on;
END
--;INSERT INTO exchanges_sealed (value) VALUES (1)--;INSERT INTO exchanges_head (id, length, hash, switched_on) VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000', false)
