"""Which letters a member gets and when: the one place that every letter is asked of."""
