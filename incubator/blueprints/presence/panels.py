"""Who is on site, on the pages of sites and members and on the first page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.blueprints.presence.words import usual_words
from incubator.edge.access import members
from incubator.edge.clock import now
from incubator.edge.entries import PagePanel, Panel
from incubator.network.members import present, queries
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incubator.network.members.actor import Actor


def at_site(reader: Actor, site_id: int) -> Mapping[str, object] | None:
    """Who is at a site now and lets the reader know."""
    site = sites.with_id(site_id)
    if site is None or site.closed_on is not None:
        return None
    mine = present.own_presence(reader, now())
    return {
        "site": site,
        "people": present.on_site(reader, site_id, now()),
        "here": mine.site_id == site_id,
        "mine": mine,
    }


def at_home(reader: Actor) -> Mapping[str, object] | None:
    """The same for the reader's own site, on the first page."""
    return at_site(reader, reader.home_site_id) if reader.home_site_id is not None else None


def of_member(reader: Actor, member_id: int) -> Mapping[str, object] | None:
    """Where a member is and usually is, if they let the reader know."""
    member = queries.with_id(member_id)
    mine = reader.id == member_id
    presence = (
        present.own_presence(reader, now()) if mine else present.presence_of(reader, member, now())
    )
    if presence == present.HIDDEN and not mine:
        return None
    return {
        "member": member,
        "presence": presence,
        "mine": mine,
        "place": sites.with_id(presence.site_id),
        "usual": usual_words(presence.usual),
    }


PANELS = (
    Panel(
        key="presence",
        slot="side",
        order=10,
        template="presence/_site.html",
        load=at_home,
        may=members,
    ),
)
PAGE_PANELS = (
    PagePanel(
        key="presence",
        page="site",
        slot="main",
        order=10,
        template="presence/_site.html",
        load=at_site,
    ),
    PagePanel(
        key="presence",
        page="member",
        slot="side",
        order=10,
        template="presence/_member.html",
        load=of_member,
    ),
)
