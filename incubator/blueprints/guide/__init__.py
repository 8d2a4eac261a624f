"""The guide inside the product: its first page, a page a chapter, its finds in the one search."""

from incubator.blueprints.guide import found
from incubator.blueprints.guide.titles import TITLES
from incubator.blueprints.guide.views import pages
from incubator.edge.feature import Feature

FEATURE = Feature(name="guide", pages=pages, titles=(TITLES,), search=(found.SOURCE,))
