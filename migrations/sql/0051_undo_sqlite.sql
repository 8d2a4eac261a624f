DROP TRIGGER exchanges_invoice_guard_14
--;
DROP TRIGGER exchanges_invoice_guard_13
