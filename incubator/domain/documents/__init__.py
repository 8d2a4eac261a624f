"""Documents that a site or the network keeps for its members, version by version."""
