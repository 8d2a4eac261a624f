"""Routing: a question is brought to the few who can answer it, in waves, and they are told why."""
