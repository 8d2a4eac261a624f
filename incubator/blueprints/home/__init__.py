"""The first page, the reader's preferences and the machine's health."""

from flask_babel import lazy_gettext as _l

from incubator.blueprints.home import desk, suggesting
from incubator.blueprints.home.views import pages
from incubator.domain.suggestions.personal import forget, personal_data
from incubator.edge.access import signed_in
from incubator.edge.entries import NavEntry
from incubator.edge.feature import Feature

FEATURE = Feature(
    name="home",
    pages=pages,
    guide="around",
    kept_offline=("home.index",),
    panels=(desk.PANEL, suggesting.PANEL),
    navigation=(
        NavEntry(
            key="home",
            label=_l("Today"),
            endpoint="home.index",
            icon="sun",
            order=10,
            tab=1,
            letter="a",
            may=signed_in,
        ),
    ),
    refusals={"suggestions.key": _l("Nothing of this name is suggested.")},
    personal_data=personal_data,
    forget=forget,
)
