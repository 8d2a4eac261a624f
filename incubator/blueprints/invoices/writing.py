"""What the issuer does: prepare, issue, throw away, register one from elsewhere, take one back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.invoices import words
from incubator.blueprints.invoices.forms import CreditForm, IssueForm, RegisterForm
from incubator.blueprints.invoices.routes import DEAL, INVOICE, LEG, pages
from incubator.blueprints.invoices.views import values_of
from incubator.domain.exchanges.deals import policy, records
from incubator.domain.exchanges.deals import queries as deals
from incubator.domain.exchanges.deals.money import typed_of
from incubator.domain.exchanges.invoices import answering, drafting, queries, registering, rules
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import act, attempt
from incubator.edge.pages import redirect_to, toast
from incubator.edge.refusals import words_for
from incubator.kernel.errors import NotAllowed, Refusal

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.exchanges.deals.models import DealLeg
    from incubator.domain.exchanges.invoices.models import Invoice


@pages.post(
    f"/factures/accords/{DEAL}/{LEG}/preparer",
    en=f"/invoices/deals/{DEAL}/{LEG}/prepare",
    may=members,
)
def prepare(deal_id: int, leg_id: int) -> ResponseReturnValue:
    """Draft the invoice of what was accepted; where the firm said nothing of itself, ask first."""
    reader = actor()
    try:
        draft = act(
            lambda: drafting.prepare(
                reader, deal_id, leg_id, today=today(reader.time_zone), now=now()
            )
        )
    except Refusal as refusal:
        if refusal.code != "invoices.identity":
            raise
        toast(words_for(refusal), "sorry")
        firm_id = policy.side(deals.visible_to(reader, deal_id).own)
        return redirect_to("invoices.identity", firm_id=firm_id, deal=deal_id)
    return redirect_to("invoices.show", invoice_id=draft.id)


@pages.form(f"/factures/{INVOICE}/emettre", en=f"/invoices/{INVOICE}/issue", may=members)
def issue(invoice_id: int) -> ResponseReturnValue:
    """Give a draft its number for good."""
    reader = actor()
    seen = queries.visible_to(reader, invoice_id)
    if not seen.gives:
        raise NotAllowed("deals.not_yours")
    form = IssueForm(obj=seen.invoice)
    form.offer()

    def issued() -> Invoice:
        day = today(reader.time_zone)
        choices = drafting.Choices(
            operation=form.operation.data or "", supplied_on=form.supplied_on.data or day
        )
        return drafting.issue(reader, invoice_id, choices=choices, today=day, now=now())

    invoice = attempt(form, issued)
    if invoice is None:
        return form.page("invoices/issue.html", **values_of(queries.visible_to(reader, invoice_id)))
    toast(_("Issued under the number %(number)s. The other firm is told.", number=invoice.number))
    return redirect_to("invoices.show", invoice_id=invoice_id)


@pages.post(f"/factures/{INVOICE}/jeter", en=f"/invoices/{INVOICE}/discard", may=members)
def discard(invoice_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    deal_id = queries.visible_to(actor(), invoice_id).invoice.deal_id
    act(lambda: drafting.discard(actor(), invoice_id))
    toast(_("The draft is gone."))
    return redirect_to("deals.show", deal_id=deal_id)


@pages.form(
    f"/factures/accords/{DEAL}/{LEG}/enregistrer",
    en=f"/invoices/deals/{DEAL}/{LEG}/register",
    may=members,
)
def register(deal_id: int, leg_id: int) -> ResponseReturnValue:
    """Enter an invoice that was issued elsewhere, to be matched with what was accepted."""
    reader = actor()
    seen = deals.visible_to(reader, deal_id)
    policy.side(seen.own)
    leg = records.leg_of(seen.deal, leg_id)
    form = RegisterForm()
    form.offer()
    day = today(reader.time_zone)
    if not form.is_submitted():
        _propose(form, leg, reader.time_zone)
    invoice = attempt(
        form,
        lambda: registering.register(
            reader, deal_id, leg_id, paper=form.paper(day), today=day, now=now()
        ),
    )
    if invoice is None:
        form.forget()
        return form.page("invoices/register.html", deal=seen.deal, leg=leg, words=words)
    if form.stored and invoice.file_key != form.stored.key:
        form.forget()
    toast(_("Entered. The other firm is told."))
    return redirect_to("invoices.show", invoice_id=invoice.id)


def _propose(form: RegisterForm, leg: DealLeg, zone: str) -> None:
    """Fill in what was accepted: an invoice says the same, or its differences are told."""
    expected = drafting.accepted(leg)
    form.ht.data, form.vat.data = typed_of(expected.ht), typed_of(expected.vat)
    form.ttc.data = typed_of(expected.ttc)
    form.operation.data = "goods" if leg.quantity is not None else "services"
    form.supplied_on.data = drafting.delivered_on(leg, zone)


@pages.form(f"/factures/{INVOICE}/avoir", en=f"/invoices/{INVOICE}/credit-note", may=members)
def take_back(invoice_id: int) -> ResponseReturnValue:
    """Take an invoice back by a credit note."""
    reader = actor()
    seen = queries.visible_to(reader, invoice_id)
    if not seen.gives:
        raise NotAllowed("deals.not_yours")
    form = CreditForm()
    taken = seen.invoice.kind != "invoice" or seen.invoice.status not in rules.TO_TAKE_BACK
    if request.method == "GET" and taken:
        raise NotAllowed("invoices.state")
    made = attempt(
        form,
        lambda: answering.take_back(
            reader,
            invoice_id,
            words=form.words.data or "",
            number=form.number.data or "",
            today=today(reader.time_zone),
            now=now(),
        ),
    )
    if made is None:
        values = values_of(queries.visible_to(reader, invoice_id))
        return form.page("invoices/take_back.html", **values)
    toast(_("Taken back. The delivery can be invoiced anew."))
    return redirect_to("invoices.show", invoice_id=made.id)
