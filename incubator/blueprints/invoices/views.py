"""The invoices of my firms, one invoice, the file that came with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request, send_file

from incubator.blueprints.invoices import words
from incubator.blueprints.invoices.routes import INVOICE, pages
from incubator.domain.exchanges.deals import queries as deals
from incubator.domain.exchanges.invoices import (
    agreeing,
    crediting,
    identities,
    queries,
    registering,
    rules,
)
from incubator.domain.exchanges.invoices.models import FOLDER
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.pages import render
from incubator.edge.state import settings
from incubator.kernel.errors import NotFound
from incubator.kernel.keyset import Cursor
from incubator.kernel.stored_files import TYPES, file_path

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.exchanges.invoices.queries import Seen


@pages.get("/factures", en="/invoices", may=members)
def index() -> ResponseReturnValue:
    """The invoices of my firms, given and received, the newest first."""
    reader = actor()
    view = request.args.get("view", "all")
    view = view if view in words.VIEWS else "all"
    cursor = Cursor(
        after=request.args.get("after"),
        before=request.args.get("before"),
        size=queries.PAGE_SIZE,
    )
    firms = deals.firms_of(reader.id)
    return render(
        "invoices/index.html",
        page=queries.page_for(reader, view, cursor),
        firms=firms,
        own={firm.id for firm in firms},
        known=identities.identities_of([firm.id for firm in firms]),
        view=view,
        words=words,
    )


@pages.get(f"/factures/{INVOICE}", en=f"/invoices/{INVOICE}", may=members)
def show(invoice_id: int) -> ResponseReturnValue:
    """An invoice as it is or will be, and what one may do with it."""
    return render("invoices/show.html", **values_of(queries.visible_to(actor(), invoice_id)))


def values_of(seen: Seen) -> dict[str, Any]:
    """What a page about an invoice shows its reader."""
    invoice = seen.invoice
    deal = deals.whole(invoice.deal_id)
    leg = next(each for each in deal.legs if each.id == invoice.leg_id)
    credit = queries.credit_of(invoice.id)
    return {
        "seen": seen,
        "invoice": invoice,
        "deal": deal,
        "firms": {party.firm_id: party.firm for party in deal.parties},
        "credit": credit,
        "credited": crediting.lines_of(invoice.id),
        "set_off_by": queries.set_off_by(invoice.id),
        "in_euros": agreeing.is_for_euros(deal, invoice),
        "soulte_first": agreeing.awaits_soulte(deal, invoice),
        "by_soulte": agreeing.by_soulte(deal, invoice),
        "untouched": agreeing.is_untouched(deal, invoice),
        "differences": registering.differences(invoice, leg),
        "rules": rules,
        "words": words,
    }


@pages.get(f"/factures/{INVOICE}/fichier", en=f"/invoices/{INVOICE}/file", may=members)
def file(invoice_id: int) -> ResponseReturnValue:
    """The file of an invoice issued elsewhere, always as a file: nothing of it runs here."""
    invoice = queries.visible_to(actor(), invoice_id).invoice
    path = file_path(invoice.file_key or "", settings().uploads_dir / FOLDER)
    if path is None:
        raise NotFound("invoices.invoice")
    return send_file(
        path,
        mimetype=TYPES["pdf"],
        as_attachment=True,
        download_name=invoice.file_name,
        etag=invoice.sha256,
    )
