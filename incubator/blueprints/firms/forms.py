"""Forms of a firm: what it says of itself, its people, what is asked of it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    DateField,
    Field,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    URLField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import TextInput

from incubator.blueprints.firms import words
from incubator.edge.forms import Form, choice
from incubator.edge.numbers import WholeField, natural, whole
from incubator.edge.refusals import words_for
from incubator.edge.sectors import sectors
from incubator.edge.territories import countries
from incubator.network.members.firm_requests import MESSAGE_LENGTH
from incubator.network.members.firm_rules import MOST_PEOPLE
from incubator.network.members.firms import FirmDetails
from incubator.network.members.rules import ABOUT_LENGTH

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from incubator.kernel.errors import Refusal
    from incubator.network.members.directory import Card
    from incubator.network.members.firm_models import FirmRole

NOBODY = "nobody"


class SkillsField(Field):
    """Ids of skills that were ticked."""

    widget = TextInput()
    data: list[int]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the ticked ones; ValueError on what no page of ours sends."""
        try:
            self.data = [whole(value) for value in valuelist]
        except ValueError as error:
            self.data = []
            raise ValueError(str(_l("Choose skills of the list."))) from error


class FirmForm(Form):
    """What a firm says of itself."""

    name = StringField(_l("Name of the firm"), [InputRequired(), Length(max=120)])
    country = SelectField(_l("Country"))
    city = StringField(_l("City"), [Length(max=80)])
    registration = StringField(_l("Registration number"), [Length(max=40)])
    sector = SelectField(_l("Sector"))
    activity = StringField(_l("Trade, in your words"), [Length(max=80)])
    size = WholeField(_l("People at work"), [InputRequired(), NumberRange(1, MOST_PEOPLE)])
    since_year = WholeField(_l("Year it began"), [Optional()])
    since_month = SelectField(_l("Month"), coerce=words.whole_or_none)
    web = URLField(_l("Web site"), [Length(max=200)])
    pitch = StringField(_l("In one line"), [Length(max=200)])
    about_md = TextAreaField(_l("About the firm"), [Length(max=ABOUT_LENGTH)])
    offers = SkillsField(_l("What the firm offers"))
    needs = SkillsField(_l("What the firm looks for"))
    logo = FileField(_l("Logo"))
    no_logo = BooleanField(_l("Remove the logo and show the mosaic again"))
    rejected: Refusal | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unsaid = choice("", str(_l("Choose")))
        self.country.choices = [unsaid, *(choice(*pair) for pair in countries())]
        self.sector.choices = [unsaid, *(choice(*pair) for pair in sectors())]
        self.since_month.choices = [choice("", "–"), *(choice(*pair) for pair in words.months())]
        self.offers.data, self.needs.data = self.offers.data or [], self.needs.data or []

    def details(self) -> FirmDetails:
        """What was typed, as the command takes it."""
        return FirmDetails(
            name=self.name.data or "",
            country=self.country.data or "",
            city=self.city.data or "",
            registration=self.registration.data or "",
            sector=self.sector.data or "",
            activity=self.activity.data or "",
            size=self.size.data or 0,
            since_year=self.since_year.data,
            since_month=self.since_month.data,
            web=self.web.data or "",
            pitch=self.pitch.data or "",
            about=self.about_md.data or "",
            offers=self.offers.data,
            needs=self.needs.data,
        )

    def picture(self) -> bytes | None:
        """The logo that was sent, if any."""
        sent = self.logo.data
        return sent.read() if isinstance(sent, FileStorage) else None

    def reject(self, refusal: Refusal) -> None:
        """Hold that the logo is none: the form stays invalid."""
        self.rejected = refusal

    def validate_logo(self, field: FileField) -> None:
        """Repeat why the logo was rejected."""
        del field
        if self.rejected is not None:
            raise ValidationError(words_for(self.rejected))


class NewFirmForm(FirmForm):
    """A firm, what its first person is in it, and that it is none of those that look alike."""

    title = StringField(_l("Your role there"), [Length(max=80)])
    sure = BooleanField(_l("None of these: it is another firm"))


class RoleForm(Form):
    """What somebody is in a firm, and since when."""

    title = StringField(_l("Role"), [Length(max=80)])
    since_on = DateField(_l("Since"), [InputRequired()])
    until_on = DateField(_l("Until"), [Optional()])
    keeper = BooleanField(_l("Keeps the firm: edits its page, invites, answers requests"))


class EndForm(Form):
    """Who keeps the firm after its last keeper."""

    heir = RadioField(_l("Who keeps the firm after you?"), choices=[], validate_choice=False)

    def offer(self, others: Sequence[FirmRole]) -> None:
        """Let one of the people be chosen, or nobody."""
        named = [choice(str(role.member_id), role.member.name) for role in others]
        self.heir.choices = cast(
            "Any", [*named, choice(NOBODY, str(_l("Nobody: leave it without a keeper")))]
        )

    def chosen(self) -> tuple[int | None, bool]:
        """The id of the one chosen, and whether nobody may keep it."""
        typed = self.heir.data or ""
        return natural(typed), typed == NOBODY


class JoinForm(Form):
    """What somebody asks of a firm."""

    title = StringField(_l("Your role there"), [Length(max=80)])
    since_on = DateField(_l("Since"), [Optional()])
    until_on = DateField(_l("Until"), [Optional()])
    message = TextAreaField(_l("A word to those who answer"), [Length(max=MESSAGE_LENGTH)])

    def days(self) -> tuple[date | None, date | None]:
        """The days of the role, the end excluded."""
        return self.since_on.data, self.until_on.data


class InviteForm(Form):
    """Whom a firm invites."""

    with_name = StringField(_l("Whom?"), [InputRequired(), Length(max=120)])
    who = RadioField(_l("Which of them?"), choices=[], validate_choice=False)
    title = StringField(_l("Their role"), [Length(max=80)])
    message = TextAreaField(_l("A word for them"), [Length(max=MESSAGE_LENGTH)])
    found: Mapping[str, Card] = MappingProxyType({})

    def offer_people(self, cards: Sequence[Card]) -> None:
        """Let the person be chosen among those found."""
        self.found = {str(card.id): card for card in cards}
        self.who.choices = cast("Any", [choice(key, key) for key in self.found])
