"""The barter ledger: who has given and received how much, in euro cents that nobody can pay out."""
