"""The forms of hours: what was done, why not, what is promised."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from incubator.edge.forms import Form
from incubator.kernel.hours import parse_minutes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from incubator.domain.commitments.models import Kind
    from incubator.network.members.directory import Card

QUICK = (30, 60, 90, 120, 180, 240)
_WORDS_NEEDED = _l("Please fill this in.")


def _minutes(text: str) -> int:
    try:
        return parse_minutes(text)
    except ValueError:
        raise ValidationError(_("Write a duration such as 1 h 30, 45 min or 2 h.")) from None


class DeclareForm(Form):
    """Hours given: ``minutes`` is read from the text typed or the quick choice."""

    kind = RadioField(_l("What did you do?"), choices=[], validate_choice=False)
    day = DateField(_l("Which day?"), validators=[InputRequired(_WORDS_NEEDED)])
    quick = RadioField(
        _l("How long?"),
        choices=cast("Any", [str(minutes) for minutes in QUICK]),
        validate_choice=False,
    )
    duration = StringField(_l("Or another duration"))
    with_name = StringField(_l("With whom?"))
    receiver = RadioField(_l("Which of them?"), choices=[], validate_choice=False)
    note = TextAreaField(_l("A word about it"))
    minutes = 0
    found: Mapping[str, Card] = MappingProxyType({})

    def offer(self, kinds: Sequence[Kind]) -> None:
        """Let one of these be chosen; the page names them in the reader's language."""
        self.kind.choices = cast("Any", [kind.code for kind in kinds])

    def offer_people(self, cards: Sequence[Card]) -> None:
        """Let the person be chosen among those found."""
        self.found = {str(card.id): card for card in cards}
        self.receiver.choices = cast("Any", list(self.found))

    def validate_duration(self, field: StringField) -> None:
        """Read what was typed, else what was ticked."""
        if (field.data or "").strip():
            self.minutes = _minutes(field.data or "")
        elif self.quick.data in {str(minutes) for minutes in QUICK}:
            self.minutes = int(self.quick.data)
        else:
            raise ValidationError(_("Say how long it took."))


class RefuseForm(Form):
    """Why hours are refused."""

    reason = TextAreaField(_l("Why?"))


class PledgeForm(Form):
    """What a member promises per month, from a day on."""

    duration = StringField(_l("Hours a month"))
    valid_from = DateField(_l("From"), validators=[InputRequired(_WORDS_NEEDED)])
    minutes = 0

    def validate_duration(self, field: StringField) -> None:
        """Read the hours; a bare number is hours."""
        self.minutes = _minutes(field.data or "")
