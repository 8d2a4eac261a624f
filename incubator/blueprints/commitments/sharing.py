"""What the form of shared hours means: the person, the place, the hours, the help thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request

from incubator.blueprints.commitments import people
from incubator.domain.commitments.commands import Sharing
from incubator.domain.help import queries as help_threads
from incubator.edge.actor import actor
from incubator.edge.numbers import whole
from incubator.kernel.errors import NotFound, Refusal
from incubator.kernel.text import fold
from incubator.network.sites.rules import instant_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from incubator.blueprints.commitments.forms import DeclareForm
    from incubator.network.members.actor import Actor
    from incubator.network.sites.queries import Place


@dataclass(frozen=True)
class Thread:
    """A help thread, as far as hours name it; ``asker`` is the name of who asked.

    That is empty, and ``asker_id`` None, where they asked without it.
    """

    id: int
    slug: str
    title: str
    asker: str
    asker_id: int | None


def thread_asked() -> Thread | None:
    """The help thread that the address or the form names, if the reader may see it.

    Not where they asked without their name, whoever knows it: hours are read by others too.
    """
    found = thread_with(request.values.get("thread", ""))
    return found if found and found.asker_id else None


def thread_with(number: str | int | None) -> Thread | None:
    """The help thread of a number, if the reader may see it."""
    try:
        found = help_threads.visible_to(actor(), whole(number or ""))
    except (ValueError, NotFound):
        return None
    if found.anonymous:
        return Thread(found.id, found.slug, found.title, "", None)
    return Thread(found.id, found.slug, found.title, found.author.name, found.author_id)


def meant(
    form: DeclareForm, reader: Actor, places: Sequence[Place], *, thread: Thread | None, day: date
) -> Sharing:
    """What was typed. Raise Refusal on the person and on a place that is not of the list."""
    place = _place(form, places)
    start, end = _hours(form, day, place.time_zone if place else reader.time_zone)
    return Sharing(
        kind=form.kind.data or "",
        day=day,
        minutes=form.minutes,
        receiver_id=_receiver(form, reader, thread=thread, day=day),
        note=form.note.data or "",
        started_at=start,
        ended_at=end,
        site_id=place.id if place else None,
        thread_id=thread.id if thread else None,
    )


def _receiver(form: DeclareForm, reader: Actor, *, thread: Thread | None, day: date) -> int | None:
    """Who is named; in a thread it is who asked, whoever else has their name."""
    if thread and fold(form.with_name.data or "") == fold(thread.asker):
        return thread.asker_id
    return people.meant(form, reader, day)


def _place(form: DeclareForm, places: Sequence[Place]) -> Place | None:
    chosen = form.place.data
    if not chosen:
        return None
    found = next((place for place in places if place.slug == chosen), None)
    if found is None:
        raise Refusal("commitments.place_unknown", field="place")
    return found


def _hours(
    form: DeclareForm, day: date, zone: str
) -> tuple[datetime, datetime] | tuple[None, None]:
    if form.hours is None:
        return None, None
    start, end = form.hours
    return instant_of(day, start, zone), instant_of(day, end, zone)
