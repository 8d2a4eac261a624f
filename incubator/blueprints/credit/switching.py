"""The switch of mutual credit: what needs legal advice, who turned it, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.credit import legal
from incubator.blueprints.credit.forms import SwitchForm
from incubator.blueprints.credit.routes import ROOT, ROOT_EN, pages
from incubator.domain.exchanges.ledger import switch as switches
from incubator.edge.access import administrators
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import attempt
from incubator.edge.pages import redirect_to, toast
from incubator.edge.panels import page_panels_for
from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@pages.form(f"{ROOT}/interrupteur", en=f"{ROOT_EN}/switch", may=administrators)
def switch() -> ResponseReturnValue:
    """Read what needs legal advice and switch mutual credit on, or off again."""
    form = SwitchForm()
    wanted = request.form.get("turn") == "on"

    def turn() -> bool:
        if wanted and not form.read.data:
            raise Refusal("ledger.unread", field="read")
        switches.switch(
            actor(), turned_on=wanted, text_read=legal.text() if wanted else "", now=now()
        )
        return True

    if attempt(form, turn) is None:
        return form.page(
            "credit/switch.html",
            on=switches.is_on(),
            paragraphs=legal.PARAGRAPHS,
            acts=switches.history_named(),
            panels=page_panels_for("credit_switch", actor(), 0),
        )
    toast(_("Mutual credit is on.") if wanted else _("Mutual credit is off."))
    return redirect_to("credit.switch")
