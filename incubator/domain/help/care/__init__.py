"""Care of the threads: what members report, what managers do about it, and how it is undone."""
