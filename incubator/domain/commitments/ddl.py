"""What the database itself guarantees beyond the tables, and the rows it is born with.

Run after the tables are made, by the metadata of the tests and by the migration alike:
``statements(dialect)``. ``clean_up(dialect)`` removes what dropping the tables leaves behind.
"""

from __future__ import annotations

_OVERLAP = """
WHEN EXISTS (
  SELECT 1 FROM commitments_pledge AS other
  WHERE other.member_id = NEW.member_id
    AND other.valid_from < coalesce(other.valid_to, '9999-12-31')
    AND NEW.valid_from < coalesce(NEW.valid_to, '9999-12-31')
    AND other.valid_from < coalesce(NEW.valid_to, '9999-12-31')
    AND NEW.valid_from < coalesce(other.valid_to, '9999-12-31'){apart})
BEGIN SELECT RAISE(ABORT, 'pledges of one member overlap'); END
"""

SQLITE = (
    "CREATE TRIGGER commitments_pledge_insert BEFORE INSERT ON commitments_pledge"
    + _OVERLAP.format(apart=""),
    "CREATE TRIGGER commitments_pledge_update BEFORE UPDATE ON commitments_pledge"
    + _OVERLAP.format(apart=" AND other.id <> NEW.id"),
    """
CREATE TRIGGER commitments_ledger_update BEFORE UPDATE ON commitments_ledger
BEGIN SELECT RAISE(ABORT, 'ledger lines are never changed'); END
""",
    """
CREATE TRIGGER commitments_ledger_delete BEFORE DELETE ON commitments_ledger
BEGIN SELECT RAISE(ABORT, 'ledger lines are never removed'); END
""",
)

# A range of one number needs no extension, where «member_id WITH =» would need btree_gist.
POSTGRESQL = (
    """
ALTER TABLE commitments_pledge ADD CONSTRAINT ex_commitments_pledge_overlap EXCLUDE USING gist
(int8range(member_id, member_id, '[]') WITH &&, daterange(valid_from, valid_to) WITH &&)
""",
    """
CREATE OR REPLACE FUNCTION commitments_ledger_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger lines are never changed or removed'
  USING ERRCODE = 'restrict_violation';
END $$
""",
    """
CREATE TRIGGER commitments_ledger_change BEFORE UPDATE OR DELETE ON commitments_ledger
FOR EACH ROW EXECUTE FUNCTION commitments_ledger_is_kept()
""",
    """
CREATE TRIGGER commitments_ledger_truncate BEFORE TRUNCATE ON commitments_ledger
FOR EACH STATEMENT EXECUTE FUNCTION commitments_ledger_is_kept()
""",
)

FIRST_ROWS = (
    """
INSERT INTO commitments_rule (version, valid_from, basis, default_minutes, credit_cap, debt_cap,
  surplus, round_to, round_mode, min_session, max_session, max_day, help_cap_pct,
  help_inside_presence, grace_days, warn_days, close_after_days, back_days)
VALUES (1, '2000-01-01', 'calendar_days', 720, 720, 720,
  'pool', 5, 'floor', 15, 720, 1440, 100,
  'outside', 14, 7, 7, 62)
""",
    """
INSERT INTO commitments_kind
  (position, code, needs, online_ok, name_fr, name_en, counts_pct, active)
VALUES
  (1, 'reception_desk', 'manager', false, 'Permanence d’accueil', 'Reception desk', 100, true),
  (2, 'coworking', 'presence', false, 'Présence sur place', 'Presence on site', 100, true),
  (3, 'help_thread', 'counterpart', true, 'Entraide', 'Mutual help', 100, true),
  (4, 'mentoring', 'counterpart', true, 'Accompagnement', 'Mentoring', 100, true),
  (5, 'workshop_given', 'manager', true, 'Atelier animé', 'Workshop given', 100, true),
  (6, 'event_host', 'manager', false, 'Accueil d’un événement', 'Event hosted', 100, true),
  (7, 'committee', 'manager', true, 'Vie du réseau', 'Network committee', 100, true),
  (8, 'trade_fair_for_other', 'counterpart', false,
   'Porte-voix d’une autre entreprise', 'Championing another firm', 100, true),
  (9, 'other', 'manager', true, 'Autre coup de main', 'Other contribution', 100, true)
""",
)


def statements(dialect: str) -> tuple[str, ...]:
    """Everything to run once the tables exist, on «sqlite» or «postgresql»."""
    guards = SQLITE if dialect == "sqlite" else POSTGRESQL
    return (*guards, *FIRST_ROWS)


def clean_up(dialect: str) -> tuple[str, ...]:
    """Everything to run once the tables are gone."""
    if dialect == "sqlite":
        return ()
    return ("DROP FUNCTION IF EXISTS commitments_ledger_is_kept()",)
