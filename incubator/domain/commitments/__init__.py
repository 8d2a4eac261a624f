"""Co-working commitments: promises, facts, and a ledger that is only ever added to."""
