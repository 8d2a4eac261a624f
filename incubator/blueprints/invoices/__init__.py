"""Invoices and set-offs between firms."""

from incubator.blueprints.invoices.words import REFUSALS
from incubator.domain.exchanges.invoices.personal import personal_data
from incubator.edge.feature import Feature

FEATURE = Feature(name="invoices", refusals=REFUSALS, personal_data=personal_data)
