"""What is typed about circles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than the types

from incubator.domain.circles.commands import Details
from incubator.edge.forms import Form

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor

WAYS_IN = (
    SelectChoice("request", _l("Listed: whoever wants to join asks")),
    SelectChoice("invitation", _l("Hidden: by invitation")),
)


class CircleForm(Form):
    """What is said of a circle."""

    name = StringField(_l("Name of the circle"))
    description = TextAreaField(_l("What it is for"))
    joining = RadioField(_l("How does one come in?"), choices=list(WAYS_IN), default="request")

    def details(self, site_id: int | None = None) -> Details:
        """What was typed."""
        return Details(
            name=self.name.data or "",
            description=self.description.data or "",
            joining=str(self.joining.data or ""),
            site_id=site_id,
        )


class NewCircleForm(CircleForm):
    """A new circle, of the network or of the site where one lives."""

    site = RadioField(_l("For whom?"), default="network")

    def prepare(self, reader: Actor) -> None:
        """Offer the reader's own site."""
        self.site.choices = [SelectChoice("network", _("The whole network"))]
        if reader.home_site_id is not None:
            self.site.choices.append(SelectChoice("site", _("My site only")))


class InviteForm(Form):
    """Who shall come in."""

    who = StringField(_l("Name of a member, or the address of their profile"))
