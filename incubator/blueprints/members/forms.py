"""Forms of a profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    Field,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from incubator.blueprints.members import words
from incubator.edge.forms import Form, choice
from incubator.network.members.rules import ABOUT_LENGTH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.network.members.firm_models import FirmRole
    from incubator.network.members.models import Member


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
