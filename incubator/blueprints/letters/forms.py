"""The form of one's letters: which kinds come, and between which hours none does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField

from incubator.blueprints.letters.words import KINDS, WEEKDAYS
from incubator.edge.forms import Form, choice
from incubator.edge.numbers import natural
from incubator.kernel.errors import Refusal
from incubator.kernel.hours import parse_minutes
from incubator.network.letters.pace_rules import USUAL, Pace
from incubator.network.letters.quiet_rules import Hours

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incubator.network.letters.kinds import Kind
    from incubator.network.letters.wishes import Wanted


def place(kind: Kind, channel: str) -> str:
    """The value of one box: «help_asked-mail»."""
    return f"{kind.code}-{channel}"


class LettersForm(Form):
    """A box for each kind and channel that may be switched off, and the quiet hours."""

    wanted = SelectMultipleField(_l("Letters"))
    nights = BooleanField(_l("Keep letters for the day"))
    starts = StringField(_l("Quiet from"))
    ends = StringField(_l("Quiet until"))
    digest_at = StringField(_l("Digests come at"))
    digest_day = SelectField(
        _l("The weekly one on"),
        validate_choice=False,
        choices=[choice(str(day), name) for day, name in enumerate(WEEKDAYS)],
    )
    weekends = BooleanField(_l("No letters on Saturdays and Sundays"))

    def __init__(self, kinds: Iterable[Kind], **values: Any) -> None:
        super().__init__(**values)
        self.places = {
            (kind.code, channel): place(kind, channel)
            for kind in kinds
            if kind.optional
            for channel in kind.channels
        }
        self.wanted.choices = [
            choice(place, str(KINDS[code][0])) for (code, _channel), place in self.places.items()
        ]

    def show(self, wanted: Wanted, hours: Hours, pace: Pace) -> None:
        """Begin with what holds now."""
        self.wanted.data = [place for key, place in self.places.items() if wanted[key]]
        self.nights.data, self.weekends.data = hours.nights, hours.weekends
        self.starts.data, self.ends.data = _clock(hours.starts), _clock(hours.ends)
        self.digest_at.data, self.digest_day.data = _clock(pace.minutes), str(pace.weekday)

    def chosen(self) -> Wanted:
        """What is wanted of each."""
        ticked = set(self.wanted.data or ())
        return {key: place in ticked for key, place in self.places.items()}

    def pace(self) -> Pace:
        """When digests come; raise Refusal ``letters.quiet_time`` for what is no time of a day."""
        day = str(self.digest_day.data or USUAL.weekday)
        at = _minutes(self.digest_at, "digest_at") if self.digest_at.data else USUAL.minutes
        weekday = natural(day)
        return Pace(at, -1 if weekday is None else weekday)

    def hours(self) -> Hours:
        """The quiet hours; raise Refusal ``letters.quiet_time`` for what is no time of a day."""
        return Hours(
            nights=bool(self.nights.data),
            starts=_minutes(self.starts, "starts"),
            ends=_minutes(self.ends, "ends"),
            weekends=bool(self.weekends.data),
        )


def _clock(minutes: int) -> str:
    """As a field for times wants it: «08:00»."""
    return "{:02}:{:02}".format(*divmod(minutes, 60))


def _minutes(field: StringField, name: str) -> int:
    try:
        return parse_minutes(field.data or "")
    except ValueError:
        raise Refusal("letters.quiet_time", field=name) from None
