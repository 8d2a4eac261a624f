"""What a member had best add to their profile: on the profile, and suggested on the first page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from incubator.blueprints.members.words import HINTS
from incubator.edge.access import signed_in
from incubator.edge.entries import Suggestion, SuggestionSource
from incubator.edge.pages import url
from incubator.network.members import completeness, queries

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def hint_of(reader: Actor) -> Shown | None:
    """What the reader had best add next; None when nothing is missing."""
    found = completeness.hint_for(queries.said_by(reader.id))
    if found is None:
        return None
    why, label, _anchor = HINTS[found.step]
    return Shown(why, label, _address(found.step), found.done, found.total)


def _address(step: str) -> str:
    anchor = HINTS[step][2]
    return url("members.edit_me" if anchor else "members.own_portrait", _anchor=anchor or None)


def unsaid(reader: Actor) -> Iterable[Suggestion]:
    """Every step that is missing."""
    said = queries.said_by(reader.id)
    for step, (why, label, _anchor) in HINTS.items():
        if step not in said:
            yield Suggestion(step, why, label, _address(step))


SUGGESTIONS = SuggestionSource(keys=completeness.STEPS, load=unsaid, may=signed_in)
