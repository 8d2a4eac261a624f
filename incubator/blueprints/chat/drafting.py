"""What is begun in a room: kept while typing or by a button, let go when nobody comes back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Response, request
from flask_babel import gettext as _

from incubator.blueprints.chat.views import pages, wants_json
from incubator.domain.chat import drafts, queries
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act
from incubator.edge.numbers import whole
from incubator.edge.pages import redirect_to, toast
from incubator.kernel.db import transaction, utcnow
from incubator.kernel.schedule import hourly

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

LEFT_FOR = timedelta(days=180)


@pages.post("/discussions/salons/<int:id>/brouillon", en="/chat/rooms/<int:id>/draft", may=members)
def keep_draft(id: int) -> ResponseReturnValue:
    """Keep ``text``, begun in a room or under message ``root``; the script is told nothing."""
    text = request.form.get("text", "").replace("\0", "")
    root = request.form.get("root", type=whole)
    act(lambda: drafts.keep(actor(), id, text=text, root=root, now=now()))
    if wants_json():
        return Response(status=204)
    toast(_("Your draft is kept: you find it here on all your devices."))
    slug = queries.visible_to(actor(), id).slug
    if root:
        return redirect_to("chat.thread", slug=slug, no=root)
    return redirect_to("chat.show", slug=slug)


@hourly("chat.drafts")
def forget_drafts(payload: Mapping[str, Any]) -> None:
    """Let go of what nobody came back to for half a year."""
    del payload
    with transaction():
        drafts.forgotten(utcnow() - LEFT_FOR)
