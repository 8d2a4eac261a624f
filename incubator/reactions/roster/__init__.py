"""The members whom a manager looks after, as several features together know them."""
