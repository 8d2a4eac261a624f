"""The code of a site, scanned by a phone: looking changes nothing, one tap checks in or out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from incubator.blueprints.commitments.presence_forms import NumberForm
from incubator.blueprints.commitments.presence_views import after_coming, goodbye, own
from incubator.blueprints.commitments.routes import pages
from incubator.domain.commitments import presence, site_codes
from incubator.domain.commitments import presence_changes as changes
from incubator.domain.commitments import presence_queries as queries
from incubator.domain.commitments.presses import Press
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act
from incubator.edge.pages import redirect_to, render, toast
from incubator.edge.state import settings
from incubator.kernel.keyset import Cursor

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.commitments.presses import Answer


@pages.form("/p/<token>", may=members)
def code(token: str) -> ResponseReturnValue:
    """The site of a code and its one button."""
    reader, acts = actor(), request.method == "POST"
    found = site_codes.opened(token, secret=settings().secret_key, now=now(), acts=acts)
    site = changes.site_of(found.site_id)
    form = NumberForm()
    if not acts:
        return render("commitments/code.html", site=site, form=form, **own(reader))
    first = not queries.sessions_of(reader.id, Cursor(size=1)).rows
    leaves = form.way.data == "out"
    press = Press(uid=(form.once.data or "")[:36], site_id=site.id, source="qr")
    answer = act(lambda: _press(press, leaves=leaves))
    if leaves:
        toast(goodbye(answer))
        return redirect_to("commitments.sessions")
    return after_coming(reader, site, answer, first=first, back=False)


def _press(press: Press, *, leaves: bool) -> Answer:
    acts = presence.check_out if leaves else presence.check_in
    return acts(actor(), press, now=now())
