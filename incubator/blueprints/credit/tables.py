"""The accounts of one's sites as a table, for who runs them; amounts as spreadsheets read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.credit.asking import asked_view
from incubator.blueprints.credit.routes import ROOT, ROOT_EN, pages
from incubator.domain.exchanges.ledger import desk as desks
from incubator.edge import spreadsheets
from incubator.edge.access import managers
from incubator.edge.actor import actor
from incubator.edge.clock import today
from incubator.edge.locale import language, time_zone

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


def amount(cents: int) -> str:
    """Cents as euros with the decimal sign of the reader's language."""
    sign = "," if language() == "fr" else "."
    whole, part = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}{sign}{part:02d}"


def sides(cents: int) -> tuple[str, str]:
    """What was given and what was received, one of them empty; of nothing both are."""
    told = amount(abs(cents)) if cents else ""
    return (told, "") if cents >= 0 else ("", told)


@pages.get(f"{ROOT}/gestion.csv", en=f"{ROOT_EN}/desk.csv", may=managers)
def desk_csv() -> ResponseReturnValue:
    """The accounts that the desk lists, all pages of it in one table."""
    reader = actor()
    asked = asked_view(reader)
    header = (
        _("Firm"),
        _("Site"),
        _("Balance given (€)"),
        _("Balance received (€)"),
        _("Kept free (€)"),
        _("Line (€)"),
        _("Left (€)"),
        _("Upper limit (€)"),
        _("Account frozen"),
        _("Below zero since"),
        _("Left on"),
    )
    rows: list[tuple[spreadsheets.Cell, ...]] = []
    for row in desks.listed(reader, view=asked.view, site_id=asked.site_id):
        state, limits = row.held.state, row.held.state.limits
        rows.append(
            (
                row.firm,
                row.site,
                *sides(state.balance),
                amount(state.reserved),
                amount(-limits.lower),
                amount(state.available),
                "" if limits.upper is None else amount(limits.upper),
                _("yes") if limits.frozen else "",
                row.held.negative_since,
                row.held.closed_at,
            )
        )
    name = f"credit-accounts-{today(reader.time_zone).isoformat()}"
    kind = request.args.get("kind", "")
    return spreadsheets.answer(name, header, rows, kind=kind, zone=time_zone())
