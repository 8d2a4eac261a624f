"""What the database itself guarantees beyond the tables, and the rows it is born with.

Run after the tables are made, by the metadata of the tests and by the migrations alike:
``statements(dialect)``. ``clean_up(dialect)`` removes what dropping the tables leaves behind.
"""

from __future__ import annotations

from incubator.domain.commitments import ddl_postgresql, ddl_sqlite

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
    """
INSERT INTO commitments_kind
  (position, code, needs, online_ok, name_fr, name_en, counts_pct, active)
VALUES
  (10, 'paid_barter', 'counterpart', true, 'Troc payé en crédit', 'Barter paid in credit', 0, false)
""",
    "INSERT INTO commitments_nought (value) VALUES (0)",
    "INSERT INTO commitments_pool (id, balance) VALUES (1, 0)",
)


def statements(dialect: str) -> tuple[str, ...]:
    """Everything to run once the tables exist, on «sqlite» or «postgresql»."""
    guards = ddl_sqlite.GUARDS if dialect == "sqlite" else ddl_postgresql.GUARDS
    return (*guards, *FIRST_ROWS)


def clean_up(dialect: str) -> tuple[str, ...]:
    """Everything to run once the tables are gone."""
    return () if dialect == "sqlite" else ddl_postgresql.CLEAN_UP
