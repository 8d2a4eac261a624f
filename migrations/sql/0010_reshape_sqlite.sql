INSERT INTO commitments_nought (value) VALUES (0)
--;
INSERT INTO commitments_group (id, kind, key, reason, made_at)
SELECT group_id, 'merge', 'merge:' || group_id, 'merged', min(recorded_at)
FROM commitments_ledger WHERE group_id IS NOT NULL GROUP BY group_id
--;
DROP INDEX ix_commitments_pledge_member_id
--;
DROP TRIGGER commitments_pledge_insert
--;
DROP TRIGGER commitments_pledge_update
--;
ALTER TABLE commitments_pledge RENAME TO commitments_pledge_before
--;
CREATE TABLE commitments_pledge (
  id INTEGER NOT NULL,
  member_id INTEGER,
  firm_id INTEGER,
  minutes_per_period INTEGER NOT NULL,
  home_site_id INTEGER,
  valid_from DATE NOT NULL,
  valid_to DATE,
  min_home_pct INTEGER DEFAULT '0' NOT NULL,
  help_max_pct INTEGER,
  signed_at DATETIME NOT NULL,
  signed_by_id INTEGER NOT NULL,
  charter_version_id INTEGER,
  CONSTRAINT pk_commitments_pledge PRIMARY KEY (id),
  CONSTRAINT ck_commitments_pledge_minutes CHECK (minutes_per_period >= 0),
  CONSTRAINT ck_commitments_pledge_order CHECK (valid_to >= valid_from),
  CONSTRAINT ck_commitments_pledge_holder CHECK ((member_id IS NULL) <> (firm_id IS NULL)),
  CONSTRAINT ck_commitments_pledge_min_home_pct CHECK (min_home_pct BETWEEN 0 AND 100),
  CONSTRAINT ck_commitments_pledge_help_max_pct CHECK (help_max_pct BETWEEN 0 AND 100),
  CONSTRAINT fk_commitments_pledge_member_id FOREIGN KEY(member_id) REFERENCES members_member (id),
  CONSTRAINT fk_commitments_pledge_firm_id FOREIGN KEY(firm_id) REFERENCES members_firm (id),
  CONSTRAINT fk_commitments_pledge_home_site_id FOREIGN KEY(home_site_id) REFERENCES sites_site (id),
  CONSTRAINT fk_commitments_pledge_signed_by_id FOREIGN KEY(signed_by_id) REFERENCES members_member (id)
)
--;
INSERT INTO commitments_pledge (id, member_id, minutes_per_period, home_site_id, valid_from, valid_to, signed_at, signed_by_id)
SELECT id, member_id, minutes_per_period, home_site_id, valid_from, valid_to, signed_at, signed_by_id
FROM commitments_pledge_before ORDER BY id
--;
DROP TABLE commitments_pledge_before
--;
CREATE INDEX ix_commitments_pledge_firm_id ON commitments_pledge (firm_id, valid_from) WHERE firm_id IS NOT NULL
--;
CREATE INDEX ix_commitments_pledge_member_id ON commitments_pledge (member_id, valid_from)
--;
DROP INDEX ix_commitments_contribution_giver_id
--;
DROP INDEX ix_commitments_contribution_receiver_waiting
--;
DROP INDEX ix_commitments_contribution_site_waiting
--;
ALTER TABLE commitments_contribution RENAME TO commitments_contribution_before
--;
CREATE TABLE commitments_contribution (
  id INTEGER NOT NULL,
  giver_id INTEGER NOT NULL,
  receiver_id INTEGER,
  firm_id INTEGER,
  kind VARCHAR(24) NOT NULL,
  day DATE NOT NULL,
  started_at DATETIME,
  ended_at DATETIME,
  minutes INTEGER NOT NULL,
  counted INTEGER,
  home_site_id INTEGER,
  site_id INTEGER,
  thread_id INTEGER,
  event_id INTEGER,
  signup_id INTEGER,
  state VARCHAR(13) NOT NULL,
  note VARCHAR(300) NOT NULL,
  evidence VARCHAR(300) NOT NULL,
  flags VARCHAR(80) NOT NULL,
  declared_at DATETIME NOT NULL,
  declared_by_id INTEGER NOT NULL,
  decided_by_id INTEGER,
  decided_at DATETIME,
  reason VARCHAR(300) NOT NULL,
  appeal VARCHAR(300) NOT NULL,
  appealed_at DATETIME,
  once VARCHAR(40),
  CONSTRAINT pk_commitments_contribution PRIMARY KEY (id),
  CONSTRAINT ck_commitments_contribution_two_people CHECK (giver_id <> receiver_id),
  CONSTRAINT ck_commitments_contribution_minutes CHECK (minutes BETWEEN 1 AND 1440),
  CONSTRAINT ck_commitments_contribution_state CHECK (state IN ('draft', 'declared', 'needs_manager', 'confirmed', 'counted', 'refused', 'appealed', 'withdrawn')),
  CONSTRAINT ck_commitments_contribution_decided CHECK ((state IN ('draft', 'declared', 'needs_manager')) = (decided_at IS NULL)),
  CONSTRAINT ck_commitments_contribution_other CHECK (state NOT IN ('confirmed', 'counted', 'refused', 'appealed') OR decided_by_id <> giver_id),
  CONSTRAINT ck_commitments_contribution_span CHECK ((started_at IS NULL) = (ended_at IS NULL)),
  CONSTRAINT ck_commitments_contribution_order CHECK (ended_at > started_at),
  CONSTRAINT ck_commitments_contribution_counted CHECK (counted BETWEEN 0 AND minutes),
  CONSTRAINT uq_commitments_contribution_giver_id_once UNIQUE (giver_id, once),
  CONSTRAINT fk_commitments_contribution_giver_id FOREIGN KEY(giver_id) REFERENCES members_member (id),
  CONSTRAINT fk_commitments_contribution_receiver_id FOREIGN KEY(receiver_id) REFERENCES members_member (id),
  CONSTRAINT fk_commitments_contribution_firm_id FOREIGN KEY(firm_id) REFERENCES members_firm (id),
  CONSTRAINT fk_commitments_contribution_kind FOREIGN KEY(kind) REFERENCES commitments_kind (code),
  CONSTRAINT fk_commitments_contribution_home_site_id FOREIGN KEY(home_site_id) REFERENCES sites_site (id),
  CONSTRAINT fk_commitments_contribution_site_id FOREIGN KEY(site_id) REFERENCES sites_site (id),
  CONSTRAINT uq_commitments_contribution_signup_id UNIQUE (signup_id),
  CONSTRAINT fk_commitments_contribution_signup_id FOREIGN KEY(signup_id) REFERENCES commitments_signup (id),
  CONSTRAINT fk_commitments_contribution_declared_by_id FOREIGN KEY(declared_by_id) REFERENCES members_member (id),
  CONSTRAINT fk_commitments_contribution_decided_by_id FOREIGN KEY(decided_by_id) REFERENCES members_member (id)
)
--;
INSERT INTO commitments_contribution (id, giver_id, receiver_id, kind, day, minutes, home_site_id, state, note, declared_at, decided_by_id, decided_at, reason, once, evidence, flags, appeal, declared_by_id)
SELECT id, giver_id, receiver_id, kind, day, minutes, home_site_id, state, note, declared_at, decided_by_id, decided_at, reason, once, '', '', '', giver_id
FROM commitments_contribution_before ORDER BY id
--;
DROP TABLE commitments_contribution_before
--;
CREATE INDEX ix_commitments_contribution_flagged ON commitments_contribution (home_site_id, id) WHERE flags <> ''
--;
CREATE INDEX ix_commitments_contribution_giver_id ON commitments_contribution (giver_id, day, id)
--;
CREATE INDEX ix_commitments_contribution_managers_turn ON commitments_contribution (home_site_id, declared_at, id) WHERE state IN ('needs_manager', 'appealed')
--;
CREATE INDEX ix_commitments_contribution_receiver_id ON commitments_contribution (receiver_id, day, id) WHERE receiver_id IS NOT NULL
--;
CREATE INDEX ix_commitments_contribution_receiver_waiting ON commitments_contribution (receiver_id, declared_at, id) WHERE state = 'declared'
--;
CREATE INDEX ix_commitments_contribution_silent ON commitments_contribution (declared_at, id) WHERE state = 'declared'
--;
CREATE INDEX ix_commitments_contribution_site_day ON commitments_contribution (site_id, day, id) WHERE site_id IS NOT NULL
--;
CREATE INDEX ix_commitments_contribution_site_waiting ON commitments_contribution (home_site_id, declared_at, id) WHERE state = 'declared'
--;
CREATE INDEX ix_commitments_contribution_thread_id ON commitments_contribution (thread_id) WHERE thread_id IS NOT NULL
--;
DROP INDEX ix_commitments_ledger_member_id
--;
DROP INDEX ix_commitments_ledger_period_id
--;
DROP INDEX ix_commitments_ledger_source
--;
DROP TRIGGER commitments_ledger_delete
--;
DROP TRIGGER commitments_ledger_update
--;
ALTER TABLE commitments_ledger RENAME TO commitments_ledger_before
--;
CREATE TABLE commitments_ledger (
  id INTEGER NOT NULL,
  member_id INTEGER,
  firm_id INTEGER,
  period_id INTEGER NOT NULL,
  origin_period_id INTEGER,
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
  CONSTRAINT ck_commitments_ledger_kind CHECK (kind IN ('DUE', 'DONE', 'HELP', 'CARRY_IN', 'CARRY_OUT', 'SURPLUS', 'WAIVED_DEBT', 'GIFT_OUT', 'GIFT_IN', 'POOL', 'CORRECTION', 'REVERSAL', 'EXIT')),
  CONSTRAINT ck_commitments_ledger_reverses CHECK ((kind = 'REVERSAL') = (reverses_id IS NOT NULL)),
  CONSTRAINT ck_commitments_ledger_account CHECK (kind = 'REVERSAL' OR (kind = 'POOL') = (member_id IS NULL AND firm_id IS NULL)),
  CONSTRAINT ck_commitments_ledger_grouped CHECK (group_id IS NOT NULL OR (kind NOT IN ('GIFT_OUT', 'GIFT_IN', 'POOL') AND (member_id IS NOT NULL OR firm_id IS NOT NULL))),
  CONSTRAINT fk_commitments_ledger_member_id FOREIGN KEY(member_id) REFERENCES members_member (id),
  CONSTRAINT fk_commitments_ledger_firm_id FOREIGN KEY(firm_id) REFERENCES members_firm (id),
  CONSTRAINT fk_commitments_ledger_period_id FOREIGN KEY(period_id) REFERENCES commitments_period (id),
  CONSTRAINT fk_commitments_ledger_origin_period_id FOREIGN KEY(origin_period_id) REFERENCES commitments_period (id),
  CONSTRAINT fk_commitments_ledger_site_id FOREIGN KEY(site_id) REFERENCES sites_site (id),
  CONSTRAINT uq_commitments_ledger_key UNIQUE ("key"),
  CONSTRAINT uq_commitments_ledger_reverses_id UNIQUE (reverses_id),
  CONSTRAINT fk_commitments_ledger_reverses_id FOREIGN KEY(reverses_id) REFERENCES commitments_ledger (id),
  CONSTRAINT fk_commitments_ledger_group_id FOREIGN KEY(group_id) REFERENCES commitments_group (id),
  CONSTRAINT fk_commitments_ledger_actor_id FOREIGN KEY(actor_id) REFERENCES members_member (id)
)
--;
INSERT INTO commitments_ledger (id, member_id, period_id, kind, minutes, day, site_id, source_type, source_id, source_rev, "key", reverses_id, group_id, reason, actor_id, recorded_at)
SELECT id, member_id, period_id, kind, minutes, day, site_id, source_type, source_id, source_rev, "key", reverses_id, group_id, reason, actor_id, recorded_at
FROM commitments_ledger_before ORDER BY id
--;
DROP TABLE commitments_ledger_before
--;
CREATE INDEX ix_commitments_ledger_firm_id ON commitments_ledger (firm_id, period_id, id) WHERE firm_id IS NOT NULL
--;
CREATE INDEX ix_commitments_ledger_group_id ON commitments_ledger (group_id) WHERE group_id IS NOT NULL
--;
CREATE INDEX ix_commitments_ledger_member_id ON commitments_ledger (member_id, period_id, id)
--;
CREATE INDEX ix_commitments_ledger_period_id ON commitments_ledger (period_id, kind, member_id)
--;
CREATE INDEX ix_commitments_ledger_pool ON commitments_ledger (id) WHERE member_id IS NULL AND firm_id IS NULL
--;
CREATE INDEX ix_commitments_ledger_site_day ON commitments_ledger (site_id, day) WHERE day IS NOT NULL
--;
CREATE INDEX ix_commitments_ledger_source ON commitments_ledger (source_type, source_id)
