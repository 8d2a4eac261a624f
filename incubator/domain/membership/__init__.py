"""The life of a membership: applications, welcome, charters, leaves, transfers, exits."""
