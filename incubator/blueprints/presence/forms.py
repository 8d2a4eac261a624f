"""The form of who may know that one is on site."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from incubator.blueprints.presence.words import AUDIENCES, half_day_choices
from incubator.edge.forms import Form, choice
from incubator.edge.numbers import whole


class PresenceForm(Form):
    """Who sees that one is there, who may wait for it, and when one usually is."""

    audience = RadioField(_l("Who sees that I am on site"))
    awaited = BooleanField(_l("Those who see it may ask to be told when I arrive"))
    usual = SelectMultipleField(
        _l("When I am usually there"),
        coerce=whole,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.audience.choices = [choice(code, str(words)) for code, words in AUDIENCES.items()]
        self.usual.choices = [choice(*pair) for pair in half_day_choices()]
