"""Care of the rooms: messages that are reported, what is done about them, and how it is undone."""
