"""Shapes of what is typed about listings."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.validators import Optional

from incubator.blueprints.exchanges.words import MODES, RADII, VISIBILITIES
from incubator.domain.exchanges.listings import rules
from incubator.domain.exchanges.listings.amounts import cents_of, typed_of
from incubator.edge.forms import Form, choice
from incubator.edge.numbers import natural, whole
from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.domain.exchanges.listings.models import Listing
    from incubator.network.members.actor import Actor
    from incubator.network.members.firm_models import Firm
    from incubator.network.sites.queries import Place

LONGEST_NUMBER = 7


class ListingForm(Form):
    """A listing: what, of which skills, how much, where, against what, until when."""

    firm = SelectField(_l("Firm"), coerce=str)
    title = StringField(_l("Title"))
    body = TextAreaField(_l("Description"))
    skills = SelectMultipleField(
        _l("Skills"),
        coerce=whole,
        choices=[],
        validate_choice=False,
        widget=widgets.ListWidget(),
        option_widget=widgets.CheckboxInput(),
    )
    quantity = StringField(_l("Quantity"))
    unit = StringField(_l("Unit"))
    min_euros = StringField(_l("From (euros before tax)"))
    max_euros = StringField(_l("To (euros before tax)"))
    modes = SelectMultipleField(
        _l("Against what?"),
        choices=[choice(code, f"{mode.name}") for code, mode in MODES.items()],
        validate_choice=False,
        widget=widgets.ListWidget(),
        option_widget=widgets.CheckboxInput(),
    )
    site = SelectField(_l("Where"), coerce=str)
    radius_km = SelectField(_l("Distance"), default=str(rules.USUAL_RADIUS))
    remote = BooleanField(_l("It can be done remotely"))
    until = DateField(_l("Until"), [Optional()])
    visibility = RadioField(_l("Who may read it"), default="network")
    language = RadioField(_l("Language of the listing"))
    files = MultipleFileField(_l("Photos"))

    def offer(self, reader: Actor, firms: Sequence[Firm], places: Sequence[Place]) -> None:
        """Let the reader choose among their firms and the open sites."""
        self.firm.choices = [choice(str(firm.id), firm.name) for firm in firms]
        self.site.choices = [choice(str(place.id), place.city) for place in places]
        self.radius_km.choices = [choice(code, str(words)) for code, words in RADII.items()]
        self.visibility.choices = [choice(code, str(told)) for code, told in VISIBILITIES.items()]
        self.modes.choices = [choice(code, str(mode.name)) for code, mode in MODES.items()]
        self.language.choices = [choice("fr", "Français"), choice("en", "English")]
        if not self.is_submitted():
            self.language.data = self.language.data or reader.language
            self.site.data = self.site.data or str(reader.home_site_id or "")

    def show(self, listing: Listing, zone: str) -> None:
        """Fill in what a listing says."""
        self.title.data, self.body.data = listing.title, listing.body_md
        self.firm.data, self.site.data = str(listing.firm_id), str(listing.site_id)
        self.skills.data = [each.skill_id for each in listing.skills]
        self.quantity.data = "" if listing.quantity is None else str(listing.quantity)
        self.unit.data = listing.unit
        self.min_euros.data = typed_of(listing.min_cents)
        self.max_euros.data = typed_of(listing.max_cents)
        self.modes.data = list(listing.modes)
        self.remote.data = listing.remote
        self.radius_km.data = "" if listing.radius_km is None else str(listing.radius_km)
        self.visibility.data, self.language.data = listing.visibility, listing.language
        if listing.until is not None:
            last = listing.until - timedelta(microseconds=1)
            self.until.data = last.astimezone(ZoneInfo(zone)).date()

    def terms(self, zone: str) -> rules.Terms:
        """What was typed; Refusal beside the field of a number or an amount that is none."""
        return rules.Terms(
            title=_text(self.title),
            body=_text(self.body),
            skill_ids=tuple(self.skills.data or ()),
            quantity=self._number(),
            unit=_text(self.unit),
            min_cents=cents_of(_text(self.min_euros), "min_euros"),
            max_cents=cents_of(_text(self.max_euros), "max_euros"),
            site_id=int(self.site.data),
            remote=bool(self.remote.data),
            radius_km=int(self.radius_km.data) if self.radius_km.data else None,
            modes=frozenset(self.modes.data or ()),
            until=self._until(zone),
            visibility=str(self.visibility.data or ""),
            language=str(self.language.data or ""),
        )

    def _until(self, zone: str) -> datetime | None:
        """The end of the day that was chosen, where the writer lives."""
        if self.until.data is None:
            return None
        try:
            after = self.until.data + timedelta(days=1)
        except OverflowError:
            raise Refusal("listings.until", field="until") from None
        return datetime.combine(after, time(0), ZoneInfo(zone))

    def _number(self) -> int | None:
        typed = "".join(_text(self.quantity).split())
        if not typed:
            return None
        number = natural(typed, digits=LONGEST_NUMBER)
        if number is None:
            raise Refusal("listings.quantity", field="quantity")
        return number


class ReasonForm(Form):
    """Why a manager withdraws a listing."""

    reason = TextAreaField(_l("Reason"))


class SearchForm(Form):
    """The name of a search to keep."""

    name = StringField(_l("Name of this search"))


def _text(field: Any) -> str:
    return str(field.data or "").replace("\0", "")
