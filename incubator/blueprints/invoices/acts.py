"""What a firm does with an invoice it received, or that was paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from incubator.blueprints.invoices.forms import ContestForm
from incubator.blueprints.invoices.routes import INVOICE, pages
from incubator.blueprints.invoices.views import values_of
from incubator.domain.exchanges.invoices import answering, queries
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import redirect_to, toast
from incubator.kernel.errors import NotAllowed

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@pages.post(f"/factures/{INVOICE}/recevoir", en=f"/invoices/{INVOICE}/receive", may=members)
def receive(invoice_id: int) -> ResponseReturnValue:
    """Say that an invoice is right."""
    act(lambda: answering.receive(actor(), invoice_id, now=now()))
    toast(_("Accepted."))
    return redirect_to("invoices.show", invoice_id=invoice_id)


@pages.form(f"/factures/{INVOICE}/contester", en=f"/invoices/{INVOICE}/contest", may=members)
def contest(invoice_id: int) -> ResponseReturnValue:
    """Say why an invoice is not right."""
    seen = queries.visible_to(actor(), invoice_id)
    if not seen.receives:
        raise NotAllowed("deals.not_yours")
    form = ContestForm()

    def contested() -> bool:
        answering.contest(actor(), invoice_id, words=form.words.data or "", now=now())
        return True

    if attempt(form, contested) is None:
        values = values_of(queries.visible_to(actor(), invoice_id))
        return form.page("invoices/contest.html", **values)
    toast(_("Contested. The other firm is told."))
    return redirect_to("invoices.show", invoice_id=invoice_id)


@pages.post(f"/factures/{INVOICE}/payee", en=f"/invoices/{INVOICE}/paid", may=members)
def paid(invoice_id: int) -> ResponseReturnValue:
    """Say that what is left of an invoice came in euros."""
    act(lambda: answering.note_paid(actor(), invoice_id, now=now()))
    toast(_("Noted: the payment came."))
    return redirect_to("invoices.show", invoice_id=invoice_id)
