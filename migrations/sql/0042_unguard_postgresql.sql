DROP FUNCTION exchanges_ring_kept()
