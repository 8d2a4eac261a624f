"""Mutual credit between firms: no page yet, but its words, and what it keeps of a member."""

from incubator.blueprints.credit.words import REFUSALS
from incubator.domain.exchanges.ledger.personal import personal_data
from incubator.edge.feature import Feature

FEATURE = Feature(name="credit", refusals=REFUSALS, personal_data=personal_data)
