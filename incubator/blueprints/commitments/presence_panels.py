"""The parts of shared pages that presence brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.blueprints.commitments import presence_views
from incubator.domain.commitments import presence_queries as queries
from incubator.edge.entries import Panel
from incubator.edge.pages import url
from incubator.edge.today_rules import Fact
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from incubator.network.members.actor import Actor


def button(reader: Actor) -> Mapping[str, object] | None:
    """«Je suis sur place», unless the reader is in; who has no home site goes through the sites."""
    home = sites.place_of(reader.home_site_id)
    return {"home": home} if home and queries.current(reader.id) is None else None


def who_is_in(reader: Actor) -> Mapping[str, object] | None:
    """The way to the list of one's site: a manager's notes arrivals too."""
    home = sites.place_of(reader.home_site_id)
    return {"home": home, "runs": reader.manages(home.id)} if home else None


def under_way(reader: Actor) -> Mapping[str, object] | None:
    """The reader's open session, and those whose end nobody knows."""
    own = presence_views.own(reader)
    return own if own["session"] or own["forgotten"] else None


def forgotten(values: Mapping[str, Any]) -> Iterable[Fact]:
    """The visits whose end nobody knows."""
    visits = values["forgotten"]
    if visits:
        address = url("commitments.when_left", session_id=visits[0].id)
        yield Fact(key="forgotten", count=len(visits), address=address)


PANELS = (
    Panel(
        key="check-in", slot="actions", order=5, template="commitments/_check_in.html", load=button
    ),
    Panel(
        key="who-is-in",
        slot="actions",
        order=20,
        template="commitments/_who_is_in.html",
        load=who_is_in,
    ),
    Panel(
        key="session",
        slot="main",
        order=22,
        template="commitments/_session.html",
        load=under_way,
        tells=forgotten,
    ),
)
