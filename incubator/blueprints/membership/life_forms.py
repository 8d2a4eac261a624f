"""What is typed to ask for a leave, a transfer or an exit, or to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from incubator.blueprints.membership import life_words as words
from incubator.domain.membership.life_acts import Wish
from incubator.domain.membership.processes import REASON_LENGTH
from incubator.edge.forms import Form, choice

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from incubator.network.sites.models import Site

UNSENT = frozenset({"csrf_token", "sure", "change"})


class LifeForm(Form):
    """A day, a word, and whether the preview was read (``sure``)."""

    kind = ""
    starts_on = DateField(_l("From"), [InputRequired(_l("Choose a day."))])
    reason = TextAreaField(_l("A word about it"), [Optional(), Length(max=REASON_LENGTH)])
    sure = HiddenField()

    def wish(self, member_id: int) -> Wish:
        """What was typed, as the command takes it."""
        return Wish(
            kind=self.kind,
            member_id=member_id,
            starts_on=self.day,
            reason=self.reason.data or "",
            **self.more(),
        )

    def more(self) -> dict[str, Any]:
        """What this kind alone asks for."""
        return {}

    @property
    def day(self) -> date:
        """The first day, which the validators saw."""
        return cast("date", self.starts_on.data)

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What was sent, for the preview to send again."""
        return [(name, text) for name, text in request.form.items(multi=True) if name not in UNSENT]


class LeaveForm(LifeForm):
    """A time away."""

    kind = "leave"
    starts_on = DateField(_l("First day away"), [InputRequired(_l("Choose a day."))])
    ends_on = DateField(_l("First day back"), [InputRequired(_l("Choose a day."))])

    def more(self) -> dict[str, Any]:
        """The day of return."""
        return {"ends_on": self.ends_on.data}


class TransferForm(LifeForm):
    """A move to another site."""

    kind = "transfer"
    to_site = SelectField(_l("New site"), [InputRequired(_l("Choose a site of the list."))])
    starts_on = DateField(_l("First day there"), [InputRequired(_l("Choose a day."))])

    def offer(self, sites: Sequence[Site], home_site_id: int | None) -> None:
        """Offer the other sites."""
        others = [site for site in sites if site.id != home_site_id]
        self.to_site.choices = [
            choice(str(site.id), f"{site.name}, {site.city}") for site in others
        ]

    def more(self) -> dict[str, Any]:
        """The site."""
        return {"to_site_id": int(self.to_site.data)}


class ExitForm(LifeForm):
    """A departure and what becomes of everything."""

    kind = "exit"
    starts_on = DateField(_l("Day of departure"), [InputRequired(_l("Choose a day."))])
    access = RadioField(_l("Afterwards"), [InputRequired(_l("Choose one of the two."))])
    hours = RadioField(_l("My hours"), [InputRequired(_l("Choose one of the two."))])
    messages = RadioField(_l("What I wrote"), [InputRequired(_l("Choose one of the two."))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access.choices = [choice(key, str(text)) for key, text in words.ACCESS.items()]
        self.hours.choices = [choice(key, str(text)) for key, text in words.HOURS.items()]
        self.messages.choices = [choice(key, str(text)) for key, text in words.MESSAGES.items()]

    def more(self) -> dict[str, Any]:
        """The three choices."""
        return {
            "access": self.access.data,
            "hours": self.hours.data,
            "messages": self.messages.data,
        }


class RefuseForm(Form):
    """Why not."""

    reason = TextAreaField(_l("Why"), [Length(max=REASON_LENGTH)])


class MergeForm(Form):
    """Who is the same person."""

    other = HiddenField()


class EraseForm(Form):
    """The name, typed, so that nobody does this by mistake."""

    typed = StringField(_l("Name of the person"), [Length(max=120)])
