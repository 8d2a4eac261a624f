"""What the house owes everybody: how it can be used by all, and what it keeps of whom."""

from incubator.blueprints.statements.views import pages
from incubator.edge.feature import Feature

FEATURE = Feature(name="statements", pages=pages)
