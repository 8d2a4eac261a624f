"""The manager's list: whom to look after, to write to, to invite."""

from flask_babel import lazy_gettext as _l

from incubator.blueprints.roster.views import pages
from incubator.blueprints.roster.words import REFUSALS
from incubator.domain.mailings import personal
from incubator.edge.access import managers
from incubator.edge.entries import NavEntry
from incubator.edge.feature import Feature

FEATURE = Feature(
    name="roster",
    pages=pages,
    guide="follow",
    navigation=(
        NavEntry(
            key="roster",
            label=_l("Follow-up of members"),
            endpoint="roster.index",
            icon="clipboard-check",
            section="steering",
            order=80,
            may=managers,
        ),
    ),
    refusals=REFUSALS,
    personal_data=personal.personal_data,
    forget=personal.forget,
)
