DROP TRIGGER exchanges_invoice_guard_14 ON exchanges_invoice
--;
DROP FUNCTION exchanges_invoice_guard_14()
--;
DROP TRIGGER exchanges_invoice_guard_13 ON exchanges_invoice
--;
DROP FUNCTION exchanges_invoice_guard_13()
