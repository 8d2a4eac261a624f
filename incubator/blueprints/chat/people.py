"""The choice of people: their names while one types, and the same as a form without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request

from incubator.blueprints.chat.views import pages
from incubator.domain.chat import choosing
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.numbers import whole
from incubator.edge.pages import render
from incubator.edge.portraits import gather

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.blueprints.chat.forms import WhomForm

TYPED = 60


@pages.get("/discussions/personnes", en="/chat/people", may=members)
def people() -> ResponseReturnValue:
    """Members whose name begins so, who may be written to and do not sit in ``room`` yet."""
    typed, room = request.args.get("q", "")[:TYPED], request.args.get("room", type=whole)
    found = choosing.found(actor(), typed, room_id=room, but=request.args.getlist("but"))
    gather(found)
    return render("chat/people.html", people=found)


def named() -> str:
    """All whom a form names: those chosen, and what stands in the field."""
    return ", ".join([*request.form.getlist("person"), request.form.get("who", "")])


def searches() -> bool:
    """Whether the form was sent to look for people, not to be done."""
    return bool(request.form.get("search"))


def choice(form: WhomForm, room_id: int | None = None) -> dict[str, Any]:
    """What the field for people shows: who is chosen, and whom a search without script found."""
    slugs, typed = request.form.getlist("person"), form.who.data or ""
    if request.method == "GET" and typed:
        slugs, form.who.data = choosing.understood(typed)
    found = (
        choosing.found(actor(), typed[:TYPED], room_id=room_id, but=slugs) if searches() else None
    )
    chosen = choosing.chosen(slugs)
    gather([*chosen, *(found or ())])
    return {"chosen": chosen, "found": found, "room_id": room_id}
