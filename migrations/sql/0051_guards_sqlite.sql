CREATE TRIGGER exchanges_invoice_guard_13 BEFORE INSERT ON exchanges_invoice
WHEN NEW.credits_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM exchanges_invoice AS back WHERE back.id = NEW.credits_id
  AND back.kind = 'invoice' AND back.status <> 'draft')
BEGIN SELECT RAISE(ABORT, 'a credit note takes an issued invoice back'); END
--;
CREATE TRIGGER exchanges_invoice_guard_14 BEFORE UPDATE OF credits_id ON exchanges_invoice
WHEN NEW.credits_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM exchanges_invoice AS back WHERE back.id = NEW.credits_id
  AND back.kind = 'invoice' AND back.status <> 'draft')
BEGIN SELECT RAISE(ABORT, 'a credit note takes an issued invoice back'); END
