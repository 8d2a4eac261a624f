"""Shapes of what is typed about requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, RadioField, StringField
from wtforms.validators import InputRequired, Optional

from incubator.domain.help.routing.asking_rules import Wishes
from incubator.edge.forms import Form, choice
from incubator.edge.numbers import WholeField

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet


class DeclineForm(Form):
    """Not me."""


class PassForm(Form):
    """Rather somebody else: one of those proposed, or a name."""

    chosen = RadioField(_l("Who could help?"), choices=[], validate_choice=False)
    person = StringField(_l("Or somebody else, by name"))
    offered: AbstractSet[int] = frozenset()

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Propose these, each with the words of their line."""
        told = list(people)
        self.offered = {number for number, _words in told}
        self.chosen.choices = [choice(str(number), words) for number, words in told]


class AskingForm(Form):
    """How often to be asked."""

    weekly_cap = WholeField(
        _l("Questions a week, at most"), [InputRequired(_l("Write a whole number."))]
    )
    paused = BooleanField(_l("Do not ask me for now"))
    paused_until = DateField(_l("Until when?"), [Optional()])

    def wishes(self) -> Wishes:
        """The same as the rules take it."""
        return Wishes(
            weekly_cap=self.weekly_cap.data or 0,
            paused=bool(self.paused.data),
            paused_until=self.paused_until.data,
        )

    def show(self, wishes: Wishes) -> None:
        """Begin with what holds now."""
        self.weekly_cap.data = wishes.weekly_cap
        self.paused.data, self.paused_until.data = wishes.paused, wishes.paused_until


def line_of(name: str, city: str | None) -> str:
    """Somebody to choose: name and city."""
    return _("%(name)s, %(city)s", name=name, city=city) if city else name
