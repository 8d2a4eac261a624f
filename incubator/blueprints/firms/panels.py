"""The parts of shared pages that firms bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.blueprints.firms.words import span
from incubator.edge.clock import today
from incubator.edge.entries import PagePanel, Panel
from incubator.network.members import audiences, firm_queries, firm_waiting, queries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incubator.network.members.actor import Actor

FEW = 3


def waiting(reader: Actor) -> Mapping[str, object] | None:
    """The oldest requests that wait for the reader."""
    found = firm_waiting.waiting_for(reader, today(reader.time_zone), most=FEW)
    return {"requests": found} if found else None


def past_of_member(reader: Actor, member_id: int) -> Mapping[str, object] | None:
    """Where a member worked, if they let the reader see their firms."""
    member = queries.with_id(member_id)
    if firm_queries.FIELD not in audiences.seen_fields(reader, member):
        return None
    past = firm_queries.past_roles_of(member_id, today(reader.time_zone))
    return {"roles": past, "span": span} if past else None


PANELS = (
    Panel(
        key="firm_requests",
        slot="main",
        order=35,
        template="firms/_waiting.html",
        load=waiting,
    ),
)
PAGE_PANELS = (
    PagePanel(
        key="past_firms",
        page="member",
        slot="side",
        order=60,
        template="firms/_past.html",
        load=past_of_member,
    ),
)
