"""The forms of the manager's side: a plan, a word with a decision, rules, kinds of hours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from incubator.domain.commitments.rule_versions import BOUNDS, KindTerms, RuleTerms
from incubator.edge.formats import long_day
from incubator.edge.forms import Form, choice
from incubator.edge.numbers import WholeField
from incubator.kernel.hours import format_minutes, parse_minutes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from incubator.domain.commitments.models import Kind, Rule

__all__ = ["Form", "KindForm", "PlanForm", "RuleForm", "WordForm"]
_NEEDED = _l("Please fill this in.")
LONGEST = 300


class WordForm(Form):
    """A word with a decision; the member reads it."""

    note = TextAreaField(_l("A word about it"), [Length(max=LONGEST)])

    def words(self) -> str:
        """What was written, on one line."""
        return " ".join((self.note.data or "").split())


class PlanForm(WordForm):
    """Until when sign-ups make up for what is owed."""

    until = DateField(_l("Made up for by"), [InputRequired(_NEEDED)])


class Minutes(StringField):
    """A duration as people write it; ``data`` are minutes once it is read."""

    def process_data(self, value: Any) -> None:
        """Write minutes as a duration."""
        self.data = format_minutes(value) if isinstance(value, int) else ""

    def post_validate(self, form: Any, validation_stopped: bool) -> None:  # noqa: FBT001 - WTForms calls it so
        """Read the duration; raise ValidationError for what is none."""
        del form, validation_stopped
        if self.data:
            try:
                parse_minutes(self.data)
            except ValueError:
                raise ValidationError(
                    _("Write a duration such as 1 h 30, 45 min or 2 h.")
                ) from None

    def minutes(self) -> int:
        """The minutes that were typed; zero for nothing."""
        return parse_minutes(self.data) if self.data else 0


def _number(label: Any, name: str) -> WholeField:
    least, most = BOUNDS[name]
    return WholeField(label, [InputRequired(_NEEDED), NumberRange(least, most)])


class RuleForm(Form):
    """A version of the rules."""

    valid_from = SelectField(_l("From the period that begins on"))
    note = StringField(_l("Why, and who decided it"), [Length(max=LONGEST)])
    basis = SelectField(
        _l("What is owed is shared over"),
        choices=[
            choice("calendar_days", _l("all the days of the period")),
            choice("open_days", _l("the days on which the home site opens")),
        ],
    )
    default_minutes = Minutes(_l("Usual promise"), [InputRequired(_NEEDED)])
    first_period_free = BooleanField(_l("Who joins within a period owes nothing for it"))
    credit_cap = Minutes(_l("Most credit that is kept"), [InputRequired(_NEEDED)])
    debt_cap = Minutes(_l("Most debt that is kept"), [InputRequired(_NEEDED)])
    credit_expiry_periods = WholeField(
        _l("Credit expires after so many periods"), [Optional(), NumberRange(1, 60)]
    )
    surplus = SelectField(
        _l("Credit that is not kept"),
        choices=[
            choice("pool", _l("goes to the solidarity pool")),
            choice("expire", _l("expires")),
        ],
    )
    lowered_cap = SelectField(
        _l("Credit from before a lower limit"),
        choices=[choice("keep", _l("is kept while it lasts")), choice("cut", _l("is cut"))],
    )
    round_to = SelectField(
        _l("Presence is rounded to"),
        choices=[
            choice("1", _l("1 minute")),
            choice("5", _l("5 minutes")),
            choice("15", _l("15 minutes")),
        ],
    )
    round_mode = SelectField(
        _l("and rounded"),
        choices=[choice("floor", _l("down")), choice("nearest", _l("to the nearest"))],
    )
    min_session = Minutes(_l("Shortest session"), [InputRequired(_NEEDED)])
    max_session = Minutes(_l("Longest session"), [InputRequired(_NEEDED)])
    max_day = Minutes(_l("Most in a day"), [InputRequired(_NEEDED)])
    help_cap_pct = _number(_l("Most of the promise that help may keep, in percent"), "help_cap_pct")
    help_inside_presence = SelectField(
        _l("Help given while one is present"),
        choices=[
            choice("outside", _l("counts only outside presence")),
            choice("extra", _l("counts as well")),
        ],
    )
    warn_days = _number(_l("Days before the end on which one is warned"), "warn_days")
    grace_days = _number(_l("Days between a warning and a pause"), "grace_days")
    close_after_days = _number(_l("Days for late facts before a period closes"), "close_after_days")
    back_days = _number(_l("Days back that one may declare"), "back_days")
    silence_days = _number(_l("Days of silence before a manager decides"), "silence_days")
    late_hours = _number(_l("Hours for which a screen may be offline"), "late_hours")
    forgotten_limit = _number(
        _l("Forgotten check-outs before the screen asks when one leaves"), "forgotten_limit"
    )
    proposals_limit = _number(
        _l("Forgotten check-ins agreed without a manager’s word"), "proposals_limit"
    )
    reminder_days = _number(_l("Days before a slot for its reminder"), "reminder_days")
    gift_cap_year = Minutes(_l("Most that one may give away in a year"), [InputRequired(_NEEDED)])
    help_week_most = Minutes(_l("Most help in threads in a week"), [InputRequired(_NEEDED)])

    @classmethod
    def of(cls, rule: Rule, beginnings: Sequence[date]) -> RuleForm:
        """The form with the rules as they are."""
        form = cls(obj=rule)
        form.valid_from.choices = [choice(day.isoformat(), long_day(day)) for day in beginnings]
        return form

    def terms(self) -> RuleTerms:
        """What was typed, as the command takes it."""
        known = {name: self._fields[name] for name in RuleTerms.__dataclass_fields__}
        values: dict[str, Any] = {
            name: field.minutes() if isinstance(field, Minutes) else field.data
            for name, field in known.items()
        }
        values["round_to"] = int(values["round_to"])
        return RuleTerms(**values)


class KindForm(Form):
    """What counts of a way of giving time."""

    name_fr = StringField(_l("Name in French"), [InputRequired(_NEEDED)])
    name_en = StringField(_l("Name in English"), [InputRequired(_NEEDED)])
    counts_pct = WholeField(
        _l("Counts for, in percent"), [InputRequired(_NEEDED), NumberRange(0, 100)]
    )
    cap = Minutes(_l("At most, each period"))
    online_ok = BooleanField(_l("May be given online"))
    active = BooleanField(_l("May be declared"))

    @classmethod
    def of(cls, kind: Kind) -> KindForm:
        """The form with a kind as it is."""
        return cls(obj=kind, cap=kind.cap_minutes_period)

    def terms(self) -> KindTerms:
        """What was typed, as the command takes it."""
        return KindTerms(
            name_fr=self.name_fr.data or "",
            name_en=self.name_en.data or "",
            counts_pct=self.counts_pct.data or 0,
            cap=self.cap.minutes() if self.cap.data else None,
            online_ok=bool(self.online_ok.data),
            active=bool(self.active.data),
        )
