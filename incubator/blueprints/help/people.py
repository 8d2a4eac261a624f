"""Members to mention, suggested while typing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from incubator.blueprints.help.pages import pages
from incubator.domain.help import mentioning
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.numbers import whole
from incubator.edge.pages import render

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

LONGEST = 60


@pages.get("/entraide/personnes", en="/help/people", may=members)
def people() -> ResponseReturnValue:
    """The members whose name begins as typed after «@», those of the thread first."""
    typed = request.args.get("q", "")[:LONGEST]
    thread = request.args.get("thread", type=whole)
    return render("help/people.html", people=mentioning.suggested(actor(), typed, thread))
