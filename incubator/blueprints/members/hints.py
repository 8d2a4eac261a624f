"""What a member had best add to their profile, on the profile and on the first page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from incubator.blueprints.members.words import HINTS
from incubator.edge.access import signed_in
from incubator.edge.clock import today
from incubator.edge.entries import Panel
from incubator.edge.pages import url
from incubator.network.members import completeness, queries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask_babel.speaklater import LazyString

    from incubator.network.members.actor import Actor


@dataclass(frozen=True)
class Shown:
    """A hint as pages show it: why, what the button says and where it leads; how far one is."""

    why: LazyString
    label: LazyString
    address: str
    done: int
    total: int
    resting: bool


def hint_of(reader: Actor) -> Shown | None:
    """What the reader had best add next; None when nothing is missing."""
    said, rests_until = queries.said_by(reader.id)
    found = completeness.hint_for(said)
    if found is None:
        return None
    why, label, anchor = HINTS[found.step]
    page = "members.edit_me" if anchor else "members.own_portrait"
    resting = completeness.is_resting(rests_until, today(reader.time_zone))
    address = url(page, _anchor=anchor or None)
    return Shown(why, label, address, found.done, found.total, resting)


def next_step(reader: Actor) -> Mapping[str, object] | None:
    """The panel of the first page, until all is said or the reader wants peace."""
    found = hint_of(reader)
    return None if found is None or found.resting else {"hint": found}


PANEL = Panel(
    key="profile",
    slot="side",
    order=15,
    template="members/_hint_panel.html",
    load=next_step,
    may=signed_in,
)
