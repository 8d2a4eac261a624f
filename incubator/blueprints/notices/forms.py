"""The form of an announcement."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from incubator.domain.notices import rules
from incubator.edge.forms import Form, choice
from incubator.kernel.errors import Refusal
from incubator.network.sites.rules import instant_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor
    from incubator.network.sites.models import Site

NETWORK = "network"


class NoticeForm(Form):
    """What is announced, and until which day included."""

    title = StringField(_l("In one line"), [InputRequired(), Length(max=rules.TITLE_MOST)])
    body = TextAreaField(_l("What people should know"), [Length(max=rules.BODY_MOST)])
    last_day = DateField(_l("Shown until"), [InputRequired()])

    def expires_at(self, zone: str) -> datetime:
        """The end of the last day in a zone (IANA name), in UTC; Refusal when out of all years."""
        day: date | None = self.last_day.data
        try:
            return instant_of((day or date.min) + timedelta(days=1), 0, zone)
        except OverflowError as error:
            raise Refusal("notices.too_far", field="last_day") from error


class NewNoticeForm(NoticeForm):
    """An announcement and to whom."""

    to = SelectField(_l("To whom"))

    def offer(self, publisher: Actor, places: Sequence[Site]) -> None:
        """Let those be chosen to whom ``publisher`` may announce something."""
        mine = [choice(str(s.id), s.name) for s in places if publisher.manages(s.id)]
        everybody = [choice(NETWORK, str(_l("The whole network")))]
        self.to.choices = [*(everybody if publisher.is_administrator else []), *mine]

    def site_id(self) -> int | None:
        """The site that was chosen, or None for the network."""
        return None if self.to.data == NETWORK else int(self.to.data)
