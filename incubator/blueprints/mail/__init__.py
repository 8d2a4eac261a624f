"""Letters as those who run the network see them: what each looks like, what was sent."""

from incubator.blueprints.mail.views import pages
from incubator.blueprints.mail.words import REFUSALS
from incubator.edge.feature import Feature
from incubator.reactions.mail.personal import forget, personal_data

FEATURE = Feature(
    name="mail",
    pages=pages,
    guide="mail",
    refusals=REFUSALS,
    personal_data=personal_data,
    forget=forget,
)
