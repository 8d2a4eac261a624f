"""Exchanges between firms: what they offer and need, their deals, and the ledger between them."""
