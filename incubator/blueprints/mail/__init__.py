"""Letters as those who run the network see them."""

from incubator.edge.feature import Feature
from incubator.reactions.mail.personal import forget, personal_data

FEATURE = Feature(name="mail", personal_data=personal_data, forget=forget)
