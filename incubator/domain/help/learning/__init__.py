"""What follows from help given: thanks, minutes that count, figures, practice sheets."""
