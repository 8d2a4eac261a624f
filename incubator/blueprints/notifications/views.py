"""The list of notifications and what its reader does with them."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask import jsonify, request
from flask_babel import ngettext

from incubator.blueprints.notifications.words import DONE
from incubator.edge.access import signed_in
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act
from incubator.edge.numbers import whole
from incubator.edge.pages import Pages, redirect_to, render
from incubator.kernel.errors import NotFound
from incubator.kernel.keyset import Cursor
from incubator.reactions.notifications import reading
from incubator.reactions.notifications.lines import lines_of
from incubator.reactions.notifications.sights import BELL, BELL_MOST
from incubator.reactions.notifications.words import WHATS

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from incubator.network.members.actor import Actor
    from incubator.reactions.notifications.lines import Line

pages = Pages("notifications", __name__)
LONGEST_AREA = 16


@pages.get("/notifications", may=signed_in)
def index() -> ResponseReturnValue:
    """What I was told, by day: what is unread, or all of it."""
    reader, instant = actor(), now()
    everything = "all" in request.args
    cursor = Cursor(request.args.get("after"), request.args.get("before"), reading.PAGE_SIZE)
    page = reading.page_for(reader, cursor, unread=not everything)
    lines = lines_of(reader, page.rows)
    ahead = request.headers.get("Sec-Purpose", "").startswith("prefetch")
    if not ahead and any(row.seen_at is None for row in page.rows):
        act(lambda: reading.see(reader, page.rows, now=instant))
    return render(
        "notifications/index.html",
        page=page,
        days=_by_day(lines, reader),
        everything=everything,
        whats=WHATS,
        until=instant,
        done=_done(),
        muted=lines_of(reader, reading.muted_for(reader)) if everything else [],
    )


def _by_day(lines: list[Line], reader: Actor) -> list[tuple[Any, list[Line]]]:
    zone = ZoneInfo(reader.time_zone)
    days = groupby(lines, lambda line: line.row.raised_at.astimezone(zone).date())
    return [(day, list(some)) for day, some in days]


def _done() -> dict[str, Any] | None:
    """What the last act did and how it is undone, as the address says."""
    did, area = request.args.get("did", ""), request.args.get("area", "")
    if did == "read_all" and _instant("at"):
        number = min(request.args.get("n", 0, type=whole), 10**6)
        words = ngettext("%(num)d read.", "%(num)d read.", number)
        return {"words": words, "at": request.args["at"]}
    item_id = request.args.get("item", type=whole)
    if did not in DONE or item_id is None or not area.isascii() or len(area) > LONGEST_AREA:
        return None
    words, undo = DONE[did]
    return {"words": words, "at": "", "undo": undo, "area": area, "item_id": item_id}


def _instant(name: str, found: str = "") -> datetime | None:
    try:
        instant = datetime.fromisoformat(found or request.args.get(name, ""))
    except ValueError:
        return None
    return instant if instant.tzinfo else None


@pages.get("/notifications/nombre", en="/notifications/number", may=signed_in)
def number() -> ResponseReturnValue:
    """How many subjects have news, for the bell of open pages."""
    count = BELL.of(actor())
    shown = str(count) if count < BELL_MOST else f"{BELL_MOST - 1}+"
    words = ngettext("%(num)d unread notification", "%(num)d unread notifications", count)
    return jsonify(n=count, shown=shown, words=words)


@pages.post("/notifications/lues", en="/notifications/read", may=signed_in)
def read_all() -> ResponseReturnValue:
    """All that stood in the list is read; what came since stays new."""
    reader, instant = actor(), now()
    until = _instant("until", request.form.get("until", "")) or instant
    many = act(lambda: reading.read_all(reader, until=min(until, instant), now=instant))
    at = instant.astimezone(UTC).isoformat()
    return redirect_to("notifications.index", did="read_all", at=at, n=many)


@pages.post("/notifications/non-lues", en="/notifications/unread", may=signed_in)
def undo_read_all() -> ResponseReturnValue:
    """Undo it."""
    at = _instant("at", request.form.get("at", ""))
    if at is not None:
        act(lambda: reading.undo_reading(actor(), at=at))
    return redirect_to("notifications.index")


@pages.get("/notifications/<area>/<int:item_id>", may=signed_in)
def show(area: str, item_id: int) -> ResponseReturnValue:
    """Open what it is about: it is read, unless the browser only looks ahead."""
    reader = actor()
    (line,) = lines_of(reader, [reading.told_to(reader, area, item_id)])
    if not request.headers.get("Sec-Purpose", "").startswith("prefetch"):
        act(lambda: reading.read(reader, area, item_id, now=now()))
    if not line.endpoint:
        return redirect_to("notifications.index", all="")
    return redirect_to(line.endpoint, **line.values)


@pages.post("/notifications/<area>/<int:item_id>", may=signed_in)
def change(area: str, item_id: int) -> ResponseReturnValue:
    """Read, put away, mute, or the contrary."""
    reader, instant, what = actor(), now(), request.form.get("act", "")
    acts: dict[str, Callable[[], None]] = {
        "read": lambda: reading.mark_read(reader, area, item_id, now=instant),
        "unread": lambda: reading.unread(reader, area, item_id),
        "archive": lambda: reading.archive(reader, area, item_id, now=instant),
        "bring_back": lambda: reading.bring_back(reader, area, item_id),
        "mute": lambda: reading.mute(reader, area, item_id),
        "unmute": lambda: reading.unmute(reader, area, item_id),
    }
    if what not in acts:
        raise NotFound("notifications.one")
    act(acts[what])
    more = {"all": ""} if request.form.get("all") else {}
    return redirect_to("notifications.index", did=what, area=area, item=item_id, **more)
