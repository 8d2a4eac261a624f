"""Invoices of what firms gave one another, and the set-offs that settle them."""
