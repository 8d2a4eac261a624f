"""How often the reader wants to be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from incubator.blueprints.help.pages import pages
from incubator.blueprints.help.routing.forms import AskingForm
from incubator.domain.help.routing import asking as wishes
from incubator.domain.help.routing.asking_rules import CAP_MOST
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import attempt
from incubator.edge.pages import redirect_to, toast

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@pages.form("/entraide/sollicitations/reglages", en="/help/requests/settings", may=members)
def asking() -> ResponseReturnValue:
    """Pause, or be asked more or less often."""
    reader, form = actor(), AskingForm()
    before = wishes.wishes_of(reader.id)
    if not form.is_submitted():
        form.show(before)
    chosen = attempt(form, lambda: wishes.choose(reader, form.wishes(), now=now()))
    if chosen is None:
        pauses = before.pauses(today(reader.time_zone))
        return form.page("help/routing/asking.html", most=CAP_MOST, pauses=pauses, before=before)
    toast(_("Noted: it holds from now on."))
    return redirect_to("help.asking")
