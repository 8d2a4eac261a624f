"""Machines in rooms: they speak by a secret address and are told when they are called by name."""
