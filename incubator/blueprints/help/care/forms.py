"""Shapes of what is typed in the care of threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, TextAreaField
from wtforms.validators import Optional

from incubator.blueprints.help.care.words import DECISIONS
from incubator.edge.forms import Form, choice
from incubator.edge.numbers import natural
from incubator.edge.reporting import DecisionForm, one_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incubator.network.sites.queries import Place

NETWORK = "network"


class HideForm(Form):
    """Why a post is hidden."""

    words = TextAreaField(_l("Reason"))


class DecideForm(DecisionForm):
    """What is done about a case."""

    act = one_of(_l("What do you do?"), DECISIONS)
    words = TextAreaField(_l("Your words"))


class MoveForm(Form):
    """Where a thread belongs."""

    site = SelectField(_l("Site"), choices=[], validate_choice=False)
    audience = one_of(
        _l("Who may read it"),
        {"network": _l("The whole network"), "site": _l("This site only")},
    )

    def offer(self, places: Iterable[Place]) -> None:
        """Let them choose among the sites that they run."""
        self.site.choices = [choice(str(each.id), each.city) for each in places]

    def site_id(self) -> int | None:
        """The site that was chosen, if it is a number."""
        return natural(self.site.data)


class PinForm(Form):
    """In which list a thread is pinned, and until when."""

    list = SelectField(_l("At the top of which list?"), choices=[], validate_choice=False)
    until = DateField(_l("Until"), [Optional()])

    def offer(self, places: Iterable[Place], *, network: bool) -> None:
        """Let them choose among the lists that they run."""
        whole = [choice(NETWORK, _l("The whole network"))] if network else []
        self.list.choices = [*whole, *(choice(str(each.id), each.city) for each in places)]

    def site_id(self) -> int | None:
        """The site whose list was chosen; None is the network's, 0 no list at all."""
        return None if self.list.data == NETWORK else natural(self.list.data) or 0
