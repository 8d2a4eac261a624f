"""The forms of what is planned: a duty of one day, and one that recurs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from incubator.blueprints.commitments.slot_words import weekdays
from incubator.domain.commitments.rules import civil_day
from incubator.domain.commitments.slot_plans import DayPlan, SeriesPlan
from incubator.domain.commitments.slot_rules import Weekly
from incubator.edge.formats import clock_minutes
from incubator.edge.forms import Form, choice
from incubator.edge.locale import language
from incubator.edge.numbers import WholeField, whole
from incubator.kernel.hours import format_minutes, parse_minutes
from incubator.network.members.vocabulary import vocabulary

if TYPE_CHECKING:
    from datetime import date

    from incubator.domain.commitments.slot_models import Slot, SlotSeries

QUARTER, DAY = 15, 1440
_NEEDED = _l("Please fill this in.")
_NUMBER = _l("Write a whole number.")


def _number(label: Any, default: int) -> WholeField:
    checks = [InputRequired(_NEEDED), NumberRange(min=0, max=10_000, message=_NUMBER)]
    return WholeField(label, checks, default=default)


class DutyForm(Form):
    """What a duty of one day and one that recurs have in common."""

    title = StringField(_l("What is there to do?"))
    note = TextAreaField(_l("What to know before coming"))
    start = SelectField(_l("Begins at"), coerce=whole, default=540)
    duration = StringField(_l("How long?"))
    capacity_min = _number(_l("People needed"), 1)
    capacity_max = _number(_l("People at most"), 1)
    skill_id = SelectField(_l("Skill needed"), coerce=whole, default=0)
    notice_hours = _number(_l("Free to cancel until (hours before)"), 24)
    minutes = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        starts = {*range(0, DAY, QUARTER), self.start.data or 0} & set(range(DAY))
        self.start.choices = [choice(str(n), clock_minutes(n)) for n in sorted(starts)]
        terms = vocabulary(language()).terms.values()
        self.skill_id.choices = [
            choice("0", _("None in particular")),
            *(choice(str(term.id), term.name) for term in terms),
        ]

    def validate_duration(self, field: StringField) -> None:
        """Read what was typed; a bare number is hours."""
        try:
            self.minutes = parse_minutes(field.data or "")
        except ValueError:
            raise ValidationError(_("Write a duration such as 1 h 30, 45 min or 2 h.")) from None

    @property
    def _shared(self) -> dict[str, Any]:
        return {
            "title": self.title.data or "",
            "note": self.note.data or "",
            "local_start": self.start.data,
            "duration": self.minutes,
            "capacity_min": self.capacity_min.data,
            "capacity_max": self.capacity_max.data,
            "skill_id": self.skill_id.data or None,
            "notice_hours": self.notice_hours.data,
        }


def _filled(row: Slot | SlotSeries, *, duration: int, start: int) -> dict[str, Any]:
    return {
        "title": row.title,
        "note": row.note,
        "start": start,
        "duration": format_minutes(duration),
        "capacity_min": row.capacity_min,
        "capacity_max": row.capacity_max,
        "skill_id": row.skill_id or 0,
        "notice_hours": row.notice_hours,
    }


class SlotForm(DutyForm):
    """A duty of one day."""

    day = DateField(_l("Which day?"), [InputRequired(_NEEDED)])

    @classmethod
    def of(cls, slot: Slot) -> SlotForm:
        """The form filled in with a slot whose site is loaded."""
        zone = ZoneInfo(slot.site.time_zone)
        start = slot.starts_at.astimezone(zone)
        length = int((slot.ends_at - slot.starts_at).total_seconds()) // 60
        filled = _filled(slot, duration=length, start=start.hour * 60 + start.minute)
        return cls(data={**filled, "day": civil_day(slot.starts_at, slot.site.time_zone)})

    def plan(self, today: date) -> DayPlan:
        """What was typed, as the commands take it."""
        return DayPlan(day=self.day.data or today, **self._shared)


class SeriesForm(DutyForm):
    """A duty that recurs."""

    weekdays = SelectMultipleField(
        _l("On which days?"),
        coerce=whole,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    every = _number(_l("Every how many weeks?"), 1)
    first_day = DateField(_l("First day"), [InputRequired(_NEEDED)])
    last_day = DateField(_l("Last day"), [Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.weekdays.choices = [choice(str(n), name) for n, name in weekdays().items()]

    @classmethod
    def of(cls, series: SlotSeries) -> SeriesForm:
        """The form filled in with a series."""
        weekly = Weekly.parse(series.rrule)
        filled = _filled(series, duration=series.duration, start=series.local_start)
        last = series.valid_to - timedelta(days=1) if series.valid_to else None
        own = {
            "weekdays": sorted(weekly.weekdays),
            "every": weekly.every,
            "first_day": series.valid_from,
            "last_day": last,
        }
        return cls(data=filled | own)

    def plan(self, today: date) -> SeriesPlan:
        """What was typed, as the commands take it; the last day still belongs to it."""
        last = self.last_day.data
        try:
            end = last + timedelta(days=1) if last else None
        except OverflowError:
            end = None
        return SeriesPlan(
            weekdays=frozenset(self.weekdays.data or ()),
            every=self.every.data or 0,
            valid_from=self.first_day.data or today,
            valid_to=end,
            **self._shared,
        )
