"""The forms of hours: what was done, why not, what is promised."""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional, ValidationError

from incubator.domain.commitments.pledges import Shares
from incubator.edge.forms import Form, choice
from incubator.edge.numbers import WholeField
from incubator.kernel.hours import parse_minutes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from incubator.domain.commitments.models import Kind
    from incubator.network.members.directory import Card
    from incubator.network.sites.queries import Place

DAY = 24 * 60  # minutes
QUICK = (30, 60, 90, 120, 180, 240)
_WORDS_NEEDED = _l("Please fill this in.")


def _minutes(text: str) -> int:
    try:
        return parse_minutes(text)
    except ValueError:
        raise ValidationError(_("Write a duration such as 1 h 30, 45 min or 2 h.")) from None


class DeclareForm(Form):
    """Hours given: ``minutes`` is read from the hours of the clock, the text or the quick choice.

    ``hours`` are minutes after midnight from when to when, in the clock of the place.
    """

    kind = RadioField(_l("What did you do?"), choices=[], validate_choice=False)
    day = DateField(_l("Which day?"), validators=[InputRequired(_WORDS_NEEDED)])
    quick = RadioField(
        _l("How long?"),
        choices=cast("Any", [str(minutes) for minutes in QUICK]),
        validate_choice=False,
    )
    duration = StringField(_l("Or another duration"))
    started = StringField(_l("From"))
    ended = StringField(_l("To"))
    place = SelectField(_l("Where?"), choices=[], validate_choice=False)
    thread = HiddenField()
    with_name = StringField(_l("With whom?"))
    receiver = RadioField(_l("Which of them?"), choices=[], validate_choice=False)
    note = TextAreaField(_l("A word about it"))
    minutes = 0
    hours: tuple[int, int] | None = None
    found: Mapping[str, Card] = MappingProxyType({})

    def offer(self, kinds: Sequence[Kind], places: Sequence[Place]) -> None:
        """Let one of these be chosen; the page names the kinds in the reader's language."""
        self.kind.choices = cast("Any", [kind.code for kind in kinds])
        online = choice("", _("Online, by phone, or elsewhere"))
        self.place.choices = [online, *(choice(place.slug, place.name) for place in places)]

    def offer_people(self, cards: Sequence[Card]) -> None:
        """Let the person be chosen among those found."""
        self.found = {str(card.id): card for card in cards}
        self.receiver.choices = cast("Any", list(self.found))

    def validate_duration(self, field: StringField) -> None:
        """Read the hours of the clock, else what was typed, else what was ticked."""
        if self._read_hours():
            return
        if (field.data or "").strip():
            self.minutes = _minutes(field.data or "")
        elif self.quick.data in {str(minutes) for minutes in QUICK}:
            self.minutes = int(self.quick.data)
        else:
            raise ValidationError(_("Say how long it took."))

    def _read_hours(self) -> bool:
        """Whether hours of the clock were typed; past midnight is the next day."""
        if not ((self.started.data or "").strip() and (self.ended.data or "").strip()):
            return False
        try:
            start, end = (parse_minutes(one.data or "") for one in (self.started, self.ended))
        except ValueError:
            return False
        self.hours = start, end if end > start else end + DAY
        self.minutes = self.hours[1] - self.hours[0]
        return True

    def validate_started(self, field: StringField) -> None:
        """Both ends or neither."""
        _check_clock(field, other=self.ended)

    def validate_ended(self, field: StringField) -> None:
        """Both ends or neither."""
        _check_clock(field, other=self.started)


def _check_clock(field: StringField, *, other: StringField) -> None:
    typed = (field.data or "").strip()
    if not typed:
        if (other.data or "").strip():
            raise ValidationError(_("Say both from when and to when, or neither."))
        return
    try:
        minutes = parse_minutes(typed)
    except ValueError:
        minutes = DAY
    if minutes >= DAY:
        raise ValidationError(_("Write a time such as 9:15 or 9 h 15."))


class RefuseForm(Form):
    """Why hours are refused."""

    reason = TextAreaField(_l("Why?"))


class FirmPledgeForm(Form):
    """What is promised per month from a day on, for always or up to a last day."""

    duration = StringField(_l("Hours a month"))
    valid_from = DateField(_l("From"), validators=[InputRequired(_WORDS_NEEDED)])
    last_day = DateField(_l("Last day"), validators=[Optional()])
    minutes = 0

    @property
    def begins(self) -> date:
        """The first day of a valid form."""
        return cast("date", self.valid_from.data)

    @property
    def valid_to(self) -> date | None:
        """The day after the last; None: until further notice."""
        return self.last_day.data + timedelta(days=1) if self.last_day.data else None

    def validate_duration(self, field: StringField) -> None:
        """Read the hours; a bare number is hours."""
        self.minutes = _minutes(field.data or "")


class PledgeForm(FirmPledgeForm):
    """What a member promises, with its shares."""

    min_home_pct = WholeField(_l("At least at the home site, in percent"), validators=[Optional()])
    help_max_pct = WholeField(_l("At most by mutual help, in percent"), validators=[Optional()])

    def shares(self) -> Shares:
        """What was typed; nothing is no wish."""
        return Shares(self.min_home_pct.data or 0, self.help_max_pct.data)
