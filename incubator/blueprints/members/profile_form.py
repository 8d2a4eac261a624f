"""The form of one's own profile: everything a member says of themselves, and to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    DateField,
    Field,
    RadioField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
    URLField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from incubator.blueprints.members import words
from incubator.blueprints.members.audience_form import AudienceForm, ask_audiences, chosen_now
from incubator.edge.forms import Form, choice
from incubator.edge.numbers import WholeField, whole
from incubator.edge.state import settings
from incubator.kernel.errors import Refusal
from incubator.network.members.availability import (
    ABOUT_MENTORING_LENGTH,
    Availability,
    Mentoring,
    availability_on,
    mentoring_on,
)
from incubator.network.members.rules import (
    ABOUT_LENGTH,
    LINK_LABEL_LENGTH,
    MOST_LINKS,
    PRONOUNS_LENGTH,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from incubator.network.members.audience import Audiences
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
            self.data = {whole(skill): whole(level) for skill, level in pairs}
        except ValueError as error:
            self.data = {}
            raise ValueError(str(_l("Choose a level of the list."))) from error


class WaysField(Field):
    """How somebody helps with each skill: each value is «id:way»."""

    widget = TextInput()
    data: dict[int, set[str]]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the chosen ones; ValueError on what no page of ours sends."""
        self.data = {}
        try:
            for skill, way in (value.split(":") for value in valuelist):
                self.data.setdefault(whole(skill), set()).add(way)
        except ValueError as error:
            raise ValueError(str(_l("Choose ways of the list."))) from error


class WantedField(Field):
    """Ids of skills that are looked for."""

    widget = TextInput()
    data: list[int]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the chosen ones; ValueError on what no page of ours sends."""
        try:
            self.data = [whole(value) for value in valuelist]
        except ValueError as error:
            self.data = []
            raise ValueError(str(_l("Choose skills of the list."))) from error


class ProfileForm(AudienceForm):
    """What a member says of themselves; ``profile_form`` adds links, titles and audiences."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=120)])
    headline = StringField(_l("In one line"), [Length(max=160)])
    pronouns = StringField(_l("Pronouns"), [Length(max=PRONOUNS_LENGTH)])
    about_md = TextAreaField(_l("About you"), [Length(max=ABOUT_LENGTH)])
    phone = TelField(_l("Phone"), [Length(max=40)])
    languages = SelectMultipleField(
        _l("Languages"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    offered = OfferedField(_l("What you offer"))
    ways = WaysField(_l("How you can help"))
    wanted = WantedField(_l("What you look for"))
    availability = RadioField(_l("At the moment"))
    available_until = DateField(_l("Until"), [Optional()])
    capacity = WholeField(_l("How many people at most"), [Optional()])
    mentoring_about = StringField(_l("What about"), [Length(max=ABOUT_MENTORING_LENGTH)])
    paused = BooleanField(_l("On pause"))
    paused_until = DateField(_l("Pause until"), [Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages.choices = [choice(*pair) for pair in words.language_choices()]
        self.availability.choices = [
            choice(state, str(label)) for state, label in words.AVAILABILITY.items()
        ]

    def links(self) -> list[tuple[str, str]]:
        """What was typed in the lines of links, empty ones too: places name the fields."""
        return [
            (self[f"link_label_{place}"].data or "", self[f"link_web_{place}"].data or "")
            for place in range(MOST_LINKS)
        ]

    def lines_of_links(self) -> int:
        """How many lines are shown at once: up to the last one filled in, and one to fill."""
        filled = [place for place, pair in enumerate(self.links()) if any(pair)]
        return min(max(filled, default=-1) + 2, MOST_LINKS)

    def mentoring(self) -> Mentoring:
        """What was said of accompanying others."""
        return Mentoring(
            self.capacity.data or 0,
            self.mentoring_about.data or "",
            self.paused.data,
            self.paused_until.data,
        )

    def available(self) -> Availability:
        """What was said of being there."""
        return Availability(self.availability.data, self.available_until.data)


def profile_form(
    member: Member, roles: Sequence[FirmRole], *, audiences: Audiences, today: date
) -> ProfileForm:
    """The form of a member's own profile, with a line for each of their firms."""

    class OwnForm(ProfileForm):
        """The profile with its links, the titles held in firms and the audiences."""

    for role in roles:
        label = _l("Your role at %(firm)s", firm=role.firm.name)
        setattr(OwnForm, f"title_{role.id}", StringField(label, [Length(max=80)]))
    for place in range(MOST_LINKS):
        number = place + 1
        called = StringField(
            _l("Name of link %(number)s", number=number), [Length(max=LINK_LABEL_LENGTH)]
        )
        address = URLField(_l("Address of link %(number)s", number=number), [Length(max=200)])
        setattr(OwnForm, f"link_label_{place}", called)
        setattr(OwnForm, f"link_web_{place}", address)
    ask_audiences(OwnForm)
    return OwnForm(data=_said(member, today) | _titles(roles) | chosen_now(audiences))


def _said(member: Member, today: date) -> dict[str, object]:
    available = availability_on(member.availability, today)
    mentoring = mentoring_on(member.mentoring, today)
    said: dict[str, object] = {
        "name": member.name,
        "headline": member.headline,
        "pronouns": member.pronouns,
        "about_md": member.about_md,
        "phone": member.phone,
        "languages": [code for code in member.speaks.split(",") if code],
        "offered": {each.skill_id: each.level for each in member.skills if not each.wanted},
        "ways": {each.skill_id: set(each.ways) for each in member.skills if not each.wanted},
        "wanted": [each.skill_id for each in member.skills if each.wanted],
        "availability": available.state,
        "available_until": available.until,
        "capacity": mentoring.capacity,
        "mentoring_about": mentoring.about,
        "paused": mentoring.paused,
        "paused_until": mentoring.paused_until,
    }
    for place, (label, address) in enumerate(member.links):
        said |= {f"link_label_{place}": label, f"link_web_{place}": address}
    return said


def _titles(roles: Sequence[FirmRole]) -> dict[str, object]:
    return {f"title_{role.id}": role.title for role in roles}


class PortraitForm(Form):
    """A picture of oneself."""

    photo = FileField(_l("Your picture"))

    def picture(self) -> bytes:
        """What was sent; raise Refusal ``members.no_picture`` or ``files.too_heavy``."""
        data, sent = b"", self.photo.data
        if isinstance(sent, FileStorage):
            with sent.stream as file:
                data = file.read()
        most = settings().max_upload_mb
        if not data:
            raise Refusal("members.no_picture", field="photo")
        if len(data) > most * 1024 * 1024:
            raise Refusal("files.too_heavy", field="photo", megabytes=most)
        return data
