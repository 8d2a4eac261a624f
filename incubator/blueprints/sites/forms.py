"""Forms of a site: what it says of itself, its hours, its closures."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    DateField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from incubator.blueprints.sites import words
from incubator.edge.formats import clock_minutes
from incubator.edge.forms import Form, choice
from incubator.edge.numbers import WholeField, whole
from incubator.edge.territories import countries
from incubator.kernel.errors import Refusal
from incubator.kernel.hours import format_minutes
from incubator.network.sites.commands import SiteDetails

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from incubator.network.sites.models import SiteHours


class SiteForm(Form):
    """What a site says of itself."""

    name = StringField(_l("Name of the site"), [InputRequired(), Length(max=80)])
    city = StringField(_l("City"), [InputRequired(), Length(max=80)])
    country = SelectField(_l("Country"))
    subdivision = StringField(_l("Region code"), [Length(max=6)])
    time_zone = SelectField(_l("Time zone"))
    address = TextAreaField(_l("Address"), [Length(max=300)])
    capacity = WholeField(_l("Number of desks"), [InputRequired()], default=0)
    cutoff_at = SelectField(_l("Nobody is in any more after"), coerce=whole, default=1380)
    auto_close_after = SelectField(_l("Longest stay without a sign"), coerce=whole, default=720)
    hidden_askers = BooleanField(_l("Members may ask for help without their name"))
    about_md = TextAreaField(_l("About the place"), [Length(max=5000)])
    photo = FileField(_l("Photo"))
    no_photo = BooleanField(_l("Remove the photo and show the mosaic again"))
    plan = FileField(_l("Plan of the place"))
    no_plan = BooleanField(_l("Remove the plan"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.choices = [choice(*pair) for pair in countries()]
        self.time_zone.choices = [choice(*pair) for pair in words.time_zones()]
        self.cutoff_at.choices = _known(self.cutoff_at, words.cutoffs(), clock_minutes)
        self.auto_close_after.choices = _known(
            self.auto_close_after, words.longest_stays(), format_minutes
        )

    def details(self) -> SiteDetails:
        """What was typed, as the command takes it."""
        return SiteDetails(
            name=self.name.data or "",
            city=self.city.data or "",
            country=self.country.data,
            subdivision=(self.subdivision.data or "").strip().upper(),
            time_zone=self.time_zone.data,
            address=self.address.data or "",
            about=self.about_md.data or "",
            capacity=self.capacity.data or 0,
            cutoff_at=self.cutoff_at.data,
            auto_close_after=self.auto_close_after.data,
            hidden_askers=bool(self.hidden_askers.data),
        )

    def sent(self, name: str) -> bytes | None:
        """The picture that was sent as «photo» or «plan», if any."""
        sent = self[name].data
        return sent.read() if isinstance(sent, FileStorage) else None


def _known(
    field: SelectField, pairs: list[tuple[str, str]], write: Callable[[int], str]
) -> list[Any]:
    """The choices, with the one that is kept if it lies between them."""
    kept = field.data if isinstance(field.data, int) else None
    odd = kept is not None and str(kept) not in dict(pairs)
    return [choice(*pair) for pair in pairs] + (
        [choice(str(kept), write(kept))] if odd and kept else []
    )


class HoursForm(Form):
    """The opening hours of a week, one line a day as people write them."""

    day0 = StringField(filters=[lambda text: text or ""])
    day1 = StringField(filters=[lambda text: text or ""])
    day2 = StringField(filters=[lambda text: text or ""])
    day3 = StringField(filters=[lambda text: text or ""])
    day4 = StringField(filters=[lambda text: text or ""])
    day5 = StringField(filters=[lambda text: text or ""])
    day6 = StringField(filters=[lambda text: text or ""])

    def __init__(self, hours: Sequence[SiteHours]) -> None:
        spans: dict[int, list[tuple[int, int]]] = {}
        for row in hours:
            spans.setdefault(row.weekday, []).append((row.opens_at, row.closes_at))
        super().__init__(
            data={f"day{weekday}": words.write_spans(each) for weekday, each in spans.items()}
        )
        for weekday, name in enumerate(words.weekdays()):
            self[f"day{weekday}"].label.text = name

    def week(self) -> dict[int, list[tuple[int, int]]]:
        """Weekday to spans in minutes; raise Refusal on a line that cannot be read."""
        return {
            weekday: words.parse_spans(self[f"day{weekday}"].data, f"day{weekday}")
            for weekday in range(7)
        }


class ClosureForm(Form):
    """Days on which a site is shut; the last day is meant to be included."""

    starts_on = DateField(_l("First day"), [InputRequired()])
    ends_on = DateField(_l("Last day"), [Optional()])
    kind = SelectField(
        _l("Kind of closure"),
        choices=[
            choice("holiday", _l("Holidays")),
            choice("works", _l("Works")),
            choice("exceptional", _l("Exceptional")),
        ],
        default="exceptional",
    )
    reason = StringField(_l("Reason, shown to members"), [Length(max=160)])
    lowers_due = BooleanField(_l("Members of the site owe no hours for these days"))

    def days(self) -> tuple[date, date]:
        """The first day and the day after the last; raise Refusal on an impossible one."""
        first = self.starts_on.data
        last = self.ends_on.data or first
        if first is None or last is None:
            raise Refusal("sites.closure_order", field="ends_on")
        try:
            return first, last + timedelta(days=1)
        except OverflowError as error:
            raise Refusal("sites.closure_long", field="ends_on", most=366) from error
