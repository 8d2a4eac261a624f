DROP TRIGGER exchanges_invoice_guard_1
--;
DROP TRIGGER exchanges_invoice_guard_8
--;
DROP TRIGGER exchanges_invoice_guard_10
--;
DROP TRIGGER exchanges_invoice_guard_12
--;
CREATE TRIGGER exchanges_invoice_guard_1 BEFORE INSERT ON exchanges_invoice
WHEN NEW.status NOT IN ('draft', 'issued') OR NEW.applied_cents <> 0 OR NEW.paid_cents <> 0
BEGIN SELECT RAISE(ABORT, 'an invoice begins unsettled'); END
--;
CREATE TRIGGER exchanges_invoice_guard_8 BEFORE UPDATE OF status ON exchanges_invoice
WHEN OLD.status IN ('compensated', 'paid', 'credited') AND NEW.status <> OLD.status
BEGIN SELECT RAISE(ABORT, 'what is settled stays settled'); END
--;
CREATE TRIGGER exchanges_invoice_guard_10 BEFORE UPDATE OF paid_cents ON exchanges_invoice
WHEN NEW.paid_cents < OLD.paid_cents
BEGIN SELECT RAISE(ABORT, 'what is paid stays paid'); END
