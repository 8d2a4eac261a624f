DROP INDEX ix_commitments_pledge_firm_id
--;
DROP INDEX ix_commitments_pledge_member_id
--;
ALTER TABLE commitments_pledge RENAME TO commitments_pledge_before
--;
CREATE TABLE commitments_pledge (
  id INTEGER NOT NULL,
  member_id INTEGER NOT NULL,
  minutes_per_period INTEGER NOT NULL,
  home_site_id INTEGER,
  valid_from DATE NOT NULL,
  valid_to DATE,
  signed_at DATETIME NOT NULL,
  signed_by_id INTEGER NOT NULL,
  CONSTRAINT pk_commitments_pledge PRIMARY KEY (id),
  CONSTRAINT ck_commitments_pledge_minutes CHECK (minutes_per_period >= 0),
  CONSTRAINT ck_commitments_pledge_order CHECK (valid_to >= valid_from),
  CONSTRAINT fk_commitments_pledge_home_site_id FOREIGN KEY(home_site_id) REFERENCES sites_site (id),
  CONSTRAINT fk_commitments_pledge_member_id FOREIGN KEY(member_id) REFERENCES members_member (id),
  CONSTRAINT fk_commitments_pledge_signed_by_id FOREIGN KEY(signed_by_id) REFERENCES members_member (id)
)
--;
INSERT INTO commitments_pledge (id, member_id, minutes_per_period, home_site_id, valid_from, valid_to, signed_at, signed_by_id)
SELECT id, member_id, minutes_per_period, home_site_id, valid_from, valid_to, signed_at, signed_by_id
FROM commitments_pledge_before
WHERE member_id IS NOT NULL ORDER BY id
--;
DROP TABLE commitments_pledge_before
--;
CREATE INDEX ix_commitments_pledge_member_id ON commitments_pledge (member_id, valid_from)
--;
CREATE TRIGGER commitments_pledge_insert BEFORE INSERT ON commitments_pledge
WHEN EXISTS (
  SELECT 1 FROM commitments_pledge AS other
  WHERE other.member_id = NEW.member_id
    AND other.valid_from < coalesce(other.valid_to, '9999-12-31')
    AND NEW.valid_from < coalesce(NEW.valid_to, '9999-12-31')
    AND other.valid_from < coalesce(NEW.valid_to, '9999-12-31')
    AND NEW.valid_from < coalesce(other.valid_to, '9999-12-31'))
BEGIN SELECT RAISE(ABORT, 'pledges of one member overlap'); END
--;
CREATE TRIGGER commitments_pledge_update BEFORE UPDATE ON commitments_pledge
WHEN EXISTS (
  SELECT 1 FROM commitments_pledge AS other
  WHERE other.member_id = NEW.member_id
    AND other.valid_from < coalesce(other.valid_to, '9999-12-31')
    AND NEW.valid_from < coalesce(NEW.valid_to, '9999-12-31')
    AND other.valid_from < coalesce(NEW.valid_to, '9999-12-31')
    AND NEW.valid_from < coalesce(other.valid_to, '9999-12-31') AND other.id <> NEW.id)
BEGIN SELECT RAISE(ABORT, 'pledges of one member overlap'); END
--;
DROP INDEX ix_commitments_contribution_flagged
--;
DROP INDEX ix_commitments_contribution_giver_id
--;
DROP INDEX ix_commitments_contribution_managers_turn
--;
DROP INDEX ix_commitments_contribution_receiver_id
--;
DROP INDEX ix_commitments_contribution_receiver_waiting
--;
DROP INDEX ix_commitments_contribution_silent
--;
DROP INDEX ix_commitments_contribution_site_day
--;
DROP INDEX ix_commitments_contribution_site_waiting
--;
DROP INDEX ix_commitments_contribution_thread_id
--;
ALTER TABLE commitments_contribution RENAME TO commitments_contribution_before
--;
CREATE TABLE commitments_contribution (
  id INTEGER NOT NULL,
  giver_id INTEGER NOT NULL,
  receiver_id INTEGER,
  kind VARCHAR(24) NOT NULL,
  day DATE NOT NULL,
  minutes INTEGER NOT NULL,
  home_site_id INTEGER,
  state VARCHAR(10) NOT NULL,
  note VARCHAR(300) NOT NULL,
  declared_at DATETIME NOT NULL,
  decided_by_id INTEGER,
  decided_at DATETIME,
  reason VARCHAR(300) NOT NULL,
  once VARCHAR(40),
  CONSTRAINT pk_commitments_contribution PRIMARY KEY (id),
  CONSTRAINT ck_commitments_contribution_decided CHECK ((state = 'declared') = (decided_at IS NULL)),
  CONSTRAINT ck_commitments_contribution_state CHECK (state IN ('declared', 'confirmed', 'refused', 'withdrawn')),
  CONSTRAINT ck_commitments_contribution_other CHECK (state NOT IN ('confirmed', 'refused') OR decided_by_id <> giver_id),
  CONSTRAINT ck_commitments_contribution_two_people CHECK (giver_id <> receiver_id),
  CONSTRAINT ck_commitments_contribution_minutes CHECK (minutes BETWEEN 5 AND 1440 AND minutes / 5 * 5 = minutes),
  CONSTRAINT fk_commitments_contribution_decided_by_id FOREIGN KEY(decided_by_id) REFERENCES members_member (id),
  CONSTRAINT fk_commitments_contribution_giver_id FOREIGN KEY(giver_id) REFERENCES members_member (id),
  CONSTRAINT fk_commitments_contribution_home_site_id FOREIGN KEY(home_site_id) REFERENCES sites_site (id),
  CONSTRAINT fk_commitments_contribution_kind FOREIGN KEY(kind) REFERENCES commitments_kind (code),
  CONSTRAINT fk_commitments_contribution_receiver_id FOREIGN KEY(receiver_id) REFERENCES members_member (id),
  CONSTRAINT uq_commitments_contribution_giver_id_once UNIQUE (giver_id, once)
)
--;
INSERT INTO commitments_contribution (id, giver_id, receiver_id, kind, day, minutes, home_site_id, state, note, declared_at, decided_by_id, decided_at, reason, once)
SELECT id, giver_id, receiver_id, kind, day, minutes / 5 * 5, home_site_id, CASE state WHEN 'needs_manager' THEN 'declared' WHEN 'counted' THEN 'confirmed' WHEN 'appealed' THEN 'refused' ELSE state END, note, declared_at, decided_by_id, decided_at, reason, once
FROM commitments_contribution_before
WHERE state <> 'draft' AND minutes >= 5 ORDER BY id
--;
DROP TABLE commitments_contribution_before
--;
CREATE INDEX ix_commitments_contribution_giver_id ON commitments_contribution (giver_id, day, id)
--;
CREATE INDEX ix_commitments_contribution_receiver_waiting ON commitments_contribution (receiver_id, declared_at, id) WHERE state = 'declared'
--;
CREATE INDEX ix_commitments_contribution_site_waiting ON commitments_contribution (home_site_id, declared_at, id) WHERE state = 'declared'
--;
DROP INDEX ix_commitments_ledger_firm_id
--;
DROP INDEX ix_commitments_ledger_group_id
--;
DROP INDEX ix_commitments_ledger_member_id
--;
DROP INDEX ix_commitments_ledger_period_id
--;
DROP INDEX ix_commitments_ledger_pool
--;
DROP INDEX ix_commitments_ledger_site_day
--;
DROP INDEX ix_commitments_ledger_source
--;
ALTER TABLE commitments_ledger RENAME TO commitments_ledger_before
--;
CREATE TABLE commitments_ledger (
  id INTEGER NOT NULL,
  member_id INTEGER NOT NULL,
  period_id INTEGER NOT NULL,
  kind VARCHAR(12) NOT NULL,
  minutes INTEGER NOT NULL,
  day DATE,
  site_id INTEGER,
  source_type VARCHAR(16) NOT NULL,
  source_id INTEGER,
  source_rev INTEGER NOT NULL,
  "key" VARCHAR(80) NOT NULL,
  reverses_id INTEGER,
  group_id INTEGER,
  reason VARCHAR(300) NOT NULL,
  actor_id INTEGER,
  recorded_at DATETIME NOT NULL,
  CONSTRAINT pk_commitments_ledger PRIMARY KEY (id),
  CONSTRAINT ck_commitments_ledger_reverses CHECK ((kind = 'REVERSAL') = (reverses_id IS NOT NULL)),
  CONSTRAINT ck_commitments_ledger_kind CHECK (kind IN ('DUE', 'DONE', 'HELP', 'CARRY_IN', 'CARRY_OUT', 'SURPLUS', 'WAIVED_DEBT', 'GIFT_OUT', 'GIFT_IN', 'CORRECTION', 'REVERSAL', 'EXIT')),
  CONSTRAINT fk_commitments_ledger_actor_id FOREIGN KEY(actor_id) REFERENCES members_member (id),
  CONSTRAINT fk_commitments_ledger_member_id FOREIGN KEY(member_id) REFERENCES members_member (id),
  CONSTRAINT fk_commitments_ledger_period_id FOREIGN KEY(period_id) REFERENCES commitments_period (id),
  CONSTRAINT fk_commitments_ledger_reverses_id FOREIGN KEY(reverses_id) REFERENCES commitments_ledger (id),
  CONSTRAINT fk_commitments_ledger_site_id FOREIGN KEY(site_id) REFERENCES sites_site (id),
  CONSTRAINT uq_commitments_ledger_key UNIQUE ("key"),
  CONSTRAINT uq_commitments_ledger_reverses_id UNIQUE (reverses_id)
)
--;
INSERT INTO commitments_ledger (id, member_id, period_id, kind, minutes, day, site_id, source_type, source_id, source_rev, "key", reverses_id, group_id, reason, actor_id, recorded_at)
SELECT id, member_id, period_id, kind, minutes, day, site_id, source_type, source_id, source_rev, "key", reverses_id, group_id, reason, actor_id, recorded_at
FROM commitments_ledger_before
WHERE member_id IS NOT NULL AND firm_id IS NULL ORDER BY id
--;
DROP TABLE commitments_ledger_before
--;
CREATE INDEX ix_commitments_ledger_member_id ON commitments_ledger (member_id, period_id, id)
--;
CREATE INDEX ix_commitments_ledger_period_id ON commitments_ledger (period_id, kind, member_id)
--;
CREATE INDEX ix_commitments_ledger_source ON commitments_ledger (source_type, source_id)
--;
CREATE TRIGGER commitments_ledger_delete BEFORE DELETE ON commitments_ledger
BEGIN SELECT RAISE(ABORT, 'ledger lines are never removed'); END
--;
CREATE TRIGGER commitments_ledger_update BEFORE UPDATE ON commitments_ledger
BEGIN SELECT RAISE(ABORT, 'ledger lines are never changed'); END
--;
UPDATE commitments_contribution SET kind = 'other' WHERE kind = 'paid_barter'
--;
DELETE FROM commitments_kind WHERE code = 'paid_barter'
