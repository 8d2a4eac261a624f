"""What the first page gently suggests to a member, and how often it did."""
