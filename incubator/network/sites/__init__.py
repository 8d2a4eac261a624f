"""The places of the network: opening hours, closures, capacity."""
