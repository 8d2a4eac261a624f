"""Circles: named groups of members, for questions that not everybody shall read."""
