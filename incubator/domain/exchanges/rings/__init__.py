"""Rings: firms that give one to the next until it comes back, found before anybody trades."""
