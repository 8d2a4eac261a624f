"""The forms of reliefs and gifts: owing less for a while, giving hours, asking the pool."""

from __future__ import annotations

from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional, ValidationError

from incubator.blueprints.commitments.due_words import RELIEFS
from incubator.domain.commitments.gifts import Present
from incubator.domain.commitments.reliefs import Terms
from incubator.edge.forms import Form, choice
from incubator.edge.numbers import WholeField
from incubator.kernel.hours import parse_minutes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from incubator.network.members.directory import Card

_NEEDED = _l("Please fill this in.")
POOL = "pool"


def minutes_in(text: str | None) -> int:
    """A duration that somebody typed; raise ValidationError with words for them."""
    try:
        return parse_minutes(text or "")
    except ValueError:
        raise ValidationError(_("Write a duration such as 1 h 30, 45 min or 2 h.")) from None


class ReliefForm(Form):
    """What makes one owe less, by how much, from when to when (the last day included)."""

    kind = RadioField(_l("What is it?"), choices=[], validate_choice=False)
    pct = WholeField(_l("How much less, in percent?"), validators=[InputRequired(_NEEDED)])
    starts_on = DateField(_l("First day"), validators=[InputRequired(_NEEDED)])
    ends_on = DateField(_l("Last day"), validators=[Optional()])
    private_reason = TextAreaField(_l("Why, for the managers of your site alone"))
    release_signups = BooleanField(_l("Free the duties that I signed up for on these days"))

    def offer(self) -> None:
        """Let a kind be chosen."""
        self.kind.choices = [choice(code, str(words)) for code, words in RELIEFS.items()]

    def terms(self) -> Terms:
        """What was typed."""
        start: date = self.starts_on.data or date.min
        last: date | None = self.ends_on.data
        return Terms(
            kind=self.kind.data or "",
            pct=self.pct.data or 0,
            starts_on=start,
            ends_on=last + timedelta(days=1) if last else None,
            private_reason=self.private_reason.data or "",
            release_signups=bool(self.release_signups.data),
        )


class VerdictForm(Form):
    """Yes or no, with a word: ``verdict`` is the button that was touched."""

    verdict = SelectField(choices=[choice("yes", "yes"), choice("no", "no")])
    answer = TextAreaField(_l("A word about it"))


class GiftForm(Form):
    """Hours for the pool or for somebody, with or without one's name."""

    to = RadioField(_l("For whom?"), choices=[], default=POOL, validate_choice=False)
    with_name = StringField(_l("Who?"))
    receiver = RadioField(_l("Which of them?"), choices=[], validate_choice=False)
    duration = StringField(_l("How long?"))
    named = BooleanField(_l("Tell them that it comes from me"))
    minutes = 0
    found: Mapping[str, Card] = MappingProxyType({})

    def offer(self) -> None:
        """Let the pool or a person be chosen."""
        self.to.choices = [
            choice(POOL, _("The solidarity pool")),
            choice("member", _("A member, whom I name")),
        ]

    def offer_people(self, cards: Sequence[Card]) -> None:
        """Let the person be chosen among those found."""
        self.found = {str(card.id): card for card in cards}
        self.receiver.choices = [choice(key, card.name) for key, card in self.found.items()]

    def validate_duration(self, field: StringField) -> None:
        """Read the hours; a bare number is hours."""
        self.minutes = minutes_in(field.data)

    def present(self, receiver_id: int | None) -> Present:
        """What was typed."""
        return Present(self.minutes, receiver_id, named=bool(self.named.data))


class DrawForm(Form):
    """Hours asked of the pool, and why: the managers of one's site read it."""

    duration = StringField(_l("How long?"))
    note = TextAreaField(_l("Why, for the managers of your site alone"))
    minutes = 0

    def validate_duration(self, field: StringField) -> None:
        """Read the hours; a bare number is hours."""
        self.minutes = minutes_in(field.data)
