CREATE TRIGGER commitments_pledge_rev_update BEFORE UPDATE ON commitments_pledge_rev
BEGIN SELECT RAISE(ABORT, 'revisions of promises are never changed'); END
--;
CREATE TRIGGER commitments_pledge_rev_delete BEFORE DELETE ON commitments_pledge_rev
BEGIN SELECT RAISE(ABORT, 'revisions of promises are never removed'); END
