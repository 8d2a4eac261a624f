"""Announcements of managers to their site or to the network."""
