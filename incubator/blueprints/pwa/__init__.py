"""The product as an application of the device: manifest, icons, worker, reading offline."""

from incubator.blueprints.pwa.views import pages
from incubator.edge.feature import Feature

FEATURE = Feature(name="pwa", pages=pages)
