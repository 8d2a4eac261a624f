"""Shapes of what is typed about deals."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from incubator.blueprints.deals import words
from incubator.domain.exchanges.deals import rules, terms
from incubator.domain.exchanges.deals.money import cents_of, typed_of
from incubator.domain.exchanges.deals.origins import Origin
from incubator.domain.exchanges.deals.terms import LegTerms, Terms
from incubator.edge.forms import Form, choice
from incubator.edge.numbers import natural
from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from flask_babel.speaklater import LazyString

    from incubator.domain.exchanges.deals.models import Deal
    from incubator.domain.exchanges.deals.origins import Seed
    from incubator.network.members.firm_models import Firm

SLOTS: Final = ("give1", "take1", "give2", "take2")
LONGEST_NUMBER: Final = 7


class TermsForm(Form):
    """Until when terms may be signed, and which the writer has seen."""

    until = DateField(_l("To be signed until"), [Optional()])
    seen = HiddenField()

    def last_instant(self, zone: str) -> datetime | None:
        """The end of the day until which it may be signed, where the writer lives."""
        if self.until.data is None:
            return None
        try:
            after = self.until.data + timedelta(days=1)
        except OverflowError:
            raise Refusal("deals.until", field="until", most=180) from None
        return datetime.combine(after, time(0), ZoneInfo(zone))

    def show_end(self, deal: Deal, zone: str) -> None:
        """Fill in what the writer sees: these terms, and the last day to sign them."""
        self.seen.data = deal.terms_hash
        last = deal.expires_at - timedelta(microseconds=1)
        self.until.data = last.astimezone(ZoneInfo(zone)).date()


class DealForm(TermsForm):
    """Terms: what my firm gives and receives, for how much, until when it may be signed.

    Each of ``SLOTS`` has its own fields, «give1_title» and so on; an empty one is left out.
    """

    firm = SelectField(_l("Your firm"), coerce=str)
    partner = SelectField(_l("With which firm"), coerce=str)
    soulte = BooleanField(_l("A payment in euros covers the difference"))
    credit = BooleanField(_l("The difference goes on mutual credit"))
    listing = HiddenField()

    def offer(self, own: Sequence[Firm], partners: Sequence[Firm]) -> None:
        """Let the reader choose among their firms and the others of the network."""
        self.firm.choices = [choice(str(firm.id), firm.name) for firm in own]
        self.partner.choices = [choice("", "")]
        self.partner.choices += [choice(str(firm.id), firm.name) for firm in partners]
        for slot in SLOTS:
            self._offer(f"{slot}_mode", words.MODES)
            self._offer(f"{slot}_vat", words.RATES)

    def _offer(self, name: str, known: Mapping[str, LazyString]) -> None:
        field: Any = self[name]
        field.choices = [choice(code, str(told)) for code, told in known.items()]

    def show(self, deal: Deal, wish: Terms, *, firm_id: int, zone: str) -> None:
        """Fill in the terms of a deal, as one firm sees them."""
        self.show_end(deal, zone)
        self.soulte.data = wish.soulte is not None
        self.credit.data = wish.kind == "credit"
        free = list(SLOTS)
        for leg in wish.legs:
            way = "give" if leg.giver_id == firm_id else "take"
            slot = next(each for each in free if each.startswith(way))
            free.remove(slot)
            for name, value in _typed(leg).items():
                self[f"{slot}_{name}"].data = value

    def begin_abroad(self, firm_ids: Collection[int]) -> None:
        """Begin without French VAT on what firms outside France give: these of the two."""
        for slot in SLOTS:
            firm = self.firm if slot.startswith("give") else self.partner
            if firm.data in map(str, firm_ids):
                self[f"{slot}_vat"].data = "0"

    def begin(self, seed: Seed) -> None:
        """Fill in what a listing says, and the firm of which it is."""
        said, slot = seed.listing, slot_of(seed)
        self.listing.data = str(said.id)
        (self.firm if seed.own else self.partner).data = str(said.firm_id)
        self[f"{slot}_title"].data = said.title[: rules.TITLE_MOST]
        self[f"{slot}_quantity"].data = "" if said.quantity is None else str(said.quantity)
        self[f"{slot}_unit"].data = said.unit
        self[f"{slot}_mode"].data = seed.mode
        least = said.min_cents if seed.mode != "gift" else None
        self[f"{slot}_ht"].data = typed_of(least) if least else ""

    def wish(
        self, firm_id: int, partner_id: int, origins: Mapping[str, Origin] | None = None
    ) -> Terms:
        """What was typed; Refusal beside the field of a number that is none."""
        legs = tuple(
            self._leg(slot, (firm_id, partner_id), (origins or {}).get(slot, Origin()))
            for slot in SLOTS
            if self._filled(slot)
        )
        bare = Terms(legs=legs)
        if self.credit.data and self.soulte.data:
            raise Refusal("deals.either", field="credit")
        if self.credit.data and legs:
            return terms.on_credit(bare)
        if not self.soulte.data or not legs:
            return bare
        return Terms(legs=legs, soulte=terms.covering(bare))

    def _filled(self, slot: str) -> bool:
        return any(text_of(self[f"{slot}_{name}"]) for name in ("title", "ht", "details"))

    def _leg(self, slot: str, firms: tuple[int, int], origin: Origin) -> LegTerms:
        giver, receiver = firms if slot.startswith("give") else firms[::-1]
        bp = text_of(self[f"{slot}_vat"])
        mode = text_of(self[f"{slot}_mode"])
        return LegTerms(
            giver_id=giver,
            receiver_id=receiver,
            title=text_of(self[f"{slot}_title"]),
            mode=mode,
            details=text_of(self[f"{slot}_details"]),
            quantity=number(text_of(self[f"{slot}_quantity"]), f"{slot}_quantity"),
            unit=text_of(self[f"{slot}_unit"]),
            skill_id=origin.skill_id,
            listing_id=origin.listing_id,
            ht_cents=cents_of(text_of(self[f"{slot}_ht"]), f"{slot}_ht") or 0,
            vat_bp=int(bp) if bp else None,
            due_on=self[f"{slot}_due"].data,
            slot=slot,
        )


def slot_of(seed: Seed) -> str:
    """The fields that a listing fills."""
    return "give1" if seed.gives else "take1"


def _add(slot: str) -> None:
    """Give the form the fields of a slot."""
    fields = {
        "title": StringField(_l("What")),
        "details": TextAreaField(_l("Details")),
        "quantity": StringField(_l("Quantity")),
        "unit": StringField(_l("Unit")),
        "mode": SelectField(_l("How"), default="barter"),
        "ht": StringField(_l("Worth before tax, in euros")),
        "vat": SelectField(_l("VAT"), default="2000"),
        "due": DateField(_l("Delivered by"), [Optional()]),
    }
    for name, field in fields.items():
        setattr(DealForm, f"{slot}_{name}", field)


for _slot in SLOTS:
    _add(_slot)


class SignForm(Form):
    """A signature under the terms that stand above it."""

    seen = HiddenField()
    agreed = BooleanField(_l("I have read these terms and sign them for my firm"))


class WordsForm(Form):
    """Why not."""

    words = TextAreaField(_l("A word about why"))


class PaidForm(Form):
    """That a payment came."""

    ref = StringField(_l("Reference of the payment"))


class ContestForm(Form):
    """What is not as agreed, and what one accepts all the same."""

    reason = TextAreaField(_l("What is not as agreed?"))
    cents = StringField(_l("How much of it do you accept, with tax, in euros?"))


class NeverCameForm(Form):
    """What one waits for in vain."""

    reason = TextAreaField(_l("What did you expect, and what did the other firm say?"))


class AmountForm(Form):
    """What one says in a dispute, and the amount one finds right."""

    words = TextAreaField(_l("What do you say about it?"))
    cents = StringField(_l("The amount you find right, with tax, in euros"))


def amount(field: Any) -> int:
    """The cents of an amount that must be there; Refusal ``deals.amount`` beside it."""
    cents = cents_of(text_of(field), field.name)
    if cents is None:
        raise Refusal("deals.amount", field=field.name)
    return cents


def _typed(leg: LegTerms) -> dict[str, Any]:
    return {
        "title": leg.title,
        "details": leg.details,
        "quantity": "" if leg.quantity is None else str(leg.quantity),
        "unit": leg.unit,
        "mode": leg.mode,
        "ht": typed_of(leg.ht_cents) if leg.ht_cents else "",
        "vat": "" if leg.vat_bp is None else str(leg.vat_bp),
        "due": leg.due_on,
    }


def number(typed: str, field: str) -> int | None:
    """A whole number, None of nothing typed; Refusal ``deals.quantity`` beside the field."""
    bare = "".join(typed.split())
    if not bare:
        return None
    found = natural(bare, digits=LONGEST_NUMBER)
    if found is None:
        raise Refusal("deals.quantity", field=field)
    return found


def text_of(field: Any) -> str:
    """What a field holds, as a text."""
    return str(field.data or "")
