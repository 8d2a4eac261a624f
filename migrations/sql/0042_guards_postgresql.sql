CREATE OR REPLACE FUNCTION exchanges_ring_kept() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'a ring stays what it was made of, and ended'; END $$
--;
CREATE TRIGGER exchanges_ring_fixed BEFORE DELETE OR UPDATE OF size, input_hash, suggested_at ON exchanges_ring
    FOR EACH ROW EXECUTE FUNCTION exchanges_ring_kept()
--;
CREATE TRIGGER exchanges_ring_ended BEFORE UPDATE OF state, deal_id ON exchanges_ring
    FOR EACH ROW WHEN (OLD.state IN ('lapsed', 'refused')) EXECUTE FUNCTION exchanges_ring_kept()
--;
CREATE TRIGGER exchanges_ring_member_fixed
    BEFORE DELETE OR UPDATE OF ring_id, seq, firm_id, offer_id, need_id ON exchanges_ring_member
    FOR EACH ROW EXECUTE FUNCTION exchanges_ring_kept()
--;
CREATE TRIGGER exchanges_ring_member_refused BEFORE UPDATE OF said ON exchanges_ring_member
    FOR EACH ROW WHEN (OLD.said = 'refused' AND NEW.said <> 'refused') EXECUTE FUNCTION exchanges_ring_kept()
