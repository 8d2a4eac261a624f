"""Hours: one's own month, declaring, confirming, and the list of a site."""

from flask_babel import lazy_gettext as _l

from incubator.blueprints.commitments import (
    account_words,
    asking_words,
    board_words,
    code_views,
    correction_views,
    day_ribbon,
    desk_panels,
    desk_views,
    duty_views,
    gift_views,
    here_views,
    kiosk_views,
    ledger_views,
    network_hours_views,
    panels,
    picture_views,
    pledge_views,
    presence_panels,
    presence_words,
    promise_views,
    relief_views,
    rule_views,
    screen_views,
    session_views,
    site_presence_views,
    site_statement_views,
    site_views,
    slot_manager_views,
    slot_panels,
    slot_sheet_views,
    slot_views,
    slot_words,
    statements,
    suggesting,
)
from incubator.blueprints.commitments.views import pages
from incubator.blueprints.commitments.words import REFUSALS
from incubator.domain.commitments import personal, queries, ticking
from incubator.edge.access import managers
from incubator.edge.entries import NavEntry
from incubator.edge.feature import Feature

# Their routes are known once they are imported.
VIEWS = (
    code_views,
    correction_views,
    desk_views,
    duty_views,
    gift_views,
    here_views,
    kiosk_views,
    ledger_views,
    network_hours_views,
    picture_views,
    pledge_views,
    promise_views,
    relief_views,
    rule_views,
    screen_views,
    session_views,
    site_presence_views,
    site_statement_views,
    site_views,
    slot_manager_views,
    slot_sheet_views,
    slot_views,
    statements,
)
__all__ = ["FEATURE", "VIEWS"]

FEATURE = Feature(
    name="commitments",
    pages=pages,
    guide="hours",
    navigation=(
        NavEntry(
            key="hours",
            label=_l("My hours"),
            endpoint="commitments.index",
            icon="timer",
            section="here",
            order=10,
            tab=4,
            letter="h",
            count=queries.WAITING,
        ),
        NavEntry(
            key="site-hours",
            label=_l("My site’s day"),
            endpoint="commitments.site_desk",
            icon="layout-dashboard",
            section="steering",
            order=2,
            may=managers,
        ),
        NavEntry(
            key="network-hours",
            label=_l("Hours of the network"),
            endpoint="commitments.network_giving",
            icon="chart-column",
            section="here",
            order=12,
        ),
    ),
    panels=(*panels.PANELS, *desk_panels.PANELS, *presence_panels.PANELS, *slot_panels.PANELS),
    day=day_ribbon.SOURCES,
    suggestions=(suggesting.SUGGESTIONS,),
    page_panels=(*panels.PAGE_PANELS, *slot_panels.PAGE_PANELS),
    refusals={
        **REFUSALS,
        **presence_words.REFUSALS,
        **slot_words.REFUSALS,
        **account_words.REFUSALS,
        **asking_words.REFUSALS,
        **board_words.REFUSALS,
    },
    subscribe=ticking.register,
    personal_data=personal.personal_data,
    forget=personal.forget,
)
