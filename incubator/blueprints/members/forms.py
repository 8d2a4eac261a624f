"""Forms of a firm."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField, TextAreaField, URLField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from incubator.edge.forms import Form
from incubator.network.members.firms import FirmDetails
from incubator.network.members.rules import ABOUT_LENGTH, MOST_PEOPLE


class FirmForm(Form):
    """What a firm says of itself; ``title`` is asked when it is added."""

    name = StringField(_l("Name of the firm"), [InputRequired(), Length(max=120)])
    sector = StringField(_l("Trade"), [Length(max=80)])
    size = IntegerField(
        _l("People at work"), [InputRequired(), NumberRange(1, MOST_PEOPLE)], default=1
    )
    since_year = IntegerField(_l("Since"), [Optional()])
    web = URLField(_l("Web site"), [Length(max=200)])
    pitch = StringField(_l("In one line"), [Length(max=200)])
    about_md = TextAreaField(_l("About the firm"), [Length(max=ABOUT_LENGTH)])
    registration = StringField(_l("Registration number"), [Length(max=40)])

    def details(self) -> FirmDetails:
        """What was typed, as the command takes it."""
        return FirmDetails(
            name=self.name.data or "",
            sector=self.sector.data or "",
            size=self.size.data or 0,
            since_year=self.since_year.data,
            web=self.web.data or "",
            pitch=self.pitch.data or "",
            about=self.about_md.data or "",
            registration=self.registration.data or "",
        )


class NewFirmForm(FirmForm):
    """A firm and what its first person is in it."""

    title = StringField(_l("Your role there"), [Length(max=80)])
