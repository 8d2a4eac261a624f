INSERT INTO commitments_nought (value) VALUES (0)
--;
INSERT INTO commitments_group (id, kind, key, reason, made_at)
SELECT group_id, 'merge', 'merge:' || group_id, 'merged', min(recorded_at)
FROM commitments_ledger WHERE group_id IS NOT NULL GROUP BY group_id
--;
SELECT setval(pg_get_serial_sequence('commitments_group', 'id'), coalesce(max(id), 0) + 1, false)
FROM commitments_group
--;
ALTER TABLE commitments_pledge DROP CONSTRAINT ex_commitments_pledge_overlap
--;
ALTER TABLE commitments_pledge
  ADD COLUMN firm_id BIGINT,
  ADD COLUMN min_home_pct BIGINT DEFAULT '0' NOT NULL,
  ADD COLUMN help_max_pct BIGINT,
  ADD COLUMN charter_version_id BIGINT
--;
ALTER TABLE commitments_pledge ALTER COLUMN member_id DROP NOT NULL
--;
ALTER TABLE commitments_pledge
  ADD CONSTRAINT ck_commitments_pledge_holder CHECK ((member_id IS NULL) <> (firm_id IS NULL)),
  ADD CONSTRAINT ck_commitments_pledge_min_home_pct CHECK (min_home_pct BETWEEN 0 AND 100),
  ADD CONSTRAINT ck_commitments_pledge_help_max_pct CHECK (help_max_pct BETWEEN 0 AND 100),
  ADD CONSTRAINT fk_commitments_pledge_firm_id FOREIGN KEY(firm_id) REFERENCES members_firm (id)
--;
CREATE INDEX ix_commitments_pledge_firm_id ON commitments_pledge (firm_id, valid_from) WHERE firm_id IS NOT NULL
--;
ALTER TABLE commitments_contribution
  DROP CONSTRAINT ck_commitments_contribution_decided,
  DROP CONSTRAINT ck_commitments_contribution_state,
  DROP CONSTRAINT ck_commitments_contribution_other,
  DROP CONSTRAINT ck_commitments_contribution_minutes,
  ADD COLUMN firm_id BIGINT,
  ADD COLUMN started_at TIMESTAMP WITH TIME ZONE,
  ADD COLUMN ended_at TIMESTAMP WITH TIME ZONE,
  ADD COLUMN counted BIGINT,
  ADD COLUMN site_id BIGINT,
  ADD COLUMN thread_id BIGINT,
  ADD COLUMN event_id BIGINT,
  ADD COLUMN signup_id BIGINT,
  ADD COLUMN evidence VARCHAR(300) DEFAULT '' NOT NULL,
  ADD COLUMN flags VARCHAR(80) DEFAULT '' NOT NULL,
  ADD COLUMN declared_by_id BIGINT,
  ADD COLUMN appeal VARCHAR(300) DEFAULT '' NOT NULL,
  ADD COLUMN appealed_at TIMESTAMP WITH TIME ZONE
--;
UPDATE commitments_contribution SET declared_by_id = giver_id
--;
ALTER TABLE commitments_contribution
  ALTER COLUMN declared_by_id SET NOT NULL,
  ALTER COLUMN state TYPE VARCHAR(13),
  ALTER COLUMN evidence DROP DEFAULT,
  ALTER COLUMN flags DROP DEFAULT,
  ALTER COLUMN appeal DROP DEFAULT
--;
ALTER TABLE commitments_contribution
  ADD CONSTRAINT ck_commitments_contribution_minutes CHECK (minutes BETWEEN 1 AND 1440),
  ADD CONSTRAINT ck_commitments_contribution_state CHECK (state IN ('draft', 'declared', 'needs_manager', 'confirmed', 'counted', 'refused', 'appealed', 'withdrawn')),
  ADD CONSTRAINT ck_commitments_contribution_decided CHECK ((state IN ('draft', 'declared', 'needs_manager')) = (decided_at IS NULL)),
  ADD CONSTRAINT ck_commitments_contribution_other CHECK (state NOT IN ('confirmed', 'counted', 'refused', 'appealed') OR decided_by_id <> giver_id),
  ADD CONSTRAINT ck_commitments_contribution_span CHECK ((started_at IS NULL) = (ended_at IS NULL)),
  ADD CONSTRAINT ck_commitments_contribution_order CHECK (ended_at > started_at),
  ADD CONSTRAINT ck_commitments_contribution_counted CHECK (counted BETWEEN 0 AND minutes),
  ADD CONSTRAINT fk_commitments_contribution_firm_id FOREIGN KEY(firm_id) REFERENCES members_firm (id),
  ADD CONSTRAINT fk_commitments_contribution_site_id FOREIGN KEY(site_id) REFERENCES sites_site (id),
  ADD CONSTRAINT uq_commitments_contribution_signup_id UNIQUE (signup_id),
  ADD CONSTRAINT fk_commitments_contribution_signup_id FOREIGN KEY(signup_id) REFERENCES commitments_signup (id),
  ADD CONSTRAINT fk_commitments_contribution_declared_by_id FOREIGN KEY(declared_by_id) REFERENCES members_member (id)
--;
CREATE INDEX ix_commitments_contribution_flagged ON commitments_contribution (home_site_id, id) WHERE flags <> ''
--;
CREATE INDEX ix_commitments_contribution_managers_turn ON commitments_contribution (home_site_id, declared_at, id) WHERE state IN ('needs_manager', 'appealed')
--;
CREATE INDEX ix_commitments_contribution_receiver_id ON commitments_contribution (receiver_id, day, id) WHERE receiver_id IS NOT NULL
--;
CREATE INDEX ix_commitments_contribution_silent ON commitments_contribution (declared_at, id) WHERE state = 'declared'
--;
CREATE INDEX ix_commitments_contribution_site_day ON commitments_contribution (site_id, day, id) WHERE site_id IS NOT NULL
--;
CREATE INDEX ix_commitments_contribution_thread_id ON commitments_contribution (thread_id) WHERE thread_id IS NOT NULL
--;
ALTER TABLE commitments_ledger
  DROP CONSTRAINT ck_commitments_ledger_kind,
  ADD COLUMN firm_id BIGINT,
  ADD COLUMN origin_period_id BIGINT
--;
ALTER TABLE commitments_ledger ALTER COLUMN member_id DROP NOT NULL
--;
ALTER TABLE commitments_ledger
  ADD CONSTRAINT ck_commitments_ledger_kind CHECK (kind IN ('DUE', 'DONE', 'HELP', 'CARRY_IN', 'CARRY_OUT', 'SURPLUS', 'WAIVED_DEBT', 'GIFT_OUT', 'GIFT_IN', 'POOL', 'CORRECTION', 'REVERSAL', 'EXIT')),
  ADD CONSTRAINT ck_commitments_ledger_account CHECK (kind = 'REVERSAL' OR (kind = 'POOL') = (member_id IS NULL AND firm_id IS NULL)),
  ADD CONSTRAINT ck_commitments_ledger_grouped CHECK (group_id IS NOT NULL OR (kind NOT IN ('GIFT_OUT', 'GIFT_IN', 'POOL') AND (member_id IS NOT NULL OR firm_id IS NOT NULL))),
  ADD CONSTRAINT fk_commitments_ledger_firm_id FOREIGN KEY(firm_id) REFERENCES members_firm (id),
  ADD CONSTRAINT fk_commitments_ledger_origin_period_id FOREIGN KEY(origin_period_id) REFERENCES commitments_period (id),
  ADD CONSTRAINT fk_commitments_ledger_group_id FOREIGN KEY(group_id) REFERENCES commitments_group (id)
--;
CREATE INDEX ix_commitments_ledger_firm_id ON commitments_ledger (firm_id, period_id, id) WHERE firm_id IS NOT NULL
--;
CREATE INDEX ix_commitments_ledger_group_id ON commitments_ledger (group_id) WHERE group_id IS NOT NULL
--;
CREATE INDEX ix_commitments_ledger_pool ON commitments_ledger (id) WHERE member_id IS NULL AND firm_id IS NULL
--;
CREATE INDEX ix_commitments_ledger_site_day ON commitments_ledger (site_id, day) WHERE day IS NOT NULL
