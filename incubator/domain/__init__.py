"""The features' rules, rows and verbs; features ignore one another."""
