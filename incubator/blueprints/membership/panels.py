"""The parts of shared pages that arrivals bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.blueprints.membership.welcome_views import shown
from incubator.domain.membership import applications_policy as policy
from incubator.domain.membership import (
    applications_queries,
    charters_queries,
    welcome_queries,
)
from incubator.edge.access import managers, members, signed_in
from incubator.edge.clock import today
from incubator.edge.entries import PagePanel, Panel
from incubator.edge.pages import url
from incubator.edge.today_rules import Fact
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from incubator.network.members.actor import Actor

FEW = 5


def to_sign(reader: Actor) -> Mapping[str, object] | None:
    """The charters that wait for the reader's signature."""
    versions = charters_queries.unsigned_by(reader)
    return {"versions": versions} if versions else None


def unsigned(values: Mapping[str, Any]) -> Iterable[Fact]:
    """The charters that wait for a signature."""
    versions = values["versions"]
    address = url("membership.charter", version_id=versions[0].id)
    yield Fact(key="charter", count=len(versions), address=address)


def own_welcome(reader: Actor) -> Mapping[str, object] | None:
    """The reader's own checklist, while they are being welcomed."""
    found = welcome_queries.ongoing_of(reader.id)
    return shown(reader, found) if found else None


def as_host(reader: Actor) -> Mapping[str, object] | None:
    """What is the reader's job in the welcome of others."""
    tasks = welcome_queries.waiting_for(reader, FEW)
    return {"tasks": tasks, "this_day": today(reader.time_zone)} if tasks else None


def arrivals_of_site(reader: Actor, site_id: int) -> Mapping[str, object] | None:
    """Applications and welcomes of a site, for who runs it."""
    place = sites.place_of(site_id)
    if place is None or not policy.may_review(reader, site_id):
        return None
    return {
        "slug": place.slug,
        "new": applications_queries.count_new([site_id]),
        "waiting": applications_queries.count_waiting(site_id),
        "late": welcome_queries.count_late(site_id, today(place.time_zone)),
        "open": applications_queries.door_of(site_id).open,
    }


PANELS = (
    Panel(
        key="charter",
        slot="main",
        order=1,
        template="membership/_to_sign.html",
        load=to_sign,
        tells=unsigned,
        may=members,
    ),
    Panel(
        key="welcome",
        slot="main",
        order=2,
        template="membership/_own_welcome.html",
        load=own_welcome,
        may=signed_in,
    ),
    Panel(
        key="host",
        slot="main",
        order=25,
        template="membership/_as_host.html",
        load=as_host,
        may=members,
    ),
)
PAGE_PANELS = (
    PagePanel(
        key="arrivals",
        page="site",
        slot="side",
        order=10,
        template="membership/_site.html",
        load=arrivals_of_site,
        may=managers,
    ),
)
