"""Slots as a calendar file, in the words of whoever reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response
from flask_babel import gettext as _

from incubator.domain.commitments import slot_queries
from incubator.domain.commitments.slot_store import LIVE
from incubator.edge.clock import now
from incubator.edge.pages import url
from incubator.edge.state import settings
from incubator.kernel.icalendar import CONTENT_TYPE, Happening, calendar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.domain.commitments.slot_models import Slot


def of_slot(slot: Slot, *, tentative: bool = False) -> Happening:
    """A slot, its site loaded, as an event."""
    base = settings().base_url.rstrip("/")
    host = base.partition("://")[2].partition("/")[0] or "localhost"
    return Happening(
        uid=f"slot-{slot.id}@{host}",
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        zone=slot.site.time_zone,
        title=slot.title,
        place=", ".join(filter(None, (slot.site.name, *slot.site.address.splitlines()))),
        about=slot.note,
        address=base + url("commitments.slot", slot_id=slot.id),
        tentative=tentative,
    )


def of_member(member_id: int, *, since: datetime) -> Sequence[Happening]:
    """The duties of a member since an instant; a place that looks for a stand-in is tentative."""
    duties = slot_queries.duties_of(member_id, since=since, states=LIVE)
    return [of_slot(signup.slot, tentative=signup.state == "stand_in_wanted") for signup in duties]


def answer(happenings: Sequence[Happening], *, file: str) -> Response:
    """The file as an answer."""
    text = calendar(happenings, name=_("My slots"), now=now())
    response = Response(text, content_type=CONTENT_TYPE)
    response.headers.set("Content-Disposition", "attachment", filename=file)
    return response
