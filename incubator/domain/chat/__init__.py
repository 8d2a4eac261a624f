"""Rooms where members talk: seats, messages and the log of everything that happens there."""
