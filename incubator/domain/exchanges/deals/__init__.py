"""Deals between firms: terms, signatures, deliveries, and what happens when they disagree."""
