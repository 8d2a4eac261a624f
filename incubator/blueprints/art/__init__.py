"""Drawings made from a seed: portraits and mosaics."""

from incubator.blueprints.art.views import pages
from incubator.edge.feature import Feature

FEATURE = Feature(name="art", pages=pages)
