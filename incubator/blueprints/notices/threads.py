"""An announcement made of a help thread: its title, the answer that solved it, the way there."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _

from incubator.domain.help import queries
from incubator.domain.notices.rules import BODY_MOST, TITLE_MOST
from incubator.edge.actor import actor
from incubator.edge.numbers import whole
from incubator.edge.pages import url
from incubator.kernel.errors import NotFound

ROOM_FOR_THE_LINK = 300


def thread_asked() -> dict[str, str]:
    """What the form of an announcement begins with, when the address names a thread."""
    number = request.args.get("thread", type=whole)
    try:
        question = queries.visible_to(actor(), number) if number else None
    except NotFound:
        question = None
    # What a circle reads stays in it.
    if question is None or question.audience == "circle":
        return {}
    accepted = queries.accepted_ids(question)
    post = queries.answer_visible_to(actor(), accepted[0])[1] if accepted else question
    said = post.body_md[: BODY_MOST - ROOM_FOR_THE_LINK]
    path = url("help.show", id=question.id, slug=question.slug)
    words = _("Read the whole thread")
    return {"title": question.title[:TITLE_MOST], "body": f"{said}\n\n[{words}]({path})"}
