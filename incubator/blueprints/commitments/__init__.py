"""Hours: one's own month, declaring, confirming, and the list of a site."""

from flask_babel import lazy_gettext as _l

from incubator.blueprints.commitments import (
    asking_words,
    duty_views,
    gift_views,
    ledger_views,
    panels,
    promise_views,
    relief_views,
    site_views,
    slot_manager_views,
    slot_panels,
    slot_sheet_views,
    slot_views,
    slot_words,
    statements,
)
from incubator.blueprints.commitments.views import pages
from incubator.blueprints.commitments.words import REFUSALS
from incubator.domain.commitments import personal, queries, ticking
from incubator.edge.entries import NavEntry
from incubator.edge.feature import Feature

__all__ = [
    "FEATURE",
    "duty_views",
    "gift_views",
    "ledger_views",
    "promise_views",
    "relief_views",
    "site_views",
    "slot_manager_views",
    "slot_sheet_views",
    "slot_views",
    "statements",
]

FEATURE = Feature(
    name="commitments",
    pages=pages,
    navigation=(
        NavEntry(
            key="hours",
            label=_l("My hours"),
            endpoint="commitments.index",
            icon="timer",
            section="here",
            order=10,
            tab=4,
            count=queries.WAITING,
        ),
    ),
    panels=(*panels.PANELS, *slot_panels.PANELS),
    page_panels=(*panels.PAGE_PANELS, *slot_panels.PAGE_PANELS),
    refusals={**REFUSALS, **slot_words.REFUSALS, **asking_words.REFUSALS},
    subscribe=ticking.register,
    personal_data=personal.personal_data,
    forget=personal.forget,
)
