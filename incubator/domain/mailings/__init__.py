"""Messages that a manager sends by mail to many members at once."""
