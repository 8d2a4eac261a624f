"""The life of a membership, from the application to the welcomed member."""

from flask_babel import lazy_gettext as _l

from incubator.blueprints.membership import (
    charter_views,
    follow_views,
    form_views,
    panels,
    public_views,
    review_views,
    welcome_views,
)
from incubator.blueprints.membership.routes import pages
from incubator.blueprints.membership.words import REFUSALS
from incubator.domain.membership import applications_queries, applications_retention
from incubator.edge.access import managers
from incubator.edge.entries import NavEntry
from incubator.edge.feature import Feature

__all__ = [
    "FEATURE",
    "applications_retention",
    "charter_views",
    "follow_views",
    "form_views",
    "public_views",
    "review_views",
    "welcome_views",
]

FEATURE = Feature(
    name="membership",
    pages=pages,
    navigation=(
        NavEntry(
            key="arrivals",
            label=_l("Arrivals"),
            endpoint="membership.arrivals",
            icon="door-open",
            section="steering",
            order=5,
            may=managers,
            count=applications_queries.count_for,
        ),
    ),
    panels=panels.PANELS,
    page_panels=panels.PAGE_PANELS,
    refusals=REFUSALS,
)
