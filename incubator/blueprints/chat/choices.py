"""What others learn of somebody in the rooms: that they are there, how far they read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField

from incubator.blueprints.chat.views import pages
from incubator.domain.chat import retracting
from incubator.domain.chat.reading import FIELD
from incubator.edge.access import members, signed_in
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import Form, attempt, choice
from incubator.edge.pages import redirect_to, toast
from incubator.network.members.audience import EVERYTHING_AS_USUAL, ME, NETWORK
from incubator.network.members.audiences import audiences_of, set_audiences

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

AUDIENCES = {
    "me": _l("Nobody"),
    "managers": _l("The managers of my site"),
    "site": _l("The members of my site"),
    "network": _l("All members of the network"),
}


class ChoicesForm(Form):
    """Who sees that one is online; whether one shows how far one reads, and sees it of others."""

    online = RadioField(_l("Who sees that I am online"))
    reading = BooleanField(_l("Show what I have read, and see it of the others who show it"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.online.choices = [choice(code, str(words)) for code, words in AUDIENCES.items()]


@pages.form("/discussions/mes-choix", en="/chat/my-choices", may=members)
def choices() -> ResponseReturnValue:
    """Choose what others learn of me in the rooms."""
    reader = actor()
    before = audiences_of([reader.id]).get(reader.id, EVERYTHING_AS_USUAL)
    form = ChoicesForm(online=before.of("online"), reading=before.of(FIELD) != ME)

    def save() -> bool:
        shown = NETWORK if form.reading.data else ME
        chosen = {**before.chosen, "online": form.online.data, FIELD: shown}
        set_audiences(reader, member_id=reader.id, chosen=chosen)
        return True

    if attempt(form, save) is None:
        return form.page("chat/choices.html")
    toast(_("Your choices are kept."))
    return redirect_to("chat.choices")


class RetractForm(Form):
    """That one really wants all one’s messages gone."""

    sure = BooleanField(_l("Yes, take back all my messages for good"))


@pages.form("/discussions/mes-messages/reprendre", en="/chat/my-messages/take-back", may=signed_in)
def retract() -> ResponseReturnValue:
    """Take back all that one ever said in rooms."""
    form = RetractForm()

    def take_back() -> bool:
        retracting.ask(actor(), sure=bool(form.sure.data), now=now())
        return True

    if attempt(form, take_back) is None:
        return form.page("chat/retract.html", count=retracting.standing(actor().id))
    toast(_("Your messages go now, one after the other."))
    return redirect_to("chat.index")
