"""The membership: time away, a move to another site, a departure, one's own data."""

from flask_babel import lazy_gettext as _l

from incubator.blueprints.membership import data_views, double_views, life_panels, life_views
from incubator.blueprints.membership.life_words import REFUSALS
from incubator.blueprints.membership.routes import pages
from incubator.domain.membership import life_personal, life_queries
from incubator.edge.access import managers
from incubator.edge.entries import NavEntry
from incubator.edge.feature import Feature

__all__ = ["FEATURE", "data_views", "double_views", "life_views"]

FEATURE = Feature(
    name="membership",
    pages=pages,
    navigation=(
        NavEntry(
            key="life",
            label=_l("Absences and departures"),
            endpoint="membership.waiting",
            icon="calendar-days",
            section="steering",
            order=83,
            may=managers,
            count=life_queries.count_waiting_for,
        ),
    ),
    panels=life_panels.PANELS,
    page_panels=life_panels.PAGE_PANELS,
    refusals=REFUSALS,
    personal_data=life_personal.personal_data,
    forget=life_personal.forget,
)
