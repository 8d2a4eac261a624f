"""Who sees what of me, on a page of its own among the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from incubator.blueprints.members.audience_form import (
    ASKED,
    AudienceForm,
    ask_audiences,
    chosen_now,
)
from incubator.blueprints.members.routes import pages
from incubator.edge.access import signed_in
from incubator.edge.actor import actor
from incubator.edge.forms import attempt
from incubator.edge.pages import redirect_to, toast
from incubator.network.members.audience import EVERYTHING_AS_USUAL
from incubator.network.members.audiences import audiences_of, set_audiences

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.network.members.audience import Audiences


@pages.form("/moi/reglages/visibilite", en="/me/settings/audience", may=signed_in)
def audience() -> ResponseReturnValue:
    """Choose who sees which field of my profile."""
    reader = actor()
    before = audiences_of([reader.id]).get(reader.id, EVERYTHING_AS_USUAL)
    form = _form(before)

    def save() -> bool:
        keep_audiences(form, before)
        return True

    if attempt(form, save) is None:
        return form.page("members/audience.html", asked=ASKED)
    toast(_("Your choices are kept."))
    return redirect_to("members.audience")


def _form(before: Audiences) -> AudienceForm:
    class OwnForm(AudienceForm):
        """The choices alone."""

    ask_audiences(OwnForm)
    return OwnForm(data=chosen_now(before))


def keep_audiences(form: AudienceForm, before: Audiences) -> None:
    """Choose who sees what; fields that other pages ask about keep their audience."""
    reader = actor()
    chosen = {**before.chosen, **form.audiences()}
    set_audiences(reader, member_id=reader.id, chosen=chosen)
