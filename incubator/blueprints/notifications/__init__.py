"""What I was told: the bell of every page, and the list behind it."""

from flask_babel import lazy_gettext as _l

from incubator.blueprints.notifications.views import pages
from incubator.blueprints.notifications.visits import visited
from incubator.blueprints.notifications.words import REFUSALS
from incubator.edge.access import signed_in
from incubator.edge.entries import NavEntry
from incubator.edge.feature import Feature
from incubator.edge.navigation import BELL
from incubator.reactions.notifications.personal import forget, personal_data
from incubator.reactions.notifications.reactions import subscribe
from incubator.reactions.notifications.sights import BELL as NUMBER

pages.blueprint.before_app_request(visited)

FEATURE = Feature(
    name="notifications",
    pages=pages,
    guide="bell",
    navigation=(
        NavEntry(
            key="notifications",
            label=_l("Notifications"),
            endpoint="notifications.index",
            icon="bell",
            section=BELL,
            may=signed_in,
            count=NUMBER,
            loud=True,
        ),
    ),
    refusals=REFUSALS,
    subscribe=subscribe,
    personal_data=personal_data,
    forget=forget,
)
