CREATE OR REPLACE FUNCTION exchanges_deal_event_only_grows() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'exchanges_deal_event only grows'; END $$
--;
CREATE TRIGGER exchanges_deal_event_no_change BEFORE DELETE OR UPDATE OF deal_id, verb, firm_id, leg_id, data, at ON exchanges_deal_event
    FOR EACH ROW EXECUTE FUNCTION exchanges_deal_event_only_grows()
--;
CREATE TRIGGER exchanges_deal_event_no_truncate BEFORE TRUNCATE ON exchanges_deal_event
    FOR EACH STATEMENT EXECUTE FUNCTION exchanges_deal_event_only_grows()
--;
CREATE OR REPLACE FUNCTION exchanges_deal_signature_only_grows() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'exchanges_deal_signature only grows'; END $$
--;
CREATE TRIGGER exchanges_deal_signature_no_change BEFORE DELETE OR UPDATE OF deal_id, firm_id, terms_hash, at ON exchanges_deal_signature
    FOR EACH ROW EXECUTE FUNCTION exchanges_deal_signature_only_grows()
--;
CREATE TRIGGER exchanges_deal_signature_no_truncate BEFORE TRUNCATE ON exchanges_deal_signature
    FOR EACH STATEMENT EXECUTE FUNCTION exchanges_deal_signature_only_grows()
