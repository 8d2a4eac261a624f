"""The forms of presence: when one leaves, when one left, how it was, who gets a badge."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from incubator.edge.formats import clock
from incubator.edge.forms import Form, choice
from incubator.kernel.errors import Refusal
from incubator.kernel.hours import parse_minutes
from incubator.network.sites.rules import MINUTES_A_DAY, instant_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from incubator.network.members.directory import Card
    from incubator.network.sites.models import Site

HALF_HOUR = timedelta(minutes=30)
MOST_CHOICES = 40
DAY = timedelta(days=1)
_NEEDED = _l("Please fill this in.")


def clock_of(text: str, field: str) -> int:
    """Minutes after midnight of a time somebody typed; raise Refusal ``commitments.clock_bad``."""
    try:
        minutes = parse_minutes(text)
    except ValueError:
        minutes = MINUTES_A_DAY
    if minutes >= MINUTES_A_DAY:
        raise Refusal("commitments.clock_bad", field=field)
    return minutes


def half_hours(now: datetime, limit: datetime) -> list[datetime]:
    """The half hours after an instant, up to another one."""
    step = int(HALF_HOUR.total_seconds())
    first = datetime.fromtimestamp((int(now.timestamp()) // step + 1) * step, UTC)
    coming = (first + number * HALF_HOUR for number in range(MOST_CHOICES))
    return [each for each in coming if each <= limit]


class NamingForm(Form):
    """Somebody is named, and chosen when the name is that of several."""

    with_name = StringField(_l("Whose badge?"))
    receiver = RadioField(_l("Which of them?"), choices=[], validate_choice=False)
    found: Mapping[str, Card] = MappingProxyType({})

    def offer_people(self, cards: Sequence[Card]) -> None:
        """Let the person be chosen among those found."""
        self.found = {str(card.id): card for card in cards}
        self.receiver.choices = [choice(key, card.name) for key, card in self.found.items()]


class HereForm(NamingForm):
    """Somebody came or goes: ``way`` is the button that was touched."""

    with_name = StringField(_l("Who?"))
    way = SelectField(choices=[choice("in", "in"), choice("out", "out")], default="in")


class LeavingForm(Form):
    """When one means to leave, in half hours of the site's clock."""

    planned = SelectField(_l("I plan to leave at"), choices=[], validate_choice=False)

    def offer(self, now: datetime, limit: datetime, site: Site) -> None:
        """The half hours to come, up to the site's cut-off."""
        self.planned.choices = [
            choice(each.isoformat(), clock(each, site.time_zone)) for each in half_hours(now, limit)
        ]

    def instant(self) -> datetime:
        """What was chosen; raise Refusal ``commitments.leaving_time``."""
        try:
            chosen = datetime.fromisoformat(self.planned.data or "")
        except ValueError:
            chosen = None
        if chosen is None or chosen.tzinfo is None:
            raise Refusal("commitments.leaving_time", field="planned")
        return chosen


class AnswerForm(Form):
    """When one left a session that nobody ended: ``how`` is the button that was touched."""

    how = SelectField(
        choices=[choice(each, each) for each in ("planned", "ping", "other")], default="other"
    )
    ended = StringField(_l("Another time"))
    why = TextAreaField(_l("A word about it"))


class SessionForm(NamingForm):
    """From when to when one was there, in the site's clock; past midnight is the next day."""

    site = SelectField(_l("At which site?"), choices=[], validate_choice=False)
    day = DateField(_l("Which day?"), validators=[InputRequired(_NEEDED)])
    started = StringField(_l("From"), validators=[InputRequired(_NEEDED)])
    ended = StringField(_l("To"), validators=[InputRequired(_NEEDED)])
    why = TextAreaField(_l("A word about it"))
    with_name = StringField(_l("Who was there too?"))

    def span(self, zone: str) -> tuple[datetime, datetime]:
        """The instants that were typed; raise Refusal ``commitments.clock_bad``."""
        day: date = self.day.data or datetime.now(UTC).date()
        start = clock_of(self.started.data or "", "started")
        end = clock_of(self.ended.data or "", "ended")
        last = day if end >= start else day + DAY
        return instant_of(day, start, zone), instant_of(last, end, zone)


class ReasonForm(Form):
    """Why."""

    why = TextAreaField(_l("Why?"))


class DecideForm(Form):
    """Yes or no to a correction, with a word: ``verdict`` is the button that was touched."""

    verdict = SelectField(choices=[choice("yes", "yes"), choice("no", "no")])
    reason = TextAreaField(_l("A word about it"))


class ScreenForm(Form):
    """Where a screen stands and which language it speaks first."""

    name = StringField(_l("Where does it stand?"))
    language = RadioField(
        _l("Its language at first"),
        choices=[choice("fr", "Français"), choice("en", "English")],
        default="fr",
    )


class CodeForm(Form):
    """A new code of a site."""

    kind = RadioField(
        _l("Which kind of code?"),
        choices=[
            choice("printed", _l("Printed, for the wall")),
            choice("rotating", _l("Rotating, on the screens of the site")),
        ],
        default="printed",
    )
    place = StringField(_l("Where will it hang?"))


class EnrolForm(Form):
    """The code by which a screen is enrolled."""

    code = StringField(_l("Code of the screen"))


class NumberForm(Form):
    """A badge at the screen: ``way`` is the button that was touched."""

    number = StringField(_l("Your badge number"))
    way = SelectField(choices=[choice("in", "in"), choice("out", "out")])
