"""The books of a firm: who it is on invoices, its entries, its year file, days that are closed."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import date, timedelta
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, Final

from flask import Response, request, send_file
from flask_babel import gettext as _

from incubator.blueprints.invoices import printed, words
from incubator.blueprints.invoices.forms import CloseForm, IdentityForm
from incubator.blueprints.invoices.routes import FIRM, pages
from incubator.domain.exchanges.invoices import entries, exporting, identities, numbering
from incubator.domain.exchanges.invoices.models import FOLDER
from incubator.edge import spreadsheets
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import act, attempt
from incubator.edge.locale import time_zone
from incubator.edge.numbers import natural
from incubator.edge.pages import redirect_to, toast
from incubator.edge.state import settings
from incubator.kernel.errors import NotFound
from incubator.kernel.stored_files import file_path
from incubator.kernel.text import slugify

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.typing import ResponseReturnValue

    from incubator.domain.exchanges.invoices.exporting import Taken
    from incubator.domain.exchanges.invoices.identity_rules import Details
    from incubator.domain.exchanges.invoices.models import Invoice

FIRST_YEAR: Final = 2000
# A ZIP knows no earlier instant: the same content gives the same file.
_AN_INSTANT: Final = (1980, 1, 1, 0, 0, 0)
IN_MEMORY: Final = 4 * 1024 * 1024


@pages.form(
    f"/factures/entreprises/{FIRM}/coordonnees", en=f"/invoices/firms/{FIRM}/details", may=members
)
def identity(firm_id: int) -> ResponseReturnValue:
    """Who the firm is on its invoices."""
    reader = actor()
    firm = identities.firm_kept_by(reader, firm_id, now=now())
    known = identities.identity_of(firm_id)
    form = IdentityForm(obj=known or identities.proposed_for(firm))
    form.offer()

    def said() -> Details:
        return identities.identify(reader, firm_id, typed=form.details(), now=now())

    if attempt(form, said) is None:
        return form.page("invoices/identity.html", firm=firm, known=known)
    toast(_("Noted: invoices say so from now on."))
    deal_id = natural(request.args.get("deal"))
    if deal_id is not None:
        return redirect_to("deals.show", deal_id=deal_id)
    return redirect_to("invoices.books", firm_id=firm_id)


@pages.form(
    f"/factures/entreprises/{FIRM}/comptes", en=f"/invoices/firms/{FIRM}/books", may=members
)
def books(firm_id: int) -> ResponseReturnValue:
    """Entries and year files to take, and the day until which the books are closed."""
    reader = actor()
    firm = identities.firm_kept_by(reader, firm_id, now=now())
    day = today(reader.time_zone)
    form = CloseForm()
    if not form.is_submitted():
        form.until.data = day.replace(day=1) - timedelta(days=1)

    def closed() -> bool:
        until = form.until.data or day
        numbering.close(reader, firm_id, until=until, today=day, now=now())
        return True

    if attempt(form, closed) is None:
        return form.page(
            "invoices/books.html",
            firm=firm,
            known=identities.identity_of(firm_id),
            closed=numbering.closed_until(firm_id),
            since=day.replace(month=1, day=1),
            until=day,
            words=words,
        )
    toast(_("Closed."))
    return redirect_to("invoices.books", firm_id=firm_id)


@pages.get(
    f"/factures/entreprises/{FIRM}/ecritures.csv",
    en=f"/invoices/firms/{FIRM}/entries.csv",
    may=members,
)
def entries_csv(firm_id: int) -> ResponseReturnValue:
    """The entries of a period for the accountant, in the words and commas of French books."""
    day = today(actor().time_zone)
    since = _day("since", day.replace(month=1, day=1))
    until = _day("until", day)
    taken = _taken(firm_id, (since, until), "entries")
    return _table(taken, f"ecritures-{slugify(taken.firm.name)}-{since}-{until}")


@pages.get(
    f"/factures/entreprises/{FIRM}/annees/<int:year>.zip",
    en=f"/invoices/firms/{FIRM}/years/<int:year>.zip",
    may=members,
)
def year_zip(firm_id: int, year: int) -> ResponseReturnValue:
    """The year of a firm in one file: entries, papers, and what is in it with its sums."""
    if not FIRST_YEAR <= year <= today(actor().time_zone).year:
        raise NotFound("invoices.invoice")
    taken = _taken(firm_id, (date(year, 1, 1), date(year, 12, 31)), "year")
    name = f"annee-{year}-{slugify(taken.firm.name)}"
    made = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - sent, then closed by the answer
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        told = []
        for path, content in _contents(taken):
            archive.writestr(zipfile.ZipInfo(path, _AN_INSTANT), content, zipfile.ZIP_DEFLATED)
            digest = hashlib.sha256(content).hexdigest()
            told.append({"path": path, "bytes": len(content), "sha256": digest})
        manifest: dict[str, Any] = {"firm": taken.firm.name, "year": year, "files": told}
        plain = json.dumps(manifest, ensure_ascii=False, indent=1)
        archive.writestr(zipfile.ZipInfo("contenu.json", _AN_INSTANT), plain)
    made.seek(0)
    return send_file(
        made, mimetype="application/zip", as_attachment=True, download_name=f"{name}.zip"
    )


def _taken(firm_id: int, days: tuple[date, date], what: str) -> Taken:
    since, until = days
    return act(
        lambda: exporting.take(actor(), firm_id, since=since, until=until, what=what, now=now())
    )


def _day(name: str, usual: date) -> date:
    try:
        return date.fromisoformat(request.args[name])
    except (KeyError, ValueError):
        return usual


def _table(taken: Taken, name: str) -> Response:
    rows = (entries.row(line) for line in taken.lines)
    return spreadsheets.answer(name, entries.HEADER, rows, kind="csv-fr", zone=time_zone())


def _contents(taken: Taken) -> Iterator[tuple[str, bytes]]:
    yield "ecritures.csv", _table(taken, "ecritures").get_data()
    for invoice in taken.invoices:
        side = "emises" if invoice.issuer_id == taken.firm.id else "recues"
        yield f"{side}/{invoice.id}-{printed.name_of(invoice)}.pdf", _paper(invoice)


def _paper(invoice: Invoice) -> bytes:
    """The file that came with an invoice, else the one we print."""
    path = file_path(invoice.file_key or "", settings().uploads_dir / FOLDER)
    if path is not None:
        return path.read_bytes()
    buffer = BytesIO()
    printed.paper_of(invoice).output(buffer)
    return buffer.getvalue()
