"""What firms give one another: listings, deals, the ledger."""
