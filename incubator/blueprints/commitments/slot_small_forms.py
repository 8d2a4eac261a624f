"""The small forms of slots: why not, whom to ask, how many came, when to be reminded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from incubator.blueprints.commitments.presence_forms import NamingForm
from incubator.edge.forms import Form, choice
from incubator.edge.numbers import WholeField, whole

if TYPE_CHECKING:
    from incubator.domain.commitments.slot_invites import Candidate


class CancelForm(Form):
    """Why a slot does not take place."""

    reason = TextAreaField(_l("Why?"))


class InviteForm(Form):
    """Whom to ask, and a word from who asks."""

    members = SelectMultipleField(
        _l("Whom to ask"),
        coerce=whole,
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    note = TextAreaField(_l("A word from you"))

    def offer(self, found: list[Candidate]) -> None:
        """Let these be chosen, all of them unless something was sent."""
        self.members.choices = [choice(str(one.id), one.name) for one in found]
        if not self.is_submitted():
            self.members.data = [one.id for one in found]


class SheetForm(NamingForm):
    """The questions of a sheet; its lines are read by ``slot_sheet_views``."""

    with_name = StringField(_l("Did somebody come without signing up?"))
    team_size = WholeField(_l("How many were you, all in all?"), [Optional()])


class ReminderForm(Form):
    """How many days before a slot a reminder comes."""

    days = SelectField(_l("Reminder by mail"), default="")

    def __init__(self, *args: Any, usual: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days.choices = [
            choice("", _usual(usual)),
            choice("0", _("No reminder")),
            choice("1", _("The day before")),
            *(choice(str(n), _("%(days)s days before", days=n)) for n in (2, 3, 7, 14)),
        ]

    @property
    def chosen(self) -> int | None:
        """The number of days; None is the house's."""
        return int(self.days.data) if self.days.data else None


def _usual(days: int) -> str:
    """What a house does where nobody wished otherwise."""
    if not days:
        return _("As the house does: no reminder")
    return ngettext(
        "As the house does: %(num)s day before", "As the house does: %(num)s days before", days
    )
