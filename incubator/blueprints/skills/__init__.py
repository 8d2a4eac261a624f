"""The vocabulary of skills: suggestions for everybody, proposals, curation."""

from flask_babel import lazy_gettext as _l

from incubator.blueprints.skills import curation, decisions, found, proposing
from incubator.blueprints.skills.refusals import REFUSALS
from incubator.blueprints.skills.routes import pages
from incubator.edge.access import administrators
from incubator.edge.entries import NavEntry
from incubator.edge.feature import Feature
from incubator.network.members import proposals

__all__ = ["FEATURE", "curation", "decisions", "proposing"]

FEATURE = Feature(
    name="skills",
    pages=pages,
    guide="profile",
    search=(found.SOURCE,),
    refusals=REFUSALS,
    navigation=(
        NavEntry(
            key="skills",
            label=_l("Skills"),
            endpoint="skills.index",
            icon="list-checks",
            section="steering",
            order=83,
            may=administrators,
            count=proposals.count_waiting,
        ),
    ),
)
