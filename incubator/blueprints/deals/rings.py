"""Other terms for a ring: what each gives to the next, and the one total that all give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from incubator.blueprints.deals import words
from incubator.blueprints.deals.forms import TermsForm, amount, number, text_of
from incubator.blueprints.deals.routes import DEAL, pages
from incubator.blueprints.deals.views import in_turn
from incubator.blueprints.deals.writing import check_talking, freshened
from incubator.domain.exchanges.deals import commands, policy, queries, rules
from incubator.domain.exchanges.deals.money import before_tax, reachable_total, typed_of
from incubator.domain.exchanges.deals.terms import LegTerms, Terms
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import attempt, choice
from incubator.edge.pages import redirect_to, toast
from incubator.kernel.errors import NotFound, Refusal

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.exchanges.deals.models import Deal

# As many as a ring may have.
LEGS: Final = ("leg1", "leg2", "leg3", "leg4")


class RingForm(TermsForm):
    """Terms of a ring; each of ``LEGS`` has its own fields, «leg1_title» and so on."""

    total = StringField(_l("What each gives, with tax, in euros"))

    def offer(self) -> None:
        """Let the writer choose rates."""
        for leg in LEGS:
            field: Any = self[f"{leg}_vat"]
            field.choices = [choice(code, str(told)) for code, told in words.RATES.items()]

    def show_terms(self, deal: Deal, wish: Terms, zone: str) -> None:
        """Fill in the terms of a deal."""
        self.show_end(deal, zone)
        self.total.data = typed_of(max(leg.amounts.ttc for leg in wish.legs))
        for name, leg in zip(LEGS, wish.legs, strict=False):
            self[f"{name}_title"].data = leg.title
            self[f"{name}_details"].data = leg.details
            self[f"{name}_quantity"].data = "" if leg.quantity is None else str(leg.quantity)
            self[f"{name}_unit"].data = leg.unit
            self[f"{name}_vat"].data = "" if leg.vat_bp is None else str(leg.vat_bp)
            self[f"{name}_due"].data = leg.due_on

    def wish(self, before: Terms) -> Terms:
        """What was typed, between the firms as they stand; Refusal beside the field of a total.

        Raise Refusal ``deals.no_split`` where no amount before tax comes to that total.
        """
        rates = [self._rate(name) for name, _leg in zip(LEGS, before.legs, strict=False)]
        total = amount(self.total)
        if any(before_tax(total, rate) is None for rate in rates):
            near = typed_of(reachable_total(max(total, 1), rates))
            raise Refusal("deals.no_split", field="total", near=near)
        legs = tuple(
            self._leg(name, leg, total) for name, leg in zip(LEGS, before.legs, strict=False)
        )
        return Terms(legs=legs, kind="ring")

    def _rate(self, name: str) -> int | None:
        typed = text_of(self[f"{name}_vat"])
        return int(typed) if typed else None

    def _leg(self, name: str, leg: LegTerms, total: int) -> LegTerms:
        rate = self._rate(name)
        return LegTerms(
            giver_id=leg.giver_id,
            receiver_id=leg.receiver_id,
            title=text_of(self[f"{name}_title"]),
            details=text_of(self[f"{name}_details"]),
            quantity=number(text_of(self[f"{name}_quantity"]), f"{name}_quantity"),
            unit=text_of(self[f"{name}_unit"]),
            skill_id=leg.skill_id,
            listing_id=leg.listing_id,
            ht_cents=before_tax(total, rate) or 0,
            vat_bp=rate,
            due_on=self[f"{name}_due"].data,
            slot=name,
        )


def _add(name: str) -> None:
    """Give the form the fields of a leg."""
    fields = {
        "title": StringField(_l("What")),
        "details": TextAreaField(_l("Details")),
        "quantity": StringField(_l("Quantity")),
        "unit": StringField(_l("Unit")),
        "vat": SelectField(_l("VAT"), default="2000"),
        "due": DateField(_l("Delivered by"), [Optional()]),
    }
    for part, field in fields.items():
        setattr(RingForm, f"{name}_{part}", field)


for _name in LEGS:
    _add(_name)


@pages.form(f"/accords/{DEAL}/boucle", en=f"/deals/{DEAL}/ring", may=members)
def ring(deal_id: int) -> ResponseReturnValue:
    """Answer with other terms of a ring, or word one's own anew."""
    reader = actor()
    seen = queries.visible_to(reader, deal_id)
    deal = seen.deal
    if deal.kind != "ring":
        raise NotFound("deals.deal")
    policy.side(seen.own)
    check_talking(deal)
    form, before = RingForm(), queries.terms_of(deal)
    form.offer()
    if not form.is_submitted():
        form.show_terms(deal, before, reader.time_zone)
    seen_hash = form.seen.data or ""

    def counter() -> Deal:
        return commands.counter(
            reader,
            deal_id,
            wish=form.wish(before),
            seen_hash=seen_hash,
            until=form.last_instant(reader.time_zone),
            now=now(),
        )

    if attempt(form, counter) is None:
        return _page(form, deal_id, seen_hash)
    toast(_("Sent. Signatures given to the terms before hold no more."))
    return redirect_to("deals.show", deal_id=deal_id)


def _page(form: RingForm, deal_id: int, seen_hash: str) -> ResponseReturnValue:
    seen = queries.visible_to(actor(), deal_id)
    changes = freshened(form, seen, seen_hash)
    return form.page(
        "deals/ring.html",
        deal=seen.deal,
        changes=changes,
        legs=list(zip(LEGS, seen.deal.legs, strict=False)),
        firms={party.firm_id: party.firm for party in in_turn(seen.deal)},
        most=rules,
        words=words,
    )
