CREATE TRIGGER exchanges_ring_fixed BEFORE UPDATE OF size, input_hash, suggested_at ON exchanges_ring
    BEGIN SELECT RAISE(ABORT, 'a ring stays what it was made of'); END
--;
CREATE TRIGGER exchanges_ring_ended BEFORE UPDATE OF state, deal_id ON exchanges_ring
    WHEN OLD.state IN ('lapsed', 'refused') BEGIN SELECT RAISE(ABORT, 'a ring that ended stays ended'); END
--;
CREATE TRIGGER exchanges_ring_stays BEFORE DELETE ON exchanges_ring
    BEGIN SELECT RAISE(ABORT, 'a ring is never suggested again'); END
--;
CREATE TRIGGER exchanges_ring_member_fixed
    BEFORE UPDATE OF ring_id, seq, firm_id, offer_id, need_id ON exchanges_ring_member
    BEGIN SELECT RAISE(ABORT, 'a ring stays what it was made of'); END
--;
CREATE TRIGGER exchanges_ring_member_refused BEFORE UPDATE OF said ON exchanges_ring_member
    WHEN OLD.said = 'refused' AND NEW.said <> 'refused' BEGIN SELECT RAISE(ABORT, 'who refused a ring has refused it'); END
--;
CREATE TRIGGER exchanges_ring_member_stays BEFORE DELETE ON exchanges_ring_member
    BEGIN SELECT RAISE(ABORT, 'a ring stays what it was made of'); END
