"""Whoever opens the page of a subject has read what was told of it, whichever way they came."""

from __future__ import annotations

from typing import Final

from flask import request

from incubator.edge.actor import viewer
from incubator.edge.clock import now
from incubator.edge.forms import act
from incubator.edge.navigation import count_anew, menu
from incubator.edge.pages import page_endpoint
from incubator.reactions.notifications import reading
from incubator.reactions.notifications.lines import PLACES

# Pages by what their address says of a subject; a room is read where its messages are.
_WHOLE: Final = {
    endpoint: (area, part)
    for area, (endpoint, part) in PLACES.items()
    if part != "slug" and area != "thread"
} | {"help.show": ("thread", "id")}


def visited() -> None:
    """Before a page is drawn, so that its own bell is right; looking ahead reads nothing."""
    place = _WHOLE.get(page_endpoint())
    ahead = request.headers.get("Sec-Purpose", "").startswith("prefetch")
    if place is None or request.method != "GET" or ahead:
        return
    reader, (area, part), bell = viewer(), place, menu().bell
    if reader is None or bell is None or not bell.count:
        return
    item_id = int((request.view_args or {})[part]) if part else None
    if reading.waits(reader, area, item_id):
        act(lambda: reading.read(reader, area, item_id, now=now()))
        count_anew()
