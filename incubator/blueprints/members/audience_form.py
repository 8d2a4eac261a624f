"""Who sees which field: the part of a form that asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import SelectField

from incubator.blueprints.members import words
from incubator.edge.forms import Form, choice
from incubator.network.members.audience import DEFAULTS, choices_of

if TYPE_CHECKING:
    from incubator.network.members.audience import Audiences

# Who is on site is chosen where one says that one is there, who is online and
# what one has read among the discussions.
ASKED = tuple(name for name in DEFAULTS if name not in {"presence", "online", "reading"})


class AudienceForm(Form):
    """A form with a choice of readers for each field; ``ask_audiences`` adds the choices."""

    def audiences(self) -> dict[str, str]:
        """The audience chosen for each field that the page asks about."""
        return {name: self[f"audience_{name}"].data for name in ASKED}


def ask_audiences(form: type[AudienceForm]) -> None:
    """Give a kind of form its choices, in the reader's language."""
    for name in ASKED:
        choices = [choice(each, str(words.AUDIENCES[each])) for each in choices_of(name)]
        setattr(form, f"audience_{name}", SelectField(words.FIELDS[name], choices=choices))


def chosen_now(audiences: Audiences) -> dict[str, object]:
    """What the choices begin with."""
    return {f"audience_{name}": audiences.of(name) for name in ASKED}
