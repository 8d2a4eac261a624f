INSERT INTO commitments_kind
  (position, code, needs, online_ok, name_fr, name_en, counts_pct, active)
VALUES
  (10, 'paid_barter', 'counterpart', true, 'Troc payé en crédit', 'Barter paid in credit', 0, false)
--;
INSERT INTO commitments_pool (id, balance) VALUES (1, 0)
