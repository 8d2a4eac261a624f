CREATE TRIGGER exchanges_deal_event_no_update BEFORE UPDATE OF deal_id, verb, firm_id, leg_id, data, at ON exchanges_deal_event
    BEGIN SELECT RAISE(ABORT, 'exchanges_deal_event only grows'); END
--;
CREATE TRIGGER exchanges_deal_event_no_delete BEFORE DELETE ON exchanges_deal_event
    BEGIN SELECT RAISE(ABORT, 'exchanges_deal_event only grows'); END
--;
CREATE TRIGGER exchanges_deal_signature_no_update BEFORE UPDATE OF deal_id, firm_id, terms_hash, at ON exchanges_deal_signature
    BEGIN SELECT RAISE(ABORT, 'exchanges_deal_signature only grows'); END
--;
CREATE TRIGGER exchanges_deal_signature_no_delete BEFORE DELETE ON exchanges_deal_signature
    BEGIN SELECT RAISE(ABORT, 'exchanges_deal_signature only grows'); END
