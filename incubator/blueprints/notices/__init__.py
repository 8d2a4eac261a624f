"""Announcements: what managers tell their site and the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from incubator.blueprints.notices.views import pages
from incubator.blueprints.notices.words import REFUSALS
from incubator.domain.notices import personal, policy, queries
from incubator.edge.access import members
from incubator.edge.clock import now
from incubator.edge.entries import NavEntry, PagePanel, Panel
from incubator.edge.feature import Feature

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incubator.network.members.actor import Actor


def unread(reader: Actor) -> Mapping[str, object] | None:
    """What the reader has not read, on the first page."""
    found = queries.unread_by(reader, now())
    return {"notices": found} if found else None


def of_site(reader: Actor, site_id: int) -> Mapping[str, object] | None:
    """What a site is told, on its page, for those it is meant for."""
    may_publish = policy.may_publish(reader, site_id)
    concerned = reader.home_site_id == site_id or may_publish
    found = queries.live_at(site_id, now()) if concerned else []
    if not found and not may_publish:
        return None
    return {"notices": found, "site_id": site_id, "may_publish": may_publish}


FEATURE = Feature(
    name="notices",
    pages=pages,
    guide="notices",
    navigation=(
        NavEntry(
            key="notices",
            label=_l("Announcements"),
            endpoint="notices.index",
            icon="megaphone",
            section="here",
            order=64,
            may=members,
        ),
    ),
    panels=(
        Panel(key="notices", slot="main", order=5, template="notices/_home.html", load=unread),
    ),
    page_panels=(
        PagePanel(
            key="notices",
            page="site",
            slot="main",
            order=5,
            template="notices/_site.html",
            load=of_site,
        ),
    ),
    refusals=REFUSALS,
    personal_data=personal.personal_data,
    forget=personal.forget,
)
