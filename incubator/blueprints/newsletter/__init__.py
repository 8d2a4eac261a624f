"""«La semaine»: the letters about a week as pages, and the desk of those who edit them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from incubator.blueprints.newsletter import desk_views as desk_views
from incubator.blueprints.newsletter.views import pages
from incubator.blueprints.newsletter.words import REFUSALS
from incubator.domain.newsletter import personal, queries
from incubator.edge.access import members
from incubator.edge.clock import now
from incubator.edge.entries import NavEntry, Panel
from incubator.edge.feature import Feature

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incubator.network.members.actor import Actor

# As long as a letter is news on the first page.
FRESH = timedelta(days=4)


def fresh(reader: Actor) -> Mapping[str, object] | None:
    """The letter that has just come out at the reader's site, and drafts that wait for them."""
    found = queries.for_first_page(reader, since=now() - FRESH)
    return {"editions": found} if found else None


FEATURE = Feature(
    name="newsletter",
    pages=pages,
    guide="week",
    navigation=(
        NavEntry(
            key="newsletter",
            label=_l("The week"),
            endpoint="newsletter.index",
            icon="newspaper",
            section="here",
            order=66,
            may=members,
        ),
    ),
    panels=(
        Panel(key="newsletter", slot="side", order=4, template="newsletter/_home.html", load=fresh),
    ),
    refusals=REFUSALS,
    personal_data=personal.personal_data,
    forget=personal.forget,
)
