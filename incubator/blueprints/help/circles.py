"""What was asked in a circle, on the page of the circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from incubator.domain.help import lists
from incubator.edge.entries import PagePanel
from incubator.kernel.keyset import Cursor
from incubator.network.members.circles import circle_of, read_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incubator.network.members.actor import Actor


def asked_in(reader: Actor, circle_id: int) -> Mapping[str, object] | None:
    """A page of its questions, for those who read them; nothing for the others."""
    if not (reader.is_administrator or circle_id in read_by(reader)):
        return None
    cursor = Cursor(request.args.get("after"), request.args.get("before"), lists.PAGE_SIZE)
    filters = lists.Filters(view="all", circle_id=circle_id)
    return {
        "circle": circle_of(circle_id),
        "page": lists.page_for(reader, filters, cursor),
        "mine": lists.offered_by(reader.id),
        "may_ask": circle_id in read_by(reader),
    }


PANELS = (
    PagePanel(key="asked", page="circle", slot="main", template="help/_circle.html", load=asked_in),
)
