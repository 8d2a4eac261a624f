"""Shapes of what is typed about mutual credit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField

from incubator.domain.exchanges.deals.money import cents_of
from incubator.edge.forms import Form, choice
from incubator.edge.numbers import natural
from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence


class SwitchForm(Form):
    """That the text was read, before mutual credit is switched on."""

    read = BooleanField(_l("I have read this text, and our lawyer has answered what it asks"))


class LineForm(Form):
    """How far an account may go, and why; amounts in euros."""

    line = StringField(_l("Line: how much it may receive before it gives, in euros"))
    upper = StringField(_l("Upper limit: how much it may have given, in euros"))
    comment = StringField(_l("Why"))


class FreezeForm(Form):
    """Why an account is frozen or thawed."""

    comment = StringField(_l("Why"))


class PolicyForm(Form):
    """With what line the firms of a site begin, and how it grows."""

    start = StringField(_l("First line, in euros"))
    growth = StringField(_l("Growth: percent of what was given and accepted"))
    cap = StringField(_l("Longest line by growth, in euros"))
    upper = StringField(_l("Upper limit, in euros"))


class ReasonForm(Form):
    """A reason that stays with the act."""

    reason = StringField(_l("Why"))
    over = BooleanField(_l("Let it pass a limit, for all to see"))


class AdjustForm(Form):
    """A correction between two firms."""

    way = SelectField(_l("What is corrected"), coerce=str)
    other = SelectField(_l("With which firm"), coerce=str)
    cents = StringField(_l("How much, in euros"))
    reason = StringField(_l("Why"))

    def offer(self, firm: str, others: Sequence[tuple[int, str]]) -> None:
        """Let the manager choose the way and the other firm."""
        self.way.choices = [
            choice("gave", _("%(firm)s gave this", firm=firm)),
            choice("received", _("%(firm)s received this", firm=firm)),
        ]
        self.other.choices = [choice("", "")]
        self.other.choices += [choice(str(number), name) for number, name in others]


def cents(field: Any) -> int:
    """The cents of an amount that must be there; Refusal ``ledger.cents`` beside it."""
    found = maybe_cents(field)
    if found is None:
        raise Refusal("ledger.cents", field=field.short_name)
    return found


def maybe_cents(field: Any) -> int | None:
    """The cents of an amount, None of nothing typed; Refusal ``ledger.cents`` beside it."""
    try:
        return cents_of(str(field.data or ""), field.short_name)
    except Refusal:
        raise Refusal("ledger.cents", field=field.short_name) from None


def percent(field: Any) -> int:
    """A whole percentage; Refusal ``ledger.percent`` beside it."""
    typed = str(field.data or "").strip().removesuffix("%").strip()
    found = natural(typed, digits=len("100"))
    if found is None:
        raise Refusal("ledger.percent", field=field.short_name)
    return found
