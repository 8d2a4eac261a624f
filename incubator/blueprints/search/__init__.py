"""One search over everything: the page, and the palette that opens over any page."""

from incubator.blueprints.search import found
from incubator.blueprints.search.views import pages
from incubator.edge.feature import Feature

FEATURE = Feature(name="search", pages=pages, guide="search", search=(found.SOURCE,))
