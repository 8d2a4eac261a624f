"""Running the network: people, invitations, log, letters that did not leave."""

from flask_babel import lazy_gettext as _l

from incubator.blueprints.admin import invitations, log, network, own_log, panel, people
from incubator.blueprints.admin.routes import pages
from incubator.edge.access import administrators, managers
from incubator.edge.entries import NavEntry, SettingsEntry
from incubator.edge.feature import Feature
from incubator.reactions.audit.own_lines import forget
from incubator.reactions.audit.personal import personal_data

__all__ = ["FEATURE", "invitations", "log", "network", "own_log", "panel", "people"]

REFUSALS = {
    "admin.job_not_dead": _l("This task is no longer stopped."),
    "admin.entry": _l("There is no such entry in the log, or not for you."),
}

FEATURE = Feature(
    name="admin",
    pages=pages,
    guide="roles",
    personal_data=personal_data,
    forget=forget,
    refusals=REFUSALS,
    panels=(panel.PANEL,),
    settings=(
        SettingsEntry(
            key="activity",
            label=_l("My activity"),
            hint=_l("What you did, what happened to you, who looked at your hours."),
            endpoint="admin.activity",
            icon="history",
            order=80,
        ),
    ),
    navigation=(
        NavEntry(
            key="network",
            label=_l("Network"),
            endpoint="admin.index",
            icon="network",
            section="steering",
            order=82,
            may=administrators,
            count=network.STOPPED_JOBS,
            loud=True,
        ),
        NavEntry(
            key="people",
            label=_l("Members and roles"),
            endpoint="admin.people",
            icon="user-cog",
            section="steering",
            order=84,
            may=managers,
        ),
        NavEntry(
            key="invitations",
            label=_l("Invitations"),
            endpoint="admin.invitations",
            icon="user-plus",
            section="steering",
            order=86,
            may=managers,
        ),
        NavEntry(
            key="log",
            label=_l("Log"),
            endpoint="admin.log",
            icon="history",
            section="steering",
            order=88,
            may=managers,
        ),
    ),
)
