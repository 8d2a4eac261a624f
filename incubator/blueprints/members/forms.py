"""Forms of a profile and of a firm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    Field,
    IntegerField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
    URLField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from incubator.blueprints.members import words
from incubator.edge.forms import Form, choice
from incubator.network.members.firms import FirmDetails
from incubator.network.members.rules import ABOUT_LENGTH, MOST_PEOPLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.network.members.models import FirmRole, Member


class OfferedField(Field):
    """Skills with a level: each value is «id:level», or empty where none is offered."""

    widget = TextInput()
    data: dict[int, int]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the chosen ones; ValueError on what no page of ours sends."""
        pairs = [value.split(":") for value in valuelist if value]
        try:
            self.data = {int(skill): int(level) for skill, level in pairs}
        except ValueError as error:
            self.data = {}
            raise ValueError(str(_l("Choose a level of the list."))) from error


class WantedField(Field):
    """Ids of skills that are looked for."""

    widget = TextInput()
    data: list[int]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the chosen ones; ValueError on what no page of ours sends."""
        try:
            self.data = [int(value) for value in valuelist]
        except ValueError as error:
            self.data = []
            raise ValueError(str(_l("Choose skills of the list."))) from error


class ProfileForm(Form):
    """What a member says of themselves."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=120)])
    headline = StringField(_l("In one line"), [Length(max=160)])
    about_md = TextAreaField(_l("About you"), [Length(max=ABOUT_LENGTH)])
    phone = TelField(_l("Phone"), [Length(max=40)])
    languages = SelectMultipleField(
        _l("Languages"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    offered = OfferedField(_l("What you offer"))
    wanted = WantedField(_l("What you look for"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages.choices = [choice(*pair) for pair in words.language_choices()]


def profile_form(member: Member, roles: Sequence[FirmRole]) -> ProfileForm:
    """The form of a member's own profile, with a line for each of their firms."""

    class OwnForm(ProfileForm):
        """The profile with the titles held in firms."""

    data: dict[str, object] = {
        "name": member.name,
        "headline": member.headline,
        "about_md": member.about_md,
        "phone": member.phone,
        "languages": [code for code in member.speaks.split(",") if code],
        "offered": {each.skill_id: each.level for each in member.skills if not each.wanted},
        "wanted": [each.skill_id for each in member.skills if each.wanted],
    }
    for role in roles:
        label = _l("Your role at %(firm)s", firm=role.firm.name)
        setattr(OwnForm, f"title_{role.id}", StringField(label, [Length(max=80)]))
        data[f"title_{role.id}"] = role.title
    return OwnForm(data=data)


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
