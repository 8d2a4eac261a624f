"""My letters: what comes by mail, when nobody is disturbed, and links that end it."""

from incubator.blueprints.letters.views import pages
from incubator.blueprints.letters.words import REFUSALS
from incubator.edge.feature import Feature
from incubator.network.letters.personal import forget, personal_data

FEATURE = Feature(
    name="letters",
    pages=pages,
    refusals=REFUSALS,
    personal_data=personal_data,
    forget=forget,
)
