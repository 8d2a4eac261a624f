"""Shapes of what is typed about netting."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from incubator.blueprints.rounds import words
from incubator.domain.exchanges.rounds import rules
from incubator.edge.forms import Form, choice
from incubator.edge.numbers import WholeField, whole
from incubator.kernel.errors import Conflict


class OpenForm(Form):
    """A round to open."""

    cutoff = DateField(_l("Debts due until"), [InputRequired()])
    answer_days = WholeField(_l("Days to answer"), [InputRequired()], default=rules.USUAL_DAYS)
    mode = SelectField(_l("Differences"), default=rules.PURE)

    def offer(self, *, credit: bool) -> None:
        """Let the reader choose credit where it is on."""
        codes = rules.MODES if credit else (rules.PURE,)
        self.mode.choices = [choice(code, str(words.MODES[code])) for code in codes]


class AgreeForm(Form):
    """A word for what stands above it: ``seen`` are the figures that were read."""

    seen = HiddenField()
    agreed = BooleanField(_l("I have read these figures and agree to them for my firm"))

    def show(self, told: rules.Shown) -> None:
        """Remember what is read; whoever ticked the box read other figures."""
        self.agreed.data = False
        self.seen.data = " ".join(str(cents) for cents in told)

    def figures(self) -> rules.Shown:
        """What was read; Conflict ``rounds.stale`` of what no page of ours sent."""
        try:
            return rules.Shown(*map(whole, (self.seen.data or "").split()))
        except (TypeError, ValueError):
            raise Conflict("rounds.stale") from None


class GiveUpForm(Form):
    """Why a round is given up."""

    words = TextAreaField(_l("Why?"))


class SwitchForm(Form):
    """That the text was read."""

    read = BooleanField(_l("I have read this text, and a lawyer has looked at our agreement"))
