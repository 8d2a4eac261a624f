"""The directory: people, what they offer and look for, their firms."""

from flask_babel import lazy_gettext as _l

from incubator.blueprints.members import found, hints, panel, portraits
from incubator.blueprints.members.titles import TITLES
from incubator.blueprints.members.views import pages
from incubator.blueprints.members.words import REFUSALS
from incubator.edge.access import members
from incubator.edge.entries import NavEntry, SettingsEntry
from incubator.edge.feature import Feature
from incubator.network.members import personal

FEATURE = Feature(
    name="members",
    pages=pages,
    guide="people",
    titles=(TITLES,),
    navigation=(
        NavEntry(
            key="members",
            label=_l("Directory"),
            endpoint="members.index",
            icon="users",
            order=40,
            may=members,
        ),
    ),
    settings=(
        SettingsEntry(
            key="audience",
            label=_l("Who sees what"),
            hint=_l("Field by field of your profile: you alone, managers, your site, everybody."),
            endpoint="members.audience",
            icon="eye",
            order=40,
        ),
    ),
    panels=(panel.PANEL,),
    suggestions=(hints.SUGGESTIONS,),
    search=(found.SOURCE,),
    refusals=REFUSALS,
    personal_data=personal.personal_data,
    personal_files=portraits.files_of,
    forget=personal.forget,
)
