DROP FUNCTION exchanges_deal_event_only_grows()
--;
DROP FUNCTION exchanges_deal_signature_only_grows()
