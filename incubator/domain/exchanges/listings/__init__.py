"""Needs and offers of firms: published, found, matched, renewed."""
