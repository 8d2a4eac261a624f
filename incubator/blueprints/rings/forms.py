"""Shapes of what is typed about rings."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField

from incubator.blueprints.rings import words
from incubator.edge.forms import Form, choice


class YesForm(Form):
    """That it interests one's firm, and the VAT that it charges for what it gives."""

    vat = SelectField(_l("VAT on what you give"))

    def offer(self, usual: int | None) -> None:
        """Let the reader choose a rate; what their firm charged last is chosen."""
        self.vat.choices = [choice(code, str(told)) for code, told in words.RATES.items()]
        if not self.is_submitted():
            self.vat.data = "" if usual is None else str(usual)

    @property
    def rate(self) -> int | None:
        """The rate in basis points; None under the franchise."""
        return int(self.vat.data) if self.vat.data else None


class NoForm(Form):
    """Why not."""

    reason = TextAreaField(_l("Why not?"))
