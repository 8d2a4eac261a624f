"""The life of a membership: applications, welcome, charters, leaves, transfers, exits."""

from flask_babel import lazy_gettext as _l

from incubator.blueprints.membership import (
    charter_views,
    data_views,
    double_views,
    follow_views,
    form_views,
    life_panels,
    life_views,
    life_words,
    panels,
    public_views,
    review_views,
    welcome_views,
    words,
)
from incubator.blueprints.membership.routes import pages
from incubator.domain.membership import (
    applications_queries,
    applications_retention,
    life_queries,
    personal,
)
from incubator.edge.access import managers
from incubator.edge.entries import NavEntry, SettingsEntry
from incubator.edge.feature import Feature

__all__ = [
    "FEATURE",
    "applications_retention",
    "charter_views",
    "data_views",
    "double_views",
    "follow_views",
    "form_views",
    "life_views",
    "public_views",
    "review_views",
    "welcome_views",
]

FEATURE = Feature(
    name="membership",
    pages=pages,
    guide="enter",
    navigation=(
        NavEntry(
            key="arrivals",
            label=_l("Arrivals"),
            endpoint="membership.arrivals",
            icon="door-open",
            section="steering",
            order=5,
            may=managers,
            count=applications_queries.NEW,
        ),
        NavEntry(
            key="life",
            label=_l("Absences and departures"),
            endpoint="membership.waiting",
            icon="calendar-days",
            section="steering",
            order=83,
            may=managers,
            count=life_queries.WAITING,
        ),
    ),
    settings=(
        SettingsEntry(
            key="data",
            label=_l("My data"),
            hint=_l("Take a copy along, leave, be forgotten."),
            endpoint="membership.data",
            icon="archive",
            order=90,
        ),
    ),
    panels=(*panels.PANELS, *life_panels.PANELS),
    page_panels=(*panels.PAGE_PANELS, *life_panels.PAGE_PANELS),
    refusals={**words.REFUSALS, **life_words.REFUSALS},
    personal_data=personal.personal_data,
    forget=personal.forget,
)
