"""Forms of a message to many and of many invitations."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length
from wtforms.widgets import HiddenInput

from incubator.blueprints.roster.choices import SiteChoice
from incubator.domain.mailings import rules
from incubator.edge.forms import Form, choice
from incubator.edge.numbers import WholeField
from incubator.kernel.errors import Refusal

MOST_PASTED = 20_000


class MessageForm(Form):
    """A message, and how many people its writer saw on the list."""

    subject = StringField(_l("Subject"), [Length(max=rules.SUBJECT_MOST)])
    body = TextAreaField(_l("Message"), [Length(max=rules.BODY_MOST)])
    seen = WholeField(widget=HiddenInput(), default=0)

    def check_seen(self, how_many: int) -> None:
        """Raise Refusal ``roster.changed`` when the list is no longer the one that was seen."""
        if self.seen.data != how_many:
            self.seen.data = how_many
            self.seen.raw_data = None
            raise Refusal("roster.changed")


class InviteManyForm(SiteChoice):
    """Addresses to invite, as whom, and where."""

    addresses = TextAreaField(_l("E-mail addresses"), [Length(max=MOST_PASTED)])
    role = SelectField(
        _l("Role"),
        choices=lambda: [
            choice("resident", str(_l("Resident"))),
            choice("guest", str(_l("Guest"))),
        ],
        default="resident",
    )
    language = SelectField(
        _l("Language"), choices=[choice("fr", "Français"), choice("en", "English")]
    )
