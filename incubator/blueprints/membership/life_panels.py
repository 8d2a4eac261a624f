"""The parts of shared pages that the course of a membership brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.blueprints.membership import life_words as words
from incubator.domain.membership import life_policy as policy
from incubator.domain.membership import life_queries
from incubator.edge.access import managers, signed_in
from incubator.edge.entries import PagePanel, Panel
from incubator.kernel.keyset import Cursor
from incubator.network.members import queries as members
from incubator.network.members.absence import back_days
from incubator.network.members.audiences import fields_seen
from incubator.network.members.tombstone import is_tombstone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incubator.network.members.actor import Actor

FEW = 3


def to_decide(reader: Actor) -> Mapping[str, object] | None:
    """The oldest requests that wait for the reader."""
    page = life_queries.waiting_for(reader, Cursor(size=FEW))
    erasures = life_queries.erasures_for(reader, Cursor(size=FEW))
    if not page.rows and not erasures.rows:
        return None
    return {"page": page, "erasures": erasures, "words": words}


def own_course(reader: Actor) -> Mapping[str, object] | None:
    """What is asked, planned or under way for the reader."""
    live = life_queries.live_of(reader.id)
    return {"live": live, "words": words} if live else None


def course_of_member(reader: Actor, member_id: int) -> Mapping[str, object] | None:
    """When somebody is back, for whom they let know; what is planned, for them and their site.

    A leave is a part of one's availability, and has its audience.
    """
    person = members.with_id(member_id)
    back_on = back_days([member_id]).get(member_id)
    if back_on and "availability" not in fields_seen(reader, [person])[member_id]:
        back_on = None
    if is_tombstone(person):
        return None
    sees = policy.may_see_life(reader, person)
    if not sees and back_on is None:
        return None
    live = life_queries.live_of(member_id) if sees else ()
    values = {"back_on": back_on, "sees": sees, "live": live, "person": person, "words": words}
    return values | {"own": reader.id == member_id}


PANELS = (
    Panel(
        key="life",
        slot="main",
        order=32,
        template="membership/life/_to_decide.html",
        load=to_decide,
        may=managers,
    ),
    Panel(
        key="course",
        slot="side",
        order=12,
        template="membership/life/_own.html",
        load=own_course,
        may=signed_in,
    ),
)
PAGE_PANELS = (
    PagePanel(
        key="course",
        page="member",
        slot="side",
        order=10,
        template="membership/life/_member.html",
        load=course_of_member,
    ),
)
